//! What a backend has done since it was made, as sums.

use serde::{Deserialize, Serialize};

use super::attempt::{Lapse, Refusal};
use crate::micros::Micros;

/// Sums since the backend was made.
///
/// Every attempt that arrived was refused, a hit, a replay, a conflict or admitted; every one admitted is waiting, in use, completed or
/// dropped.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BackendTotals {
    /// Attempts that arrived.
    pub arrived: u64,
    /// The time that connections were in use, all together.
    pub busy_us: Micros,
    /// Attempts that met an unfinished one with their key.
    pub conflicts: u64,
    /// Admitted attempts that were given up.
    pub dropped: DroppedTotals,
    /// Writes that were done, whether or not anybody waited for them.
    pub effects: u64,
    /// Attempts that the cache answered.
    pub hits: u64,
    /// Attempts that were refused on arrival.
    pub refused: RefusedTotals,
    /// Attempts that got the answer of an earlier one with their key.
    pub replays: u64,
    /// Attempts that got a connection.
    pub started: u64,
    /// Attempts that were done while their clients were there.
    pub useful: u64,
    /// The time that attempts waited until they got a connection, all together.
    pub waited_us: Micros,
    /// Attempts that were done for nobody.
    pub wasted: u64,
}

/// Refused attempts by reason.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusedTotals {
    /// As [`Refusal::Backlog`].
    pub backlog: u64,
    /// As [`Refusal::Full`].
    pub full: u64,
    /// As [`Refusal::Hopeless`].
    pub hopeless: u64,
}

/// Dropped attempts by reason.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DroppedTotals {
    /// As [`Lapse::Deadline`].
    pub deadline: u64,
    /// As [`Lapse::Gone`].
    pub gone: u64,
    /// As [`Lapse::Standing`].
    pub standing: u64,
    /// As [`Lapse::WaitLimit`].
    pub wait_limit: u64,
}

impl BackendTotals {
    /// How many of a thousand pieces of work were done for nobody.
    ///
    /// The leading indicator of an exhaustion loop: above 50 something is wrong, in the loop it is 990.
    #[must_use]
    pub fn waste_permille(&self) -> u32 {
        let done = self.useful + self.wasted;
        (self.wasted * 1_000).checked_div(done).unwrap_or(0) as u32
    }
}

impl RefusedTotals {
    /// All of them.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.backlog + self.full + self.hopeless
    }

    pub(super) fn count(&mut self, reason: Refusal) {
        *match reason {
            Refusal::Backlog => &mut self.backlog,
            Refusal::Full => &mut self.full,
            Refusal::Hopeless => &mut self.hopeless,
        } += 1;
    }
}

impl DroppedTotals {
    /// All of them.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.deadline + self.gone + self.standing + self.wait_limit
    }

    pub(super) fn count(&mut self, lapse: Lapse) {
        *match lapse {
            Lapse::Deadline => &mut self.deadline,
            Lapse::Gone => &mut self.gone,
            Lapse::Standing => &mut self.standing,
            Lapse::WaitLimit => &mut self.wait_limit,
        } += 1;
    }
}
