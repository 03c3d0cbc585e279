//! What the doctor is told.

use serde::{Deserialize, Serialize};

use super::{Diagnosis, Side, remedy};
use crate::backend::{BackendSettings, QueueOrder};
use crate::check::{ProgramError, range};
use crate::crowd::CrowdSettings;

/// A backend and its clients, in the numbers that matter.
///
/// ```
/// use tidegate_contract::{Patient, Side};
/// let origin = Patient::new(50, 1_000, 250, 5_000);
/// assert_eq!(origin.examine().side, Side::Beyond);
/// assert_eq!(Patient { queue: 250, ..origin }.examine().side, Side::Safe);
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Patient {
    /// Attempts per thousand intents when nothing is answered: 4500 for a client that tries three more times and people who click
    /// again.
    #[serde(default = "naive_amplification")]
    pub amplification_permille: u64,
    /// How many requests are worked on at the same time: *K*.
    pub connections: u64,
    /// Thousandths of requests a second that reach the pool in peace, if known.
    #[serde(default)]
    pub millirequests_per_second: Option<u64>,
    /// How many requests may wait: *Q*.
    pub queue: u64,
    /// The mean time of the work on a request: *S*.
    pub service_ms: u64,
    /// When clients give up.
    pub timeout_ms: u64,
    /// How long a request may wait at most: *W*, if that is limited.
    #[serde(default)]
    pub wait_limit_ms: Option<u64>,
}

impl Patient {
    /// A backend with these connections, places, mean service time and client timeout, and naive clients at an unknown rate.
    #[must_use]
    pub fn new(connections: u64, queue: u64, service_ms: u64, timeout_ms: u64) -> Patient {
        Patient {
            amplification_permille: naive_amplification(),
            connections,
            millirequests_per_second: None,
            queue,
            service_ms,
            timeout_ms,
            wait_limit_ms: None,
        }
    }

    /// A modelled backend as it is at present, and a crowd.
    ///
    /// What the cache answers does not reach the pool and is asked for once. The rest is asked for as often as client and user care to:
    /// for the reference and its crowd that makes 4.69 attempts per intent, where the simulation counts 4.49 to 4.55 because some
    /// people reload before the client has made all of its. Whatever else keeps waits short counts as a wait limit: CoDel, early
    /// refusal, and last in first out, where whoever is served has hardly waited.
    #[must_use]
    pub fn of(backend: &BackendSettings, crowd: &CrowdSettings) -> Patient {
        let polls = u64::from(crowd.poll_permille.min(1_000));
        let writes = u64::from(crowd.write_permille).min(1_000 - polls);
        let reads = 1_000 - polls - writes;
        let missed = 1_000 - u64::from(backend.hit_permille.min(1_000));
        let poll_misses = polls * missed / 1_000;
        let people_misses = reads * missed / 1_000 + writes;
        let misses = poll_misses + people_misses;
        let tries = u64::from(crowd.retries) + 1;
        let amplification = 1_000 - misses
            + poll_misses * tries
            + people_misses * tries * asks_permille(crowd) / 1_000;
        // A thousand thousandths of requests per user and interval; the milliseconds make it a million.
        let intents = u64::from(crowd.users) * 1_000_000 / crowd.every_ms.max(1);
        Patient {
            amplification_permille: amplification,
            millirequests_per_second: Some(intents * misses / 1_000),
            wait_limit_ms: longest_wait_allowed_ms(backend),
            ..Patient::new(
                backend.connections.into(),
                backend.queue.into(),
                // To the nearest: the reference's mean is 249.99 ms.
                (backend.mean_service().0 + 500) / 1_000,
                crowd.timeout_ms,
            )
        }
    }

    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first value that is not, with its path.
    pub fn check(&self) -> Result<(), ProgramError> {
        const MANY: u64 = 1_000_000;
        const LONG_MS: u64 = 86_400_000;
        let amplification = self.amplification_permille;
        range("amplificationPermille", amplification, 1_000, MANY)?;
        range("connections", self.connections, 1, MANY)?;
        if let Some(rate) = self.millirequests_per_second {
            range("millirequestsPerSecond", rate, 0, MANY * 1_000)?;
        }
        range("queue", self.queue, 0, MANY)?;
        range("serviceMs", self.service_ms, 0, LONG_MS)?;
        range("timeoutMs", self.timeout_ms, 1, LONG_MS)?;
        match self.wait_limit_ms {
            None => Ok(()),
            Some(limit) => range("waitLimitMs", limit, 0, LONG_MS),
        }
    }

