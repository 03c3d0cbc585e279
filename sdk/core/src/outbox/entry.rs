//! One queued write, without its body.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use super::after::After;
use super::classify::{Fate, classify};
use super::state::{DeadReason, State};
use crate::outcome::{Head, Outcome};
use crate::time::{Millis, Wall};

/// The number of an entry: later ones are higher, and none is given twice.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EntryId(pub u64);

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// One queued write. Its body is in the store, under the same number.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// Its number, which is its place in its lane.
    pub id: EntryId,
    /// Whose it is.
    pub owner: String,
    /// What it must not overtake: entries of one lane go one after another.
    pub lane: String,
    /// The method.
    pub method: String,
    /// Where it goes; with placeholders, if it takes something from an earlier answer.
    pub url: String,
    /// Its header fields, without those that say who sends it: these are added when it goes.
    pub fields: Vec<(String, String)>,
    /// The idempotency key, the same with every attempt.
    pub key: String,
    /// Sending it twice does what sending it once does: by its method, or because the server heeds keys.
    pub repeatable: bool,
    /// A later write to the same target may take its place.
    pub merges: bool,
    /// The size of its body.
    pub bytes: u64,
    /// When it was queued.
    pub queued: Wall,
    /// How often it was claimed: the number that fences.
    pub attempts: u32,
    /// Answers that said "not now".
    pub failures: u32,
    /// Attempts in a row that got no answer while others did.
    pub unreached: u32,
    /// Attempts of which nobody knows what became.
    pub lost: u32,
    /// Answers that said that the server was busy with one of those.
    pub busy: u32,
    /// Where it stands.
    pub state: State,
    /// What it still waits for.
    pub after: Vec<After>,
    /// What it took from earlier answers: a placeholder and what is to stand in its place.
    pub taken: Vec<(String, String)>,
    /// Lines of a later release, as they were.
    pub(super) others: Vec<String>,
}

impl Entry {
    /// How old it is.
    #[must_use]
    pub fn age(&self, wall: Wall) -> Millis {
        wall - self.queued
    }

    /// Whether nobody has ever claimed it.
    #[must_use]
    pub fn is_untried(&self) -> bool {
        self.attempts == 0 && self.state == State::Waiting
    }

    /// Whether an answer to it is the last one: it was applied, or never will be. A server that is still busy with an earlier attempt says so with
    /// the status of a conflict; each of those of which nobody knows may do it once.
    #[must_use]
    pub fn is_over(&self, outcome: Outcome) -> bool {
        match classify(outcome) {
            Fate::Done => true,
            Fate::Dead(_) => {
                let busy = matches!(outcome, Outcome::Head(Head { status: 409, .. }));
                !busy || self.lost <= self.busy
            }
            Fate::Retry { .. } | Fate::SignIn => false,
        }
    }

    pub(super) fn kill(&mut self, reason: DeadReason, status: u16, wall: Wall) {
        self.state = State::Dead {
            reason,
            status,
            since: wall,
        };
    }

    /// Its sender is gone, or got no answer: `false` when it must not go again by itself.
    pub(super) fn lose(&mut self) -> bool {
        self.lost = self.lost.saturating_add(1);
        self.state = match self.repeatable {
            true => State::Waiting,
            false => State::InDoubt,
        };
        self.repeatable
    }
}
