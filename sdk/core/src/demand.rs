//! How often a client wants something of an origin: at present, and usually.
//!
//! Both are counts that fade evenly, over twenty seconds and over five minutes. What is wanted while something is wrong does not count as
//! usual: people who click again would else make their clicking the norm.

use crate::time::{Instant, Millis};

/// What a page asks for in its first moment is fewer things than this.
const USED: u32 = 5;

/// How often a client wants something of an origin: a count that fades.
#[derive(Clone, Copy, Debug)]
struct Count<const MEMORY_MS: u64> {
    /// In thousandths of a request.
    count: u64,
    at: Instant,
}

impl<const MEMORY_MS: u64> Count<MEMORY_MS> {
    fn at(&self, now: Instant) -> u64 {
        let gone = (now - self.at).0.min(MEMORY_MS);
        self.count - self.count * gone / MEMORY_MS
    }

    fn add(&mut self, now: Instant) {
        self.count = self.at(now) + 1_000;
        self.at = now;
    }
}

/// What a client wants of an origin: at present, and usually.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Demand {
    /// All that was ever wanted.
    total: u32,
    first: Option<Instant>,
    present: Count<20_000>,
    usual: Count<300_000>,
}

impl Demand {
    pub(crate) fn new() -> Demand {
        Demand {
            total: 0,
            first: None,
            present: Count {
                count: 0,
                at: Instant::START,
            },
            usual: Count {
                count: 0,
                at: Instant::START,
            },
        }
    }

    /// One more request. In times of `trouble` it says nothing about what is usual.
    pub(crate) fn add(&mut self, now: Instant, trouble: bool) {
        self.total = self.total.saturating_add(1);
        self.first = self.first.or(Some(now));
        self.present.add(now);
        if !trouble {
            self.usual.add(now);
        }
    }

    /// Whether it is one that somebody uses, and not one that has asked for a thing or two.
    pub(crate) fn is_used(&self) -> bool {
        self.total >= USED
    }

    /// When it wanted something last.
    pub(crate) fn last(&self) -> Instant {
        self.present.at
    }

    /// The time between two at present.
    pub(crate) fn present(&self, now: Instant) -> Millis {
        Millis(20_000 * 1_000 / self.present.at(now).max(1))
    }

    /// Whether the client wants much more than it usually does.
    pub(crate) fn surges(&self, now: Instant) -> bool {
        self.present(now).0 * 2 < self.usual(now).0
    }

    /// The slowest pace that makes sense: half of what the client usually wants.
    pub(crate) fn slowest(&self, now: Instant) -> Millis {
        Millis(self.usual(now).0 * 2)
    }

    /// The usual time between two.
    pub(crate) fn usual(&self, now: Instant) -> Millis {
        let life = self.first.map_or(Millis::ZERO, |first| now - first);
        let over = life.0.clamp(10_000, 300_000);
        Millis(over * 1_000 / self.usual.at(now).max(1))
    }
}
