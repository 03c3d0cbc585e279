//! A concurrency limit that follows what the backend can take.
//!
//! The rule is AIMD, *additive increase, multiplicative decrease* (Chiu, Jain: *Analysis of the increase and decrease algorithms*,
//! 1989), on the median of a window of round trips, one decision a window:
//!
//! - more than a tenth of the attempts were dropped (timed out, turned away as too many): the limit falls by a fifth;
//! - the median is above the *calm* round trip by more than the tolerance: the limit falls by a tenth;
//! - otherwise it grows by one.
//!
//! The calm round trip is measured as Envoy's adaptive concurrency filter measures its minimum: on attempts that were sent while at
//! most half of the limit was in use, which leaves no queue of our own. A page in bursts sends those by itself; for one that never
//! does, the limit is halved for one window in nine. A median and not a minimum, because the minimum of many noisy windows is a
//! round trip that nothing else ever reaches again.
//!
//! What published limits do wrong, and the rule here:
//!
//! | defect | rule |
//! |---|---|
//! | grows while everything times out (Netflix concurrency-limits 137) | a dropped attempt is never a fast one; a few end the window |
//! | takes an overloaded round trip for the calm one (165) | only calm attempts; one beyond the tolerance counts for at most a doubling a minute |
//! | drifts upward while it is not in use | attempts sent below half of the limit decide nothing |
//! | decides twice on the same congestion | only attempts that were sent after the last change count |
//! | fails on a round trip of 0 (its Vegas) | a coarse clock's 0 is a round trip below a millisecond |
//! | is never below 20 | from 1 |

use super::window::Window;
use crate::time::{Instant, Millis};

/// The numbers of an adaptive limit.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AdaptiveSettings {
    /// The limit is never below; 0 is as good as 1.
    pub minimum: u32,
    /// The limit is never above.
    pub maximum: u32,
    /// Round trips that make a window; 0 is as good as 1, above 128 is as good as 128.
    pub samples: u32,
    /// How long a window is at least.
    pub window_ms: u32,
    /// How much slower than calm is still well, in percent: 50 is one and a half times the calm round trip.
    pub tolerance_percent: u32,
}

/// What an attempt says about the load of the backend.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Evidence {
    /// It was answered, and the time that took counts.
    Answered,
    /// It timed out or was turned away because there were too many.
    Dropped,
    /// Nothing: it was cancelled, or failed for a reason that has nothing to do with load.
    Neither,
}

/// An attempt that is over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RoundTrip {
    /// When it was sent.
    pub sent: Instant,
    /// How many were out when it was sent, itself included.
    pub in_flight: u32,
    /// What it says.
    pub evidence: Evidence,
}

/// Windows at the limit without a calm one, after which one is made.
const WINDOWS_BETWEEN_PROBES: u32 = 8;
/// The longest that a limit is halved for a calm window. A page that sends less than a window in this time needs no limit.
const LONGEST_PROBE: Millis = Millis(5_000);
/// The time in which calm round trips beyond the tolerance may at most double what counts as calm.
const DOUBLING: Millis = Millis(60_000);
/// The limit is kept in thousandths, so that a tenth of a small one is not lost.
const WHOLE: u64 = 1_000;

/// A limit that adapts.
#[derive(Clone, Debug)]
pub struct Adaptive {
    limit: u64,
    /// The calm round trip in microseconds, and when it was last measured.
    calm: Option<(u64, Instant)>,
    /// Attempts sent before this say nothing about the limit that is in force.
    changed: Instant,
    busy: Window,
    quiet: Window,
    /// Busy windows since the last quiet one.
    unprobed: u32,
    /// Until when the limit is halved.
    probe: Option<Instant>,
}

impl Adaptive {
    /// A limit that starts from a number, for instance from the highest: without evidence there is no reason to hold back.
    #[must_use]
    pub fn new(limit: u32) -> Adaptive {
        Adaptive {
            limit: u64::from(limit.max(1)) * WHOLE,
            calm: None,
            changed: Instant::START,
            busy: Window::new(Instant::START),
            quiet: Window::new(Instant::START),
            unprobed: 0,
            probe: None,
        }
    }

