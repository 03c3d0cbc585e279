//! Where an entry stands.

use alloc::string::String;

use super::classify::RestCause;
use crate::record::words;
use crate::time::{Millis, Wall};

/// Clocks are set by no more than this without anybody noticing; by more, what they said before means nothing.
const SKEW: Millis = Millis(5_000);

words! {
    /// Where an entry of the outbox stands.
    pub enum EntryState {
        /// It was given up, for a reason that it has; it is kept until somebody decides.
        Dead = "dead",
        /// It was sent, nobody knows what became of it, and the server cannot tell a repetition: somebody has to decide.
        InDoubt = "in-doubt",
        /// It waits until somebody signs in.
        Parked = "parked",
        /// It failed, and goes again later.
        Resting = "resting",
        /// It is out.
        Sending = "sending",
        /// A later release knows; this one leaves it alone.
        Unknown = "unknown",
        /// It has not been sent, or goes again as soon as it may.
        Waiting = "waiting",
    }
}

words! {
    /// Why an entry was given up.
    pub enum DeadReason {
        /// It is older than `outbox.age_ms`.
        Age = "age",
        /// It failed `outbox.attempts` times.
        Attempts = "attempts",
        /// What it would change has changed (409, 412).
        Conflict = "conflict",
        /// Who sent it may not do that (403).
        Forbidden = "forbidden",
        /// The answer that it takes something from does not have it.
        Missing = "missing",
        /// An entry that it comes after was discarded.
        Predecessor = "predecessor",
        /// The server sent it elsewhere (3xx); a write is not sent to where nobody meant it to go.
        Redirected = "redirected",
        /// The server will not have it (other 4xx, 501, 505).
        Refused = "refused",
        /// It is larger than the server takes (413, 414, 431).
        TooLarge = "too-large",
        /// It gets no answer, time and again, while other requests to its origin do: blocked by CORS, perhaps, or by an extension.
        Unreachable = "unreachable",
    }
}

/// Where an entry stands, with what belongs to it.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum State {
    /// It was given up.
    Dead {
        /// Why.
        reason: DeadReason,
        /// The status that came last; 0 for none.
        status: u16,
        /// When.
        since: Wall,
    },
    /// It was sent, and nobody knows what became of it.
    InDoubt,
    /// It waits until somebody signs in.
    Parked {
        /// The status that said so.
        status: u16,
    },
    /// It failed, and goes again later.
    Resting {
        /// Since when.
        since: Wall,
        /// Until when.
        until: Wall,
        /// Why.
        cause: RestCause,
    },
    /// It is out, or its sender is gone.
    Sending {
        /// Since when, or since the lease was renewed.
        since: Wall,
        /// Until when nobody else may have it.
        until: Wall,
        /// Who has it.
        by: u64,
    },
    /// What a later release wrote, as it was written.
    Unknown(String),
    /// It may go.
    Waiting,
}

impl State {
    /// The word for it.
    #[must_use]
    pub fn word(&self) -> EntryState {
        match self {
            State::Dead { .. } => EntryState::Dead,
            State::InDoubt => EntryState::InDoubt,
            State::Parked { .. } => EntryState::Parked,
            State::Resting { .. } => EntryState::Resting,
            State::Sending { .. } => EntryState::Sending,
            State::Unknown(_) => EntryState::Unknown,
            State::Waiting => EntryState::Waiting,
        }
    }

    /// Whether it was given up, also by a later release in a way that this one does not know.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        match self {
            State::Dead { .. } => true,
            State::Unknown(text) => text.split(' ').next() == Some(EntryState::Dead.as_str()),
            _ => false,
        }
    }

    /// Whether somebody has it at this time. A lease that begins further in the future than it is long is of a clock that was wrong.
    #[must_use]
    pub fn is_leased(&self, wall: Wall) -> bool {
        match self {
            State::Sending { since, until, .. } => {
                wall < *until && *since - wall <= *until - *since
            }
            _ => false,
        }
    }

    /// How long it has to wait still; `None` when it is not for time to tell.
    #[must_use]
    pub(super) fn rest(&self, wall: Wall, hurried: Option<Wall>) -> Option<Millis> {
        match self {
            State::Waiting => Some(Millis::ZERO),
            State::Resting {
                since,
                until,
                cause,
            } => {
                let set_back = *since - wall > SKEW;
                let hurried = cause.is_of_the_network() && hurried.is_some_and(|at| *since <= at);
                match set_back || hurried {
                    true => Some(Millis::ZERO),
                    false => Some(*until - wall),
                }
            }
            _ => None,
        }
    }
}
