//! An entry as text, which is how it is stored. A line says one thing; a release that does not know a line keeps it and writes it back, so
//! that neither an upgrade nor a step back loses a queued write. Later releases add lines, never words to a line.
//!
//! ```text
//! tidegate write 1 <sum of all that follows>
//! id 7
//! owner u-17
//! lane https://api.example/assets
//! send POST https://api.example/assets
//! key 5f0c…
//! repeatable
//! bytes 120
//! queued <ms since 1970>
//! attempts 1
//! state resting <since> <until> overload
//! after 5
//! take 5 {asset} data.id
//!
//! content-type: application/json
//! ```

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Write as _;

use super::after::{After, Take};
use super::classify::RestCause;
use super::entry::{Entry, EntryId};
use super::seal::{escaped, plain, sealed, unsealed};
use super::state::{DeadReason, EntryState, State};
use crate::time::Wall;

const KIND: &str = "write";

impl Entry {
    /// As it is stored.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "id {}\nowner {}\nlane {}\nsend {} {}\nkey {}\nbytes {}\nqueued {}\nstate {}\n",
            self.id,
            escaped(&self.owner),
            escaped(&self.lane),
            escaped(&self.method),
            escaped(&self.url),
            escaped(&self.key),
            self.bytes,
            self.queued.0,
            state_text(&self.state),
        );
        for (name, holds) in [("repeatable", self.repeatable), ("merges", self.merges)] {
            if holds {
                let _ = writeln!(text, "{name}");
            }
        }
        for (name, count) in [
            ("attempts", self.attempts),
            ("failures", self.failures),
            ("unreached", self.unreached),
            ("lost", self.lost),
            ("busy", self.busy),
        ] {
            if count > 0 {
                let _ = writeln!(text, "{name} {count}");
            }
        }
        for After { id, takes } in &self.after {
            let _ = writeln!(text, "after {id}");
            for Take { placeholder, field } in takes {
                let (placeholder, field) = (escaped(placeholder), escaped(field));
                let _ = writeln!(text, "take {id} {placeholder} {field}");
            }
        }
        for (placeholder, value) in &self.taken {
            let _ = writeln!(text, "taken {} {}", escaped(placeholder), escaped(value));
        }
        for line in &self.others {
            let _ = writeln!(text, "{line}");
        }
        text.push('\n');
        for (name, value) in &self.fields {
            let _ = writeln!(text, "{}: {}", escaped(name), escaped(value));
        }
        sealed(KIND, &text)
    }

    /// What was stored; `None` when it is not whole, or of a release that writes in another way. It is then left where it is.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Entry> {
        let (lines, fields) = unsealed(KIND, text)?.split_once("\n\n")?;
        let mut entry = blank();
        let mut state = None;
        for line in lines.split('\n') {
            let (name, value) = line.split_once(' ').unwrap_or((line, ""));
            match name {
                "id" => entry.id = EntryId(value.parse().ok()?),
                "owner" => entry.owner = plain(value),
                "lane" => entry.lane = plain(value),
                "send" => {
                    let (method, url) = value.split_once(' ')?;
                    entry.method = plain(method);
                    entry.url = plain(url);
                }
                "key" => entry.key = plain(value),
                "bytes" => entry.bytes = value.parse().ok()?,
                "queued" => entry.queued = Wall(value.parse().ok()?),
                "state" => state = Some(state_of(value)),
                "repeatable" => entry.repeatable = true,
                "merges" => entry.merges = true,
                "attempts" => entry.attempts = value.parse().ok()?,
                "failures" => entry.failures = value.parse().ok()?,
                "unreached" => entry.unreached = value.parse().ok()?,
                "lost" => entry.lost = value.parse().ok()?,
                "busy" => entry.busy = value.parse().ok()?,
                "after" => entry.after.push(After {
                    id: EntryId(value.parse().ok()?),
                    takes: Vec::new(),
                }),
                "take" => {
                    let mut words = value.splitn(3, ' ');
                    let id = EntryId(words.next()?.parse().ok()?);
                    let take = Take {
                        placeholder: plain(words.next()?),
                        field: plain(words.next()?),
                    };
                    let after = entry.after.iter_mut().find(|after| after.id == id)?;
                    after.takes.push(take);
                }
                "taken" => {
                    let (placeholder, value) = value.split_once(' ')?;
                    entry.taken.push((plain(placeholder), plain(value)));
                }
                _ => entry.others.push(line.to_string()),
            }
        }
        entry.state = state?;
        for each in fields.split_terminator('\n') {
            let (name, value) = each.split_once(": ")?;
            entry.fields.push((plain(name), plain(value)));
        }
        (entry.id.0 != 0 && !entry.method.is_empty()).then_some(entry)
    }
}

/// One with nothing in it.
fn blank() -> Entry {
    Entry {
        id: EntryId(0),
        owner: String::new(),
        lane: String::new(),
        method: String::new(),
        url: String::new(),
        fields: Vec::new(),
        key: String::new(),
        repeatable: false,
        merges: false,
        bytes: 0,
        queued: Wall(0),
        attempts: 0,
        failures: 0,
        unreached: 0,
        lost: 0,
        busy: 0,
        state: State::Waiting,
        after: Vec::new(),
        taken: Vec::new(),
        others: Vec::new(),
    }
}

fn state_text(state: &State) -> String {
    let word = state.word();
    match state {
        State::Dead {
            reason,
            status,
            since,
        } => format!("{word} {reason} {status} {}", since.0),
        State::InDoubt | State::Waiting => word.to_string(),
        State::Parked { status } => format!("{word} {status}"),
        State::Resting {
            since,
            until,
            cause,
        } => format!("{word} {} {} {cause}", since.0, until.0),
        State::Sending { since, until, by } => format!("{word} {} {} {by}", since.0, until.0),
        State::Unknown(text) => text.clone(),
    }
}

/// What it does not know, it leaves as it is.
fn state_of(text: &str) -> State {
    known(text).unwrap_or_else(|| State::Unknown(text.to_string()))
}

fn known(text: &str) -> Option<State> {
    let mut words = text.split(' ');
    let word = words.next()?;
    let word = *EntryState::ALL.iter().find(|each| each.as_str() == word)?;
    let mut number = || words.next()?.parse::<u64>().ok();
    let state = match word {
        EntryState::Dead => {
            let reason = words.next()?;
            let mut of = DeadReason::ALL.iter();
            State::Dead {
                reason: *of.find(|each| each.as_str() == reason)?,
                status: words.next()?.parse().ok()?,
                since: Wall(words.next()?.parse().ok()?),
            }
        }
        EntryState::InDoubt => State::InDoubt,
        EntryState::Parked => State::Parked {
            status: words.next()?.parse().ok()?,
        },
        EntryState::Resting => {
            let (since, until) = (Wall(number()?), Wall(number()?));
            let cause = words.next()?;
            let mut of = RestCause::ALL.iter();
            State::Resting {
                since,
                until,
                cause: *of.find(|each| each.as_str() == cause)?,
            }
        }
        EntryState::Sending => State::Sending {
            since: Wall(number()?),
            until: Wall(number()?),
            by: number()?,
        },
        EntryState::Unknown => return None,
        EntryState::Waiting => State::Waiting,
    };
    words.next().is_none().then_some(state)
}
