//! What a call asks of its driver, and what the driver found.

use crate::outcome::Verdict;
use crate::time::{Instant, Millis};

/// What to do next.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "a step is handed out once"]
pub enum Step {
    /// The attempt that is out took too long: abort it. Nothing is to be reported.
    Abandon,
    /// Give the caller this answer now; the attempt goes on, and its response is to be kept.
    Answer(Verdict),
    /// The call is over. After [`Step::Answer`], the verdict is for nobody.
    Done(Verdict),
    /// Send the request a second time beside the attempt that is out, and report with
    /// [`Call::settle_hedge`](crate::Call::settle_hedge). Meanwhile, go on polling. [`Step::Abandon`] is then meant for both.
    Hedge {
        /// The number of the attempt.
        attempt: u32,
    },
    /// Ask the cache and report with [`Call::cached`](crate::Call::cached).
    ReadCache,
    /// Send the request and report with [`Call::settle`](crate::Call::settle). Meanwhile, go on polling.
    Send {
        /// The number of the attempt, from 1.
        attempt: u32,
    },
    /// Poll again when the attempt that is out has an outcome, when the engine wakes this call, or at this time.
    Wait(Instant),
}

/// What the cache had.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Found {
    /// An answer this old.
    Hit {
        /// How long ago it was the network's.
        age: Millis,
    },
    /// None.
    Miss,
}
