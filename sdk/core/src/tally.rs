//! What became of the calls of the last minute.
//!
//! Counted in two halves of half a minute that take turns with the clock, as in [`Sketch`](crate::Sketch): nothing ticks, and after a
//! night asleep nothing of the evening before counts.

use crate::time::{Instant, Millis};

/// Half of the time that is looked at.
const HALF: Millis = Millis(30_000);

/// Calls by what became of them.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Ends {
    /// All that ended, but for those that were cancelled.
    pub(crate) all: u32,
    /// No answer, or a failing one.
    pub(crate) failed: u32,
    /// An answer that was kept earlier.
    pub(crate) kept: u32,
    /// Nothing was kept where it could have been.
    pub(crate) missed: u32,
}

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    turn: u64,
    young: Ends,
    old: Ends,
}

impl Tally {
    pub(crate) fn add(&mut self, now: Instant, ends: Ends) {
        self.rotate(now);
        self.young = sum(self.young, ends);
    }

    /// Of the last half minute to minute.
    pub(crate) fn ends(mut self, now: Instant) -> Ends {
        self.rotate(now);
        sum(self.young, self.old)
    }

    fn rotate(&mut self, now: Instant) {
        let turn = now.as_millis() / HALF.0;
        match turn.saturating_sub(self.turn) {
            0 => return,
            1 => self.old = self.young,
            _ => self.old = Ends::default(),
        }
        self.young = Ends::default();
        self.turn = turn;
    }
}

fn sum(one: Ends, other: Ends) -> Ends {
    Ends {
        all: one.all.saturating_add(other.all),
        failed: one.failed.saturating_add(other.failed),
        kept: one.kept.saturating_add(other.kept),
        missed: one.missed.saturating_add(other.missed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[test]
    fn what_is_older_than_a_minute_does_not_count() {
        let one = Ends {
            all: 1,
            ..Ends::default()
        };
        let mut tally = Tally::default();
        for second in 0..100 {
            tally.add(Instant::from_millis(second * 1_000), one);
        }
        let counted = tally.ends(Instant::from_millis(99_000)).all;
        assert!((30..=60).contains(&counted), "{counted}");
        assert_eq!(tally.ends(Instant::from_millis(200_000)), Ends::default());
    }
}
