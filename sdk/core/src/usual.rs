//! How long a route usually takes, in eight bytes.
//!
//! A running estimate of the median: up a sixteenth of itself when an answer took longer, down when it took less (*Frugal streaming*, Ma,
//! Muthukrishnan and Sandler, 2013). An answer so late that it looked like trouble moves it by a quarter: a backend that is slow for good
//! is to be known as one before long, for it is not in trouble.

use crate::evidence::Evidence;
use crate::time::Millis;

/// Service times are log-normal, with a sigma of 0.5 to 0.7 in measured services: one in a thousand takes eight medians.
const LATE: u64 = 8;
/// A second is what people take for "at once, nearly"; nobody is late before.
const SHORTEST: u64 = 1_000;
/// Whoever is not late by then is so for a page's user, unless it always takes half as long at least.
const LONGEST: u64 = 5_000;
/// An answer quicker than a quarter of what is usual did not come from where the others come from.
const QUICK: u64 = 4;
/// One that took three times as long waited in a queue.
const STRAINED: u64 = 3;

/// The usual time of a route.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Usual {
    micros: u32,
    answers: u32,
}

impl Usual {
    /// An answer took this long.
    pub(crate) fn add(&mut self, took: Millis) {
        // What is late for good has to become usual before long.
        let share = if took > self.late() { 4 } else { 16 };
        let took = (took.0.min(60_000) * 1_000) as u32;
        self.answers = self.answers.saturating_add(1);
        let step = (self.micros / share).max(1);
        self.micros = match self.answers {
            1 => took,
            _ if took > self.micros => (self.micros + step).min(took),
            _ => self.micros.saturating_sub(step).max(took),
        };
    }

    /// Whether an answer that took this long teaches something in times of trouble: a queue that stands does not, and is not to become
    /// usual.
    pub(crate) fn learns_in_trouble(self, took: Millis) -> bool {
        took > self.late() || took.0 * 1_000 < u64::from(self.micros)
    }

    /// What an answer says that took this long.
    pub(crate) fn compare(self, took: Millis) -> Evidence {
        let (usual, took) = (u64::from(self.micros), took.0 * 1_000);
        match self.answers {
            0 => Evidence::Strained,
            _ if took < usual / QUICK => Evidence::Quick,
            _ if took > usual * STRAINED => Evidence::Strained,
            _ => Evidence::Works,
        }
    }

    /// How long an attempt is out when that is more than chance.
    pub(crate) fn late(self) -> Millis {
        // What other routes take says nothing about this one.
        if self.answers == 0 {
            return Millis(u64::MAX);
        }
        let usual = u64::from(self.micros) / 1_000;
        Millis((usual * LATE).clamp(SHORTEST, LONGEST).max(usual * 2))
    }
}
