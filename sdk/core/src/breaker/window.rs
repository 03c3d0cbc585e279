//! The attempts that a breaker looks at: the latest ones, no older than a length of time.
//!
//! Each has its own time, so the window is exact over any gap: after an hour of silence, or of a frozen tab, it is empty, whenever it is
//! looked at. Windows that move by a timer's tick or by a bucket per call keep hour-old samples and open on one failure, or stay closed
//! on sixty.

use alloc::collections::VecDeque;

use crate::settings::BreakerSettings;
use crate::time::{Instant, Millis};

/// One attempt that ended.
#[derive(Clone, Copy, Debug)]
struct Sample {
    at: Instant,
    failed: bool,
    slow: bool,
}

/// Counts of a window.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Counts {
    /// All attempts.
    pub calls: u32,
    /// Those that failed.
    pub failures: u32,
    /// Those that took too long, whether or not they failed.
    pub slow: u32,
    /// Failures since the last success.
    pub in_a_row: u32,
}

/// A window of attempts.
#[derive(Clone, Debug, Default)]
pub(super) struct Window {
    samples: VecDeque<Sample>,
}

impl Window {
    pub(super) fn add(
        &mut self,
        now: Instant,
        failed: bool,
        slow: bool,
        settings: &BreakerSettings,
    ) {
        self.samples.push_back(Sample {
            at: now,
            failed,
            slow,
        });
        // At least as many as the thresholds need, or a window set below them could never open.
        let needed = settings.minimum_calls.max(settings.consecutive);
        let most = settings.window.max(needed) as usize;
        let oldest = Millis(settings.window_ms.into());
        while self
            .samples
            .front()
            .is_some_and(|sample| now - sample.at >= oldest || self.samples.len() > most)
        {
            self.samples.pop_front();
        }
    }

    pub(super) fn clear(&mut self) {
        self.samples.clear();
    }

    /// What is in the window now.
    pub(super) fn counts(&self, now: Instant, settings: &BreakerSettings) -> Counts {
        let oldest = Millis(settings.window_ms.into());
        let recent = self.samples.iter().filter(|each| now - each.at < oldest);
        recent.fold(Counts::default(), |counts, each| Counts {
            calls: counts.calls + 1,
            failures: counts.failures + u32::from(each.failed),
            slow: counts.slow + u32::from(each.slow),
            in_a_row: if each.failed { counts.in_a_row + 1 } else { 0 },
        })
    }
}

impl Counts {
    /// Whether they are reason to open, and which.
    pub(super) fn trip(&self, settings: &BreakerSettings) -> Option<Trip> {
        if settings.consecutive > 0 && self.in_a_row >= settings.consecutive {
            return Some(Trip::InARow);
        }
        if self.calls < settings.minimum_calls {
            return None;
        }
        let reaches = |part: u32, percent: u32| {
            u64::from(part) * 100 >= u64::from(self.calls) * u64::from(percent)
        };
        if reaches(self.failures, settings.failure_percent) {
            return Some(Trip::Failures);
        }
        (settings.slow_ms > 0 && reaches(self.slow, settings.slow_percent)).then_some(Trip::Slow)
    }
}

/// Why a breaker opens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Trip {
    Failures,
    InARow,
    Slow,
}
