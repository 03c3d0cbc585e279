//! How often an origin is asked, when it is asked too much.
//!
//! A limit on how many requests are in flight has nothing to hold on to in a browser that has one in flight, now and then. What can be
//! limited is the *rate*, below one a second if need be (GCRA, with a burst of two). It starts at half of what the client was sending,
//! or after a shut gate at what it usually sends; it halves with every sign of overload, but not below half of the usual rate. An answer
//! as prompt as ever makes it four times as fast, one that waited in a queue an eighth faster, and five seconds without either double
//! it: whoever asks rarely would else be the last to learn that it may ask again. It is gone once it is well above what the client
//! wants.
//!
//! The usual rate is the anchor because it is the one thing a client knows that the fleet has in common: if all come back at what they
//! usually send, they come back at what the backend usually bears.

use crate::demand::Demand;
use crate::time::{Instant, Millis};

/// However bad it is, one request in this time goes out: how else would one know.
const SLOWEST: Millis = Millis(5_000);
/// Signs that come together are of one cause.
const ONE_CUT_IN: Millis = Millis(1_000);
/// Without any sign it doubles in this time.
const DOUBLES_IN: Millis = Millis(5_000);

/// A learned rate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    interval: Millis,
    slowest: Millis,
    /// When the next one may go.
    next: Instant,
    cut_at: Instant,
    grown_at: Instant,
}

impl Pace {
    /// A pace of this interval; one may go at once.
    pub(crate) fn new(now: Instant, interval: Millis, slowest: Millis) -> Pace {
        let slowest = slowest.min(SLOWEST);
        Pace {
            slowest,
            interval: interval.min(slowest),
            next: now,
            cut_at: now,
            grown_at: now,
        }
    }

    /// Without a sign of overload it doubles by itself: whoever asks rarely learns late that it may ask more.
    pub(crate) fn tick(&mut self, now: Instant) {
        while now - self.grown_at >= DOUBLES_IN && self.interval > Millis::ZERO {
            self.grown_at = self.grown_at + DOUBLES_IN;
            self.shorten(Millis(self.interval.0 / 2));
        }
    }

    /// A sign of overload.
    pub(crate) fn cut(&mut self, now: Instant, slowest: Millis) {
        self.slowest = slowest.min(SLOWEST);
        self.grown_at = now;
        if now - self.cut_at >= ONE_CUT_IN {
            self.interval = Millis(self.interval.0 * 2).min(self.slowest);
            self.cut_at = now;
            self.next = self.next.max(now);
        }
    }

    /// An answer in time. Whether the pace is still one.
    pub(crate) fn grow(&mut self, now: Instant, prompt: bool, demand: Demand) -> bool {
        let shorter = Millis(if prompt {
            self.interval.0 / 4
        } else {
            self.interval.0 * 7 / 8
        });
        self.shorten(shorter);
        self.grown_at = now;
        shorter.0 * 5 / 4 > demand.present(now).0
    }

    fn shorten(&mut self, shorter: Millis) {
        let saved = Millis(self.interval.0 - shorter.0);
        self.interval = shorter;
        self.next = earlier(self.next, saved);
    }

    /// When the one behind `ahead` others may go.
    pub(crate) fn turn(&self, ahead: usize) -> Instant {
        let next = self.next + Millis(self.interval.0.saturating_mul(ahead as u64));
        // One may be early by one interval: a burst of two.
        earlier(next, self.interval)
    }

    /// One goes.
    pub(crate) fn take(&mut self, now: Instant) {
        self.next = self.next.max(now) + self.interval;
    }
}

fn earlier(at: Instant, by: Millis) -> Instant {
    Instant::from_micros(at.as_micros().saturating_sub(by.0.saturating_mul(1_000)))
}
