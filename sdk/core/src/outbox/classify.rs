//! What an answer means for a queued write.
//!
//! | answer | meaning |
//! |---|---|
//! | 2xx, 304 | done |
//! | 408, 425, 429, 503 | not now, and nothing was done |
//! | 500, 502, 504, 506 to 599, no answer | not now, and perhaps it was done |
//! | 401, 407 | somebody has to sign in: all of this identity's entries wait |
//! | 409, 412, other 3xx and 4xx, 501, 505 | never: a dead letter |
//!
//! Workbox takes any status for delivered, and a 500 loses the write; TanStack's queue drops it at a 401, which is but a token that has
//! expired. A status that the browser hides (0) is no answer.

use super::state::DeadReason;
use crate::outcome::Outcome;
use crate::record::words;

words! {
    /// Why an entry has to wait before it goes again.
    pub enum RestCause {
        /// The server said when to come back.
        Asked = "asked",
        /// It failed, and cost the server little.
        Failed = "failed",
        /// The server has too much to do, or no answer came in time.
        Overload = "overload",
        /// The application could not say who sends it: it was not sent.
        Unauthorized = "unauthorized",
        /// No answer at all.
        Unreachable = "unreachable",
    }
}

impl RestCause {
    /// Whether to repeat it costs a server dearly that has too much to do.
    pub(super) const fn is_dear(self) -> bool {
        matches!(self, RestCause::Asked | RestCause::Overload)
    }

    /// Whether it may be over as soon as the network is back.
    pub(super) const fn is_of_the_network(self) -> bool {
        matches!(self, RestCause::Unauthorized | RestCause::Unreachable)
    }
}

/// What an answer means for a queued write.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fate {
    /// It will never succeed.
    Dead(DeadReason),
    /// It was applied.
    Done,
    /// It may succeed later.
    Retry {
        /// Why not now.
        cause: RestCause,
        /// It may have been applied all the same.
        unknown: bool,
    },
    /// Somebody has to sign in.
    SignIn,
}

/// What an outcome means.
///
/// ```
/// use tidegate_core::outbox::{RestCause, Fate, classify};
/// use tidegate_core::{Head, Outcome};
/// let busy = Outcome::Head(Head { status: 503, retry_after: None });
/// assert_eq!(classify(busy), Fate::Retry { cause: RestCause::Overload, unknown: false });
/// ```
#[must_use]
pub fn classify(outcome: Outcome) -> Fate {
    let retry = |cause, unknown| Fate::Retry { cause, unknown };
    let head = match outcome {
        Outcome::Head(head) => head,
        Outcome::TimedOut => return retry(RestCause::Overload, true),
        Outcome::Unreachable => return retry(RestCause::Unreachable, true),
    };
    match head.status {
        200..=299 | 304 => Fate::Done,
        300..=399 => Fate::Dead(DeadReason::Redirected),
        401 | 407 => Fate::SignIn,
        403 => Fate::Dead(DeadReason::Forbidden),
        408 | 425 => retry(RestCause::Failed, false),
        409 | 412 => Fate::Dead(DeadReason::Conflict),
        413 | 414 | 431 => Fate::Dead(DeadReason::TooLarge),
        429 | 503 => retry(RestCause::Overload, false),
        400..=499 | 501 | 505 => Fate::Dead(DeadReason::Refused),
        504 => retry(RestCause::Overload, true),
        500..=599 => retry(RestCause::Failed, true),
        // Nothing that a server says: the browser hides it, or something in between made it up.
        _ => retry(RestCause::Unreachable, true),
    }
}