    /// The verdict.
    #[must_use]
    pub fn examine(&self) -> Diagnosis {
        Diagnosis {
            patient: *self,
            capacity_millirequests_per_second: self
                .connections
                .saturating_mul(1_000_000)
                .checked_div(self.service_ms),
            longest_wait_ms: self.longest_wait_ms(),
            last_answer_ms: self.last_answer_ms(),
            side: self.side(),
            cliff_at_slowdown_permille: self.cliff_at_slowdown_permille(),
            safe_queue: self.safe_queue(),
            sustain_permille: self.sustain_permille(),
            remedies: remedy::all(self),
        }
    }

    pub(super) fn longest_wait_ms(&self) -> u64 {
        let work = self.queue.saturating_mul(self.service_ms);
        let full = work.div_ceil(self.connections.max(1));
        full.min(self.wait_limit_ms.unwrap_or(u64::MAX))
    }

    pub(super) fn last_answer_ms(&self) -> u64 {
        self.longest_wait_ms().saturating_add(self.service_ms)
    }

    pub(super) fn side(&self) -> Side {
        if self.last_answer_ms() >= self.timeout_ms {
            Side::Beyond
        } else if self.longest_wait_ms().saturating_mul(2) > self.timeout_ms {
            Side::Edge
        } else {
            Side::Safe
        }
    }

    pub(super) fn safe_queue(&self) -> Option<u64> {
        let time = self.connections.saturating_mul(self.timeout_ms);
        time.checked_div(self.service_ms.saturating_mul(2))
    }

    /// Both have to be too long: the wait in a full queue, which grows as work slows, and the limit, which does not.
    fn cliff_at_slowdown_permille(&self) -> Option<u64> {
        let in_thousandths = self.timeout_ms.saturating_mul(1_000);
        let places = self.queue.saturating_add(self.connections);
        let last = self.service_ms.saturating_mul(places) / self.connections.max(1);
        let by_queue = in_thousandths.checked_div(last)?;
        let limit = self.wait_limit_ms.unwrap_or(u64::MAX);
        let left = self.timeout_ms.saturating_sub(limit).saturating_mul(1_000);
        Some(by_queue.max(left.checked_div(self.service_ms)?))
    }

    pub(super) fn sustain_permille(&self) -> Option<u64> {
        let rate = self.millirequests_per_second?;
        // Connections in use, in millionths.
        let busy = rate.saturating_mul(self.service_ms);
        let wanted = u128::from(busy) * u128::from(self.amplification_permille);
        let sustain = wanted / (u128::from(self.connections.max(1)) * 1_000_000);
        Some(u64::try_from(sustain).unwrap_or(u64::MAX))
    }
}

fn longest_wait_allowed_ms(backend: &BackendSettings) -> Option<u64> {
    let by_order = match backend.order {
        QueueOrder::CoDel { interval_ms, .. } => Some(interval_ms),
        QueueOrder::Fifo => None,
        QueueOrder::Lifo => Some(0),
    };
    let limits = [by_order, backend.early_refusal_ms, backend.wait_limit_ms];
    limits.into_iter().flatten().min()
}

/// How often a person asks for what they do not get, in thousandths: once, and again while they care to.
fn asks_permille(crowd: &CrowdSettings) -> u64 {
    let again = u64::from(crowd.reclick_permille.min(1_000));
    let nth = std::iter::successors(Some(1_000), |share| Some(share * again / 1_000));
    // After ten, as many as may be set, nobody is left.
    nth.take(crowd.reclicks.min(10) as usize + 1).sum()
}

fn naive_amplification() -> u64 {
    4_500
}