    /// The limit in force.
    #[must_use]
    pub fn limit(&self, now: Instant, settings: &AdaptiveSettings) -> u32 {
        let limit = self.whole(settings);
        match self.probe {
            Some(until) if now < until => (limit / 2).max(1),
            _ => limit,
        }
    }

    /// When the limit changes by time alone.
    #[must_use]
    pub fn deadline(&self) -> Instant {
        self.probe.unwrap_or(Instant::NEVER)
    }

    /// The calm round trip, once it is known.
    #[must_use]
    pub fn calm(&self) -> Option<Millis> {
        self.calm.map(|(micros, _)| Millis(micros / 1_000))
    }

    /// An attempt is over. The limit may be another afterwards.
    pub fn settle(&mut self, now: Instant, trip: &RoundTrip, settings: &AdaptiveSettings) {
        if trip.evidence == Evidence::Neither || trip.sent < self.changed {
            return;
        }
        let limit = self.whole(settings);
        let in_use = u64::from(trip.in_flight) * 2 > u64::from(limit);
        if trip.in_flight <= (limit / 2).max(1) && trip.evidence == Evidence::Answered {
            self.quiet.take(now, trip);
            if self.quiet.full(now, settings) {
                self.measure(now, settings);
            }
        }
        if in_use || trip.evidence == Evidence::Dropped {
            self.busy.take(now, trip);
            self.decide(now, settings);
        }
        if self.probe.is_some_and(|until| now >= until) {
            self.end_probe(now);
        }
    }

    /// A window at the limit, if it is complete, moves it.
    fn decide(&mut self, now: Instant, settings: &AdaptiveSettings) {
        if self.busy.overloaded() {
            self.change(now, self.limit * 4 / 5, settings);
        } else if self.busy.full(now, settings) {
            let calm = self.calm.map(|(micros, _)| micros);
            let congested = self.busy.median() > calm.map(|calm| tolerated(calm, settings));
            let limit = match calm {
                None => self.limit,
                Some(_) if congested => self.limit * 9 / 10,
                Some(_) => self.limit.saturating_add(WHOLE),
            };
            self.unprobed += 1;
            self.change(now, limit, settings);
            if calm.is_none() || self.unprobed >= WINDOWS_BETWEEN_PROBES {
                self.probe = Some(now + LONGEST_PROBE);
                self.quiet = Window::new(now);
            }
        }
    }

    /// A complete quiet window moves what counts as calm.
    fn measure(&mut self, now: Instant, settings: &AdaptiveSettings) {
        let Some(median) = self.quiet.median() else {
            return;
        };
        let micros = match self.calm {
            None => median,
            // What counted as calm was not.
            Some((calm, _)) if calm > tolerated(median, settings) => median,
            Some((calm, _)) if median <= tolerated(calm, settings) => {
                (calm.saturating_mul(3).saturating_add(median)) / 4
            }
            // Somebody else's load, or a backend that is slower for good: only time can tell.
            Some((calm, at)) => {
                let elapsed = (now - at).0.min(DOUBLING.0);
                let rise = calm.saturating_mul(elapsed) / DOUBLING.0;
                median.min(calm.saturating_add(rise))
            }
        };
        self.calm = Some((micros, now));
        self.quiet = Window::new(now);
        self.end_probe(now);
    }

    fn end_probe(&mut self, now: Instant) {
        self.unprobed = 0;
        if self.probe.take().is_some() {
            self.busy = Window::new(now);
            self.changed = now;
        }
    }

    fn change(&mut self, now: Instant, limit: u64, settings: &AdaptiveSettings) {
        let (least, most) = bounds(settings);
        self.limit = limit.clamp(least * WHOLE, most * WHOLE);
        self.changed = now;
        self.busy = Window::new(now);
    }

    fn whole(&self, settings: &AdaptiveSettings) -> u32 {
        let (least, most) = bounds(settings);
        (self.limit / WHOLE).clamp(least, most) as u32
    }
}

fn bounds(settings: &AdaptiveSettings) -> (u64, u64) {
    let least = settings.minimum.max(1);
    (least.into(), settings.maximum.max(least).into())
}

/// The longest round trip that is well.
fn tolerated(calm: u64, settings: &AdaptiveSettings) -> u64 {
    let percent = 100 + u64::from(settings.tolerance_percent);
    calm.saturating_mul(percent) / 100
}
