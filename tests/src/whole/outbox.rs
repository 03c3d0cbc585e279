//! Writes that were saved, sent later as a scavenger: one at a time, and only of what the backend has to spare.
//!
//! The first goes half a minute after it was saved, drawn from the upper half so that browsers do not come together. An answer within half
//! a second halves the distance to the next, anything else doubles it. While all is not well nothing is sent. Sent at once, the writes of
//! a spike would be a second one.

use std::collections::VecDeque;

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

const START: Millis = Millis(30_000);
const SHORTEST: Millis = Millis(1_000);
const LONGEST: Millis = Millis(120_000);
const QUICK: Millis = Millis(500);

/// A write that was saved.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Entry {
    /// The intent's number, of which its key is made.
    pub(super) number: u64,
    /// The intent's luck.
    pub(super) luck: Draw,
    /// When its user wanted it.
    pub(super) begun: Instant,
    /// How often it was asked for.
    pub(super) asked: u32,
}

/// What one browser has saved.
#[derive(Debug)]
pub(super) struct Outbox {
    entries: VecDeque<Entry>,
    gap: Millis,
    due: Instant,
    /// The one that is being sent.
    out: Option<Entry>,
    luck: Draw,
}

impl Outbox {
    pub(super) fn new(luck: Draw) -> Outbox {
        Outbox {
            entries: VecDeque::new(),
            gap: START,
            due: Instant::NEVER,
            out: None,
            luck,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len() + usize::from(self.out.is_some())
    }

    pub(super) fn put(&mut self, now: Instant, entry: Entry) {
        if self.len() == 0 {
            self.gap = START;
            self.rest(now);
        }
        self.entries.push_back(entry);
    }

    /// When the next is to be sent.
    pub(super) fn due(&self) -> Instant {
        match (self.entries.is_empty(), self.out) {
            (false, None) => self.due,
            _ => Instant::NEVER,
        }
    }

    /// The next, to be sent now.
    pub(super) fn take(&mut self, now: Instant) -> Option<Entry> {
        if self.due() > now {
            return None;
        }
        self.out = self.entries.pop_front();
        self.out
    }

    /// All is not well: not now.
    pub(super) fn postpone(&mut self, now: Instant) {
        self.rest(now);
    }

    /// The one that was out has been done, or has not.
    pub(super) fn settle(&mut self, now: Instant, took: Millis, done: bool) {
        let quick = done && took <= QUICK;
        let gap = if quick {
            self.gap.0 / 2
        } else {
            self.gap.0 * 2
        };
        self.gap = Millis(gap.clamp(SHORTEST.0, LONGEST.0));
        if let Some(entry) = self.out.take().filter(|_| !done) {
            self.entries.push_front(Entry {
                asked: entry.asked + 1,
                ..entry
            });
        }
        self.rest(now);
    }

    fn rest(&mut self, now: Instant) {
        self.luck = self.luck.next();
        let half = self.gap.0 / 2;
        self.due = now + Millis(half + self.luck.below(half + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(number: u64) -> Entry {
        Entry {
            number,
            luck: Draw::from_seed(number),
            begun: Instant::START,
            asked: 1,
        }
    }

    #[test]
    fn one_goes_at_a_time_sooner_when_it_is_quick_and_later_when_it_is_slow() {
        let mut outbox = Outbox::new(Draw::from_seed(1));
        for number in 0..3 {
            outbox.put(Instant::START, entry(number));
        }
        let first = outbox.due();
        assert!((15_000..=30_000).contains(&first.as_millis()), "{first:?}");
        assert_eq!(outbox.take(Instant::START), None);
        assert_eq!(outbox.take(first), Some(entry(0)));
        assert_eq!((outbox.due(), outbox.len()), (Instant::NEVER, 3));
        outbox.settle(first, Millis(100), true);
        let second = outbox.due();
        assert!((7_500..=15_000).contains(&(second - first).0));
        assert_eq!(outbox.take(second), Some(entry(1)));
        outbox.settle(second, Millis(600), true);
        assert!((15_000..=30_000).contains(&(outbox.due() - second).0));
    }

    #[test]
    fn what_was_not_done_is_sent_again_before_the_others() {
        let mut outbox = Outbox::new(Draw::from_seed(1));
        outbox.put(Instant::START, entry(0));
        outbox.put(Instant::START, entry(1));
        let due = outbox.due();
        let _ = outbox.take(due);
        outbox.settle(due, Millis(40), false);
        assert!((30_000..=60_000).contains(&(outbox.due() - due).0));
        let again = outbox.take(outbox.due());
        assert_eq!(again.map(|entry| (entry.number, entry.asked)), Some((0, 2)));
    }
}
