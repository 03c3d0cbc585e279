//! An entry of the outbox as the demo knows it, and what became of those that have left.

use tidegate::{DeadReason, EntryState, OutboxEntry};

use super::change::{Change, words_of};

/// An entry that is in the outbox.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Queued {
    pub(crate) id: u64,
    pub(crate) key: String,
    /// What it is; `None` when nobody wrote it down.
    pub(crate) change: Option<Change>,
    pub(crate) words: String,
    pub(crate) state: EntryState,
    pub(crate) reason: Option<DeadReason>,
    pub(crate) status: Option<u16>,
    /// When it goes again, in milliseconds since 1970.
    pub(crate) retry_at: Option<u64>,
}

/// An entry that has left.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Past {
    pub(crate) id: u64,
    pub(crate) change: Option<Change>,
    pub(crate) words: String,
    pub(crate) ending: Ending,
    /// When, on the page's clock.
    pub(crate) at: f64,
}

/// How an entry left.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Ending {
    /// It is gone, and another tab knows how.
    Elsewhere,
    /// It was saved.
    Saved,
    /// Somebody took it back.
    Undone,
}

impl Queued {
    pub(crate) fn of(entry: OutboxEntry, change: Option<Change>, base: &str) -> Queued {
        let words = match &change {
            Some(change) => change.words(),
            None => words_of(&entry.method, &entry.url, base),
        };
        Queued {
            id: entry.id,
            key: entry.key,
            change,
            words,
            state: entry.state,
            reason: entry.reason,
            status: entry.status,
            retry_at: entry.retry_at,
        }
    }

    /// Whether somebody else was faster.
    pub(crate) fn is_conflict(&self) -> bool {
        self.state == EntryState::Dead && self.reason == Some(DeadReason::Conflict)
    }

    pub(crate) fn left(self, ending: Ending, at: f64) -> Past {
        Past {
            id: self.id,
            change: self.change,
            words: self.words,
            ending,
            at,
        }
    }
}

impl Ending {
    pub(crate) fn words(self) -> &'static str {
        match self {
            Ending::Elsewhere => "Left the outbox in another tab",
            Ending::Saved => "Saved",
            Ending::Undone => "Taken back",
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// One that waits to be sent.
    pub(in crate::writes) fn queued(id: u64, change: Option<Change>) -> Queued {
        Queued {
            id,
            key: format!("key-{id}"),
            words: String::new(),
            change,
            state: EntryState::Waiting,
            reason: None,
            status: None,
            retry_at: None,
        }
    }
}
