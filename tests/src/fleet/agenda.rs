//! What will happen, by time; at the same time, in the order in which it was entered.
//!
//! Only what happens in the second at hand is kept sorted. Later seconds are heaps of paper: most timers are set, and never looked at
//! again until they have lost their meaning, and a heap with all of them would be read from memory at each step.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use tidegate_core::Instant;

#[derive(Debug)]
struct Entry<E> {
    at: Instant,
    order: u64,
    event: E,
}

/// The events to come.
#[derive(Debug)]
pub(crate) struct Agenda<E> {
    /// Everything up to the end of `second`. Empty only if there is nothing at all.
    soon: BinaryHeap<Entry<E>>,
    second: u64,
    later: BTreeMap<u64, Vec<Entry<E>>>,
    order: u64,
}

impl<E> Agenda<E> {
    pub(crate) fn new() -> Agenda<E> {
        Agenda {
            soon: BinaryHeap::new(),
            second: 0,
            later: BTreeMap::new(),
            order: 0,
        }
    }

    pub(crate) fn add(&mut self, at: Instant, event: E) {
        self.order += 1;
        let order = self.order;
        let entry = Entry { at, order, event };
        let second = at.as_millis() / 1_000;
        if self.soon.is_empty() {
            self.second = second;
        }
        if second <= self.second {
            self.soon.push(entry);
        } else {
            self.later.entry(second).or_default().push(entry);
        }
    }

    pub(crate) fn next_at(&self) -> Option<Instant> {
        self.soon.peek().map(|entry| entry.at)
    }

    pub(crate) fn pop(&mut self) -> Option<(Instant, E)> {
        let entry = self.soon.pop()?;
        if self.soon.is_empty()
            && let Some((second, entries)) = self.later.pop_first()
        {
            self.second = second;
            self.soon = entries.into();
        }
        Some((entry.at, entry.event))
    }
}

impl<E> Ord for Entry<E> {
    /// The heap gives the greatest first, which has to be the earliest.
    fn cmp(&self, other: &Entry<E>) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Entry<E>) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Entry<E>) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<E> Eq for Entry<E> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_in_the_order_in_which_they_were_entered() {
        let mut agenda = Agenda::new();
        for (number, at_ms) in [(0, 5_500), (1, 900), (2, 5_500), (3, 1_000), (4, 5_100)] {
            agenda.add(Instant::from_millis(at_ms), number);
        }
        let mut order = Vec::new();
        while let Some((_, number)) = agenda.pop() {
            order.push(number);
            // Entered while others are due: it comes between them.
            if order == [1] {
                agenda.add(Instant::from_millis(950), 9);
            }
        }
        assert_eq!(order, [1, 9, 3, 4, 0, 2]);
    }
}
