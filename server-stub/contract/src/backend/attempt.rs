//! What goes into the model and what comes out.

use serde::{Deserialize, Serialize};
use tidegate_core::Instant;

use crate::draw::Draw;
use crate::micros::Micros;

/// A request as it reaches the backend.
#[derive(Clone, Copy, Debug)]
pub struct Attempt {
    /// When its client stops waiting, if it says so.
    pub deadline: Option<Instant>,
    /// The luck of what the user wants. All attempts of one intent have the same: what the cache does not have, it does not have
    /// however often one asks.
    pub intent: Draw,
    /// Its idempotency key as a hash, if it has one.
    pub key: Option<u64>,
    /// The luck of this attempt: how long the work on it takes.
    pub service: Draw,
    /// Whether it changes something. Writes are not answered by the cache.
    pub write: bool,
}

impl Attempt {
    /// A read without a deadline.
    #[must_use]
    pub fn read(intent: Draw, service: Draw) -> Attempt {
        Attempt {
            deadline: None,
            intent,
            key: None,
            service,
            write: false,
        }
    }

    /// A write without a deadline.
    #[must_use]
    pub fn write(intent: Draw, service: Draw) -> Attempt {
        Attempt {
            write: true,
            ..Attempt::read(intent, service)
        }
    }

    /// The same attempt with an idempotency key.
    #[must_use]
    pub fn with_key(mut self, key: u64) -> Attempt {
        self.key = Some(key);
        self
    }

    /// The same attempt of a client that says until when it waits.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Attempt {
        self.deadline = Some(deadline);
        self
    }
}

/// An attempt that was admitted, among all of one backend. Later ones are greater.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AttemptId(pub(crate) u64);

/// What becomes of an attempt on arrival.
///
/// `ready_at` is when the answer can leave: not before the front has got to it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use]
pub enum Admission {
    /// It is worked on or waits; notices will tell.
    Admitted(AttemptId),
    /// Another attempt with its key is not done yet: 409.
    Conflict {
        /// When that answer can leave.
        ready_at: Instant,
    },
    /// The cache has the answer.
    Hit {
        /// When it can leave.
        ready_at: Instant,
    },
    /// There is no place for it.
    Refused {
        /// Why.
        reason: Refusal,
        /// When the refusal can leave; at once when it is the connection that is refused.
        ready_at: Instant,
        /// The wait that it was spared, as estimated: the honest `Retry-After`.
        retry_after: Micros,
    },
    /// The work of its key was done before: the same answer again.
    Replay {
        /// When it can leave.
        ready_at: Instant,
    },
}

/// Why an attempt was refused on arrival.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Refusal {
    /// The front is behind: the connection is refused, as by a full accept backlog.
    Backlog,
    /// Everything is busy and the queue is full.
    Full,
    /// It would have to wait longer than its client will.
    Hopeless,
}

/// Something that happened to an admitted attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Notice {
    /// When. A late poll does not make it later.
    pub at: Instant,
    /// To which.
    pub id: AttemptId,
    /// What.
    pub what: AttemptEvent,
}

/// What happens to an admitted attempt: it starts and is completed, or is dropped at any time before.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AttemptEvent {
    /// The work is done, for whoever is still there.
    Completed {
        /// How long it had a connection.
        served: Micros,
        /// Whether its client had left: the work was for nobody.
        gone: bool,
        /// How long it had waited for a connection.
        waited: Micros,
    },
    /// It was given up without any effect.
    Dropped {
        /// Why.
        lapse: Lapse,
        /// How long it waited for a connection.
        waited: Micros,
    },
    /// It has a connection now.
    Started {
        /// How long it waited for it.
        waited: Micros,
    },
}

/// Why an admitted attempt was given up.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Lapse {
    /// Its deadline could not be met any more.
    Deadline,
    /// Its client had left.
    Gone,
    /// It waited longer than a standing queue allows ([`QueueOrder::CoDel`](crate::QueueOrder::CoDel)).
    Standing,
    /// It waited longer than anybody may.
    WaitLimit,
}
