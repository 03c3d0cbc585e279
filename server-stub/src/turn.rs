//! A request's turn at the backend: the luck it brings and what becomes of it.

use std::collections::HashMap;

use tidegate_contract::hash::fnv1a;
use tidegate_contract::{Attempt, AttemptId, Draw, Lapse, Micros, Refusal};
use tidegate_core::{Instant, Millis};
use tokio::sync::oneshot;

use crate::arrival::Arrival;

/// As many clients as verdicts are counted for. Those who come later share one count.
const MAX_CLIENTS: usize = 4_096;
/// What a client asks for again within this time is the same wish.
const INTENT: Millis = Millis(60_000);

/// What became of an attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Turn {
    /// The work is done.
    Done {
        waited: Micros,
        served: Micros,
        /// Whether its client has gone.
        gone: bool,
    },
    /// It was given up.
    Dropped { lapse: Lapse, waited: Micros },
    /// Another program is in force, which does not know of it.
    Released,
}

/// An attempt that was admitted, and under which program: the backend of another one counts its attempts anew.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Admitted {
    pub(crate) id: AttemptId,
    pub(crate) generation: u64,
}

/// What the backend says to a request that brings it work.
#[derive(Debug)]
pub(crate) enum Brought {
    /// It will be told.
    Admitted(Admitted, oneshot::Receiver<Turn>),
    /// The cache has the answer, which can leave at that time.
    Hit(Instant),
    /// There is no place for it.
    Refused {
        reason: Refusal,
        ready_at: Instant,
        retry_after: Micros,
    },
}

/// Counts each client's attempts, so that the time of its n-th depends on nothing else.
#[derive(Debug, Default)]
pub(crate) struct Turns {
    ordinals: HashMap<String, u64>,
    latecomers: u64,
}

impl Turns {
    /// The attempt that a request makes. Its wish (the client, the URL, the minute) is answered by the cache or is not, however often
    /// it is repeated; the time of its work is its own.
    pub(crate) fn attempt(&mut self, seed: u64, now: Instant, arrival: &Arrival) -> Attempt {
        let known = self.ordinals.contains_key(&arrival.client);
        let ordinal = if known || self.ordinals.len() < MAX_CLIENTS {
            self.ordinals.entry(arrival.client.clone()).or_default()
        } else {
            &mut self.latecomers
        };
        let service = Draw::new(seed, "service", &arrival.client, *ordinal);
        *ordinal += 1;
        let minute = now.as_millis() / INTENT.0;
        let intent = Draw::new(
            seed,
            "intent",
            &arrival.client,
            fnv1a(arrival.target.as_bytes()),
        );
        let attempt = if arrival.is_write() {
            Attempt::write(intent.at(minute), service)
        } else {
            Attempt::read(intent.at(minute), service)
        };
        match arrival.patience {
            Some(patience) => attempt.with_deadline(now + patience),
            None => attempt,
        }
    }
}
