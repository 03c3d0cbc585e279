//! The admission level: one number that says how much of what they want clients should send.
//!
//! Once a second: when the wait is longer than half a second the level falls to 0.7 of what it was (never below 0.02), else it rises to
//! 1.25 of it plus 0.01 (never above 1). The idea is DAGOR's (WeChat, SoCC 2018): the level travels back to the senders, who drop before
//! they send.

use tidegate_core::{Instant, Millis};

use crate::micros::Micros;

/// A wait above which a backend is not ready.
pub(super) const READY: Micros = Micros::from_millis(500);

const SECOND: Millis = Millis::from_secs(1);
// More steps than any level takes to reach its end; a clock that leaps a year ahead costs no more.
const ENOUGH: u64 = 64;

#[derive(Debug)]
pub(super) struct Level {
    value: f64,
    next: Instant,
}

impl Level {
    pub(super) fn new(now: Instant) -> Level {
        Level {
            value: 1.0,
            next: now + SECOND,
        }
    }

    /// Lets the time run to `now`, in which the wait was always this.
    pub(super) fn run(&mut self, now: Instant, wait: Micros) {
        if now < self.next {
            return;
        }
        let seconds = Micros::since(now, self.next).0 / 1_000_000 + 1;
        for _ in 0..seconds.min(ENOUGH) {
            self.value = if wait > READY {
                (self.value * 0.7).max(0.02)
            } else {
                (self.value * 1.25 + 0.01).min(1.0)
            };
        }
        self.next = self.next + Millis::from_secs(seconds);
    }

    /// In thousandths.
    pub(super) fn permille(&self) -> u32 {
        (self.value * 1_000.0 + 0.5) as u32
    }
}
