//! What became of an attempt, and what becomes of a call.

use alloc::string::String;

use crate::breaker::Vote;
use crate::record::{record, words};
use crate::time::{Instant, Millis};

/// The head of a response: all that the policies look at. The body stays with the driver.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Head {
    /// The status code; 0 where the browser hides it (an opaque response).
    pub status: u16,
    /// The wait that the server asks for, as [`http::retry_after`](crate::http::retry_after) reads it.
    pub retry_after: Option<Millis>,
}

/// What became of one attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// A response came back, whatever its status.
    Head(Head),
    /// No answer in time.
    TimedOut,
    /// No answer at all: refused, reset, blocked by CORS, no network.
    Unreachable,
}

words! {
    /// Why an answer is not simply the network's.
    pub enum Reason {
        /// The scope's breaker is open: the attempt was not made.
        CircuitOpen = "circuit-open",
        /// The server was asked and has confirmed what is kept.
        Confirmed = "confirmed",
        /// What is kept is fresh by the server's word: there was no need to ask.
        Fresh = "fresh",
        /// Nothing is kept that could be served, and nobody else was to be asked.
        NotKept = "not-kept",
        /// The browser says that there is no network.
        Offline = "offline",
        /// The route's strategy takes what is kept before the network's.
        Preferred = "preferred",
        /// What is kept is served while it is asked for again.
        Revalidating = "revalidating",
        /// The backend asked its clients to send less, or nothing, for a while.
        ServerBusy = "server-busy",
        /// The network takes longer than the settings' patience.
        Slow = "slow",
        /// The backend answered with a status that says it is failing (5xx, 408, 425, 429).
        Status = "status",
        /// Too many calls are waiting for this origin already, or this one waited too long.
        Throttled = "throttled",
        /// No answer in time.
        Timeout = "timeout",
        /// No answer at all: refused, reset, blocked by CORS, no network.
        Unreachable = "unreachable",
    }
}

words! {
    /// Where an answer comes from.
    pub enum Source {
        /// Kept earlier: fresh still, preferred, or in place of a network that has no answer. The reason says which.
        Cache = "cache",
        /// What the caller gave for the case that there is no answer.
        Fallback = "fallback",
        /// The network, now.
        Network = "network",
        /// The network, by plain `fetch`: the engine was not there.
        Passthrough = "passthrough",
        /// The outbox: the write is stored, and will be sent.
        Queue = "queue",
    }
}

record! {
    /// What an answer says of itself.
    pub struct Explanation {
        /// Where the answer comes from.
        pub source: Source,
        /// How old it is, in milliseconds; 0 from the network.
        pub age_ms: u64,
        /// Whether that is known. It is not when the server's clock and caches are hidden (other origins), or a clock was set meanwhile.
        pub age_certain: bool,
        /// Whether it is being asked for again at this moment; what comes of it is kept.
        pub revalidating: bool,
        /// Why it is not simply the network's answer.
        pub reason: Option<Reason>,
        /// Attempts that were sent before this answer was given.
        pub attempts: u32,
        /// What the breaker guards here: the origin and the route's template.
        pub scope: String,
        /// When asking again makes sense, in milliseconds since 1970.
        pub retry_at: Option<u64>,
        /// The entry of the outbox, of a write that was queued.
        pub entry: Option<u64>,
    }
}

impl Explanation {
    /// An answer of this moment, given for no reason but itself.
    #[must_use]
    pub fn new(source: Source, scope: String, attempts: u32) -> Explanation {
        Explanation {
            source,
            age_ms: 0,
            age_certain: true,
            revalidating: false,
            reason: None,
            attempts,
            scope,
            retry_at: None,
            entry: None,
        }
    }
}

impl Reason {
    /// Whether there is nothing wrong with it: the network is not the worse for it, and the answer is as good as one may be.
    #[must_use]
    pub const fn is_well(self) -> bool {
        matches!(
            self,
            Reason::Confirmed | Reason::Fresh | Reason::Preferred | Reason::Revalidating
        )
    }
}

/// Why a call gets no answer from the network, and until when.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The reason.
    pub reason: Reason,
    /// The earliest moment at which asking again makes sense, where that can be known.
    pub retry_at: Option<Instant>,
}

/// What becomes of a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Verdict {
    /// Serve the answer that the cache had.
    Cached {
        /// How old it is.
        age: Millis,
        /// Why it is served.
        why: Answer,
    },
    /// Nothing to serve. If an attempt was made, its own result (a 503, a rejection) is the caller's; else this refusal is.
    Failed(Answer),
    /// Serve the response of the last attempt.
    Network,
}

impl Outcome {
    /// How a breaker counts it.
    ///
    /// A status below 500 is an answer: the backend works and says no. 408, 425 and 429 are the exceptions, they ask to come back later.
    /// 501 and 505 are about the request, not about the backend's health.
    #[must_use]
    pub fn vote(self) -> Vote {
        match self {
            Outcome::Head(head) if is_failure(head.status) => Vote::Failure,
            Outcome::Head(_) => Vote::Success,
            Outcome::TimedOut | Outcome::Unreachable => Vote::Failure,
        }
    }

    /// The reason that it gives for not serving it.
    #[must_use]
    pub fn reason(self) -> Reason {
        match self {
            Outcome::Head(_) => Reason::Status,
            Outcome::TimedOut => Reason::Timeout,
            Outcome::Unreachable => Reason::Unreachable,
        }
    }

    /// The wait that the server asks for, on the statuses that carry one.
    #[must_use]
    pub fn retry_after(self) -> Option<Millis> {
        match self {
            Outcome::Head(head) if is_failure(head.status) => head.retry_after,
            _ => None,
        }
    }
}

fn is_failure(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502..=504 | 506..=599)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    fn vote(status: u16) -> Vote {
        Outcome::Head(Head {
            status,
            retry_after: None,
        })
        .vote()
    }

    #[test]
    fn a_backend_that_says_no_is_not_a_failing_backend() {
        for status in [
            0, 200, 204, 301, 304, 400, 401, 403, 404, 409, 412, 422, 501, 505,
        ] {
            assert_eq!(vote(status), Vote::Success, "{status}");
        }
        for status in [408, 425, 429, 500, 502, 503, 504, 520, 599] {
            assert_eq!(vote(status), Vote::Failure, "{status}");
        }
    }

    #[test]
    fn only_a_failure_carries_a_wait() {
        let wait = Some(Millis(1_000));
        assert_eq!(
            Outcome::Head(Head {
                status: 503,
                retry_after: wait
            })
            .retry_after(),
            wait
        );
        assert_eq!(
            Outcome::Head(Head {
                status: 301,
                retry_after: wait
            })
            .retry_after(),
            None
        );
    }
}
