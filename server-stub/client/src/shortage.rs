//! Too few lines in the journal: what was waited for, and what came instead.
//!
//! A test that waits in vain usually waits for the wrong path or client, so what is shown is the whole journal's end, not only the
//! lines that pass.

use std::fmt;

use tidegate_contract::{End, Journal, JournalEntry, JournalQuery};

/// Lines shown: as many as a terminal has.
const MOST: usize = 20;

/// Fewer lines than were waited for.
#[derive(Clone, Debug, PartialEq)]
pub struct Shortage {
    /// What was waited for, and how many.
    pub query: JournalQuery,
    /// The lines that passed.
    pub found: Journal,
    /// The journal as it was then, every line of it that is still kept.
    pub journal: Journal,
}

impl fmt::Display for Shortage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shortage {
            query,
            found,
            journal,
        } = self;
        let limit = query.timeout_ms;
        let limit = limit.unwrap_or(JournalQuery::DEFAULT_TIMEOUT_MS);
        let (wanted, came) = (query.wait_for, found.entries.len());
        let asked = query.to_path();
        writeln!(
            f,
            "{came} of {wanted} lines came within {limit} ms: look at what came instead, or wait for longer with timeout_ms"
        )?;
        writeln!(f, "  asked for: {asked}")?;
        let entries = &journal.entries;
        let hidden = entries.len().saturating_sub(MOST);
        if entries.is_empty() {
            return write!(
                f,
                "  the journal is empty: nothing has arrived at this space"
            );
        }
        write!(f, "  the journal (* passes):")?;
        if hidden > 0 {
            write!(f, " {hidden} earlier lines and")?;
        }
        for entry in &entries[hidden..] {
            let mark = if query.passes(entry) { '*' } else { ' ' };
            write!(f, "\n  {mark} {}", Shown(entry))?;
        }
        Ok(())
    }
}

/// One line of the journal as a person reads it.
struct Shown<'a>(&'a JournalEntry);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = self.0;
        write!(f, "#{} {} ms, {}", entry.seq, entry.at_ms, entry.client)?;
        write!(f, ": {}", entry.kind.name())?;
        for part in [&*entry.method, &*entry.path] {
            if !part.is_empty() {
                write!(f, " {part}")?;
            }
        }
        if let Some(text) = &entry.text {
            write!(f, " {text}")?;
        }
        if !entry.faults.is_empty() {
            write!(f, " [{}]", entry.faults.join(", "))?;
        }
        match entry.end {
            End::Answered { status, took_ms } => write!(f, " -> {status} after {took_ms} ms"),
            End::ClientGone { took_ms } => write!(f, " -> client gone after {took_ms} ms"),
            End::Closed { code, by_client } => {
                let by = if by_client { "client" } else { "stub" };
                write!(f, " -> closed with {code} by the {by}")
            }
            End::Cut { took_ms } => write!(f, " -> cut after {took_ms} ms"),
            End::Frame => Ok(()),
            End::Pending => write!(f, " -> pending"),
        }
    }
}
