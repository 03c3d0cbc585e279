//! The table of idempotency keys (draft-ietf-httpapi-idempotency-key-header): which writes are running, and how the others ended.
//!
//! A key belongs to the client that sent it. It is claimed before the write begins, completed with the answer, or released when there
//! is none worth keeping. [`Keys::CAPACITY`] keys and [`Keys::MAX_BYTES`] of answers are kept; beyond that the answer that was given
//! first is forgotten. A running key never is: with nothing but running ones in a full table, another key is refused.

use std::collections::{HashMap, VecDeque};

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use tidegate_contract::IdempotencyMode;

/// All keys that are known.
#[derive(Debug, Default)]
pub(crate) struct Keys {
    mode: IdempotencyMode,
    /// Counts the resets, so that old tickets are known.
    epoch: u64,
    entries: HashMap<Name, Entry>,
    /// Finished keys in the order in which they finished.
    finished: VecDeque<Name>,
    /// What the bodies of the kept answers take.
    bytes: usize,
}

/// A client's name and its key.
type Name = (String, String);

#[derive(Debug)]
struct Entry {
    fingerprint: u64,
    state: State,
}

#[derive(Debug)]
enum State {
    Running,
    Finished(Kept),
}

/// An answer to be given again.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Kept {
    /// Of what is answered the same way each time.
    pub(crate) fn nothing() -> Kept {
        Kept {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }
}

/// What a key says about a write that wants to begin.
#[derive(Debug)]
pub(crate) enum Claim {
    /// It has happened before: this was the answer.
    Again(Kept),
    /// There is no room for another key.
    Full,
    /// It may begin.
    New(Ticket),
    /// The key belongs to another write.
    OtherWrite,
    /// It has begun and not ended.
    Running,
}

/// The right to complete or release one key.
#[derive(Debug)]
#[must_use]
pub(crate) struct Ticket {
    epoch: u64,
    name: Name,
}

impl Keys {
    /// Keys kept: more writes than any test or demonstration has within a client's patience.
    pub(crate) const CAPACITY: usize = 10_000;
    /// Bytes kept of the answers' bodies.
    pub(crate) const MAX_BYTES: usize = 16 << 20;

    pub(crate) fn mode(&self) -> IdempotencyMode {
        self.mode
    }

    pub(crate) fn set_mode(&mut self, mode: IdempotencyMode) {
        self.mode = mode;
    }

    /// Forgets every key; the mode stays, and old tickets complete nothing.
    pub(super) fn clear(&mut self) {
        *self = Keys {
            mode: self.mode,
            epoch: self.epoch + 1,
            ..Keys::default()
        };
    }

    /// A write with this key wants to begin.
    pub(crate) fn claim(&mut self, client: &str, key: &str, fingerprint: u64) -> Claim {
        let name = (client.to_owned(), key.to_owned());
        if let Some(entry) = self.entries.get(&name) {
            return match &entry.state {
                _ if entry.fingerprint != fingerprint => Claim::OtherWrite,
                State::Finished(kept) => Claim::Again(kept.clone()),
                State::Running => Claim::Running,
            };
        }
        if self.entries.len() >= Keys::CAPACITY && !self.forget_oldest() {
            return Claim::Full;
        }
        let state = State::Running;
        self.entries
            .insert(name.clone(), Entry { fingerprint, state });
        Claim::New(Ticket {
            epoch: self.epoch,
            name,
        })
    }

    /// The write has an answer.
    pub(crate) fn complete(&mut self, ticket: Ticket, kept: Kept) {
        if ticket.epoch != self.epoch {
            return;
        }
        // Running keys are never forgotten, so it is there.
        if let Some(entry) = self.entries.get_mut(&ticket.name) {
            self.bytes += kept.body.len();
            entry.state = State::Finished(kept);
            self.finished.push_back(ticket.name);
        }
        while self.bytes > Keys::MAX_BYTES && self.forget_oldest() {}
    }

    /// The write came to nothing: it may be tried again.
    pub(crate) fn release(&mut self, ticket: &Ticket) {
        if ticket.epoch == self.epoch {
            self.entries.remove(&ticket.name);
        }
    }

    fn forget_oldest(&mut self) -> bool {
        let Some(name) = self.finished.pop_front() else {
            return false;
        };
        if let Some(Entry {
            state: State::Finished(kept),
            ..
        }) = self.entries.remove(&name)
        {
            self.bytes -= kept.body.len();
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(body: impl Into<Bytes>) -> Kept {
        Kept {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: body.into(),
        }
    }

    fn begin(keys: &mut Keys, key: &str) -> Ticket {
        match keys.claim("ann", key, 1) {
            Claim::New(ticket) => ticket,
            other => panic!("{key}: {other:?}"),
        }
    }

    #[test]
    fn the_answer_that_was_given_first_is_forgotten_first() {
        let mut keys = Keys::default();
        let running = begin(&mut keys, "running");
        for key in 0..Keys::CAPACITY {
            let ticket = begin(&mut keys, &key.to_string());
            keys.complete(ticket, kept("body"));
        }
        assert!(matches!(keys.claim("ann", "running", 1), Claim::Running));
        assert!(matches!(keys.claim("ann", "1", 1), Claim::Again(_)));
        assert!(matches!(keys.claim("ann", "0", 1), Claim::New(_)));
        assert_eq!(keys.entries.len(), Keys::CAPACITY);
        keys.complete(running, kept("body"));
    }

    #[test]
    fn a_table_full_of_running_keys_takes_no_other() {
        let mut keys = Keys::default();
        let tickets: Vec<_> = (0..Keys::CAPACITY)
            .map(|key| begin(&mut keys, &key.to_string()))
            .collect();
        assert!(matches!(keys.claim("ann", "more", 1), Claim::Full));
        keys.release(&tickets[0]);
        assert!(matches!(keys.claim("ann", "more", 1), Claim::New(_)));
    }

    #[test]
    fn long_answers_push_out_older_ones() {
        let mut keys = Keys::default();
        let body = Bytes::from(vec![0; Keys::MAX_BYTES / 2]);
        for key in ["a", "b", "c"] {
            let ticket = begin(&mut keys, key);
            keys.complete(ticket, kept(body.clone()));
        }
        assert!(matches!(keys.claim("ann", "a", 1), Claim::New(_)));
        assert!(matches!(keys.claim("ann", "b", 1), Claim::Again(_)));
        assert_eq!(keys.bytes, Keys::MAX_BYTES);
    }

    #[test]
    fn a_ticket_from_before_a_reset_completes_and_releases_nothing() {
        let mut keys = Keys::default();
        let (old, older) = (begin(&mut keys, "a"), begin(&mut keys, "b"));
        keys.clear();
        let _running = (begin(&mut keys, "a"), begin(&mut keys, "b"));
        keys.complete(old, kept("body"));
        keys.release(&older);
        for key in ["a", "b"] {
            assert!(matches!(keys.claim("ann", key, 1), Claim::Running), "{key}");
        }
    }
}
