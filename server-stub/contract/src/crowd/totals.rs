//! What a crowd has seen, as sums and second by second.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use tidegate_core::Instant;

// A quarter of an hour: longer than any scenario.
const SECONDS: usize = 900;

/// Sums since the crowd was made.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CrowdTotals {
    /// Intents that were answered before their user saw an error or reloaded.
    pub answered: u64,
    /// Attempts that were sent.
    pub attempts: u64,
    /// Intents whose user saw an error or reloaded, whatever came later.
    pub failed: u64,
    /// Things that users wanted.
    pub intents: u64,
    /// Intents that failed and were answered when asked for again.
    pub late: u64,
    /// Clicks after an error.
    pub reclicks: u64,
    /// Attempts that were refused or answered with an error.
    pub refused: u64,
    /// Reloads by people who were tired of waiting.
    pub reloads: u64,
    /// Intents that were left out because too many were open.
    pub skipped: u64,
    /// Attempts that were given up.
    pub timeouts: u64,
}

impl CrowdTotals {
    /// Attempts per thousand intents: 1000 in peace, 4500 in the loop.
    #[must_use]
    pub fn amplification_permille(&self) -> u64 {
        (self.attempts * 1_000)
            .checked_div(self.intents)
            .unwrap_or(0)
    }
}

/// What became of the intents of one second.
///
/// An intent's fate is entered in the second in which it began, so the latest seconds fill up later.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CrowdSecond {
    /// As [`CrowdTotals::answered`].
    pub answered: u32,
    /// Attempts that were sent in this second, whatever intents they belong to.
    pub attempts: u32,
    /// As [`CrowdTotals::failed`].
    pub failed: u32,
    /// Intents that began.
    pub intents: u32,
    /// Which second of the clock.
    pub second: u64,
}

impl CrowdSecond {
    /// Whether at least 95 % of its intents were answered before their users saw an error: the bar for "recovered".
    #[must_use]
    pub fn is_fresh(&self) -> bool {
        self.answered * 100 >= self.intents * 95
    }
}

/// The last seconds, the oldest first.
#[derive(Debug, Default)]
pub(super) struct Seconds(VecDeque<CrowdSecond>);

impl Seconds {
    /// The entry of this moment; `None` if it was forgotten.
    pub(super) fn entry(&mut self, at: Instant) -> Option<&mut CrowdSecond> {
        let second = at.as_millis() / 1_000;
        let latest = self.0.back().map(|entry| entry.second);
        if latest.is_none_or(|latest| latest < second) {
            self.open(latest, second);
        }
        let first = self.0.front()?.second;
        self.0
            .get_mut(usize::try_from(second.checked_sub(first)?).ok()?)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &CrowdSecond> {
        self.0.iter()
    }

    /// Appends entries up to this second, without a gap.
    fn open(&mut self, latest: Option<u64>, second: u64) {
        let oldest = second.saturating_sub(SECONDS as u64 - 1);
        let from = latest.map_or(second, |latest| latest + 1).max(oldest);
        if latest.is_some_and(|latest| latest + 1 < from) {
            self.0.clear();
        }
        for second in from..=second {
            let entry = CrowdSecond {
                second,
                ..CrowdSecond::default()
            };
            self.0.push_back(entry);
        }
        while self.0.len() > SECONDS {
            self.0.pop_front();
        }
    }
}
