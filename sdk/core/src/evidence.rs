//! What an attempt says about the backend, and what repeating it would cost.
//!
//! Success and failure are not enough to decide on. A backend that answers "I am overloaded" and one that answers "I have a bug" both
//! fail; to repeat the second is cheap, to repeat the first is what keeps it overloaded. An attempt that the caller cancelled says nothing,
//! and is the commonest outcome of all in a page with a search field.

use crate::outcome::Outcome;
use crate::time::Millis;
use crate::usual::Usual;

/// What an attempt says.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Evidence {
    /// The backend failed by itself, quickly: 500, 502 and the like.
    Fault,
    /// The attempt is still out after several times its route's usual time: a queue is standing.
    Late,
    /// Nothing: cancelled, or the browser had no network.
    Neither,
    /// The backend says that it has too much to do: 408, 429, 503, 504.
    Overload,
    /// An answer much quicker than is usual: from a cache on the way, most likely. It says nothing of what is behind.
    Quick,
    /// The backend works, but takes much longer than is usual.
    Strained,
    /// An answer at last, of an attempt that was late.
    Tardy,
    /// No answer in time.
    TimedOut,
    /// No connection, or one that broke.
    Unreachable,
    /// The backend works. That includes saying no: a 404 is an answer.
    Works,
}

impl Evidence {
    /// What an outcome says. A failure that came `late` cost the backend as much as a success, whatever its status.
    #[must_use]
    pub(crate) fn of(outcome: Outcome, late: bool, usual: Usual, took: Millis) -> Evidence {
        match outcome {
            Outcome::Head(head) => match head.status {
                408 | 429 | 503 | 504 => Evidence::Overload,
                425 | 500 | 502 | 506..=599 if late => Evidence::Overload,
                425 | 500 | 502 | 506..=599 => Evidence::Fault,
                // A backend that takes its time and answers is not one that does not.
                _ if late => Evidence::Tardy,
                _ => usual.compare(took),
            },
            Outcome::TimedOut => Evidence::TimedOut,
            Outcome::Unreachable if late => Evidence::TimedOut,
            Outcome::Unreachable => Evidence::Unreachable,
        }
    }

    /// Whether there was an answer.
    #[must_use]
    pub fn is_good(self) -> bool {
        matches!(
            self,
            Evidence::Quick | Evidence::Strained | Evidence::Tardy | Evidence::Works
        )
    }

    /// Whether it speaks against the backend.
    #[must_use]
    pub fn is_bad(self) -> bool {
        !matches!(self, Evidence::Neither) && !self.is_good()
    }

    /// Whether to repeat the attempt adds to what makes it fail.
    #[must_use]
    pub fn is_dear(self) -> bool {
        matches!(
            self,
            Evidence::Late | Evidence::Overload | Evidence::TimedOut
        )
    }
}
