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
    /// One that may be served now.
    Hit {
        /// How long ago it was the network's.
        age: Millis,
        /// Whether it is so by its own word, and not for want of a better one.
        fresh: bool,
    },
    /// None that may be served.
    Miss,
    /// One that may be served now, and is to be asked for again for nobody's eyes.
    Renew {
        /// How long ago it was the network's.
        age: Millis,
    },
}
