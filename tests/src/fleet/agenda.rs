//! What will happen, by time; at the same time, in the order in which it was entered.
//!
//! Only what happens in the second at hand is kept sorted. Later seconds are heaps of paper: most timers are set, and never looked at
//! again until they have lost their meaning, and a heap with all of them would be read from memory at each step.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

use tidegate_contract::Draw;
use tidegate_core::Instant;

use crate::policy::Token;

/// Something that will happen.
#[derive(Clone, Copy, Debug)]
pub(super) enum Event {
    /// Somebody wants something for the first time.
    Arrive(Draw),
    /// The answer to an attempt reaches its client.
    Land(u32),
    /// A client wants to probe.
    Probe(u32),
    /// An attempt reaches the backend.
    Reach(u32),
    /// A client asks again for one of the things on its page.
    Reload(u32, Draw),
    /// The backend is another one from now on.
    Shift(u32),
    /// A request said to wait until now.
    Wake(Token),
}

#[derive(Debug)]
struct Entry {
    at: Instant,
    order: u64,
    event: Event,
}

/// The events to come.
#[derive(Debug, Default)]
pub(super) struct Agenda {
    /// Everything up to the end of `second`. Empty only if there is nothing at all.
    soon: BinaryHeap<Entry>,
    second: u64,
    later: BTreeMap<u64, Vec<Entry>>,
    order: u64,
}

impl Agenda {
    pub(super) fn add(&mut self, at: Instant, event: Event) {
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

    pub(super) fn next_at(&self) -> Option<Instant> {
        self.soon.peek().map(|entry| entry.at)
    }

    pub(super) fn pop(&mut self) -> Option<(Instant, Event)> {
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

impl Ord for Entry {
    /// The heap gives the greatest first, which has to be the earliest.
    fn cmp(&self, other: &Entry) -> Ordering {
        (other.at, other.order).cmp(&(self.at, self.order))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Entry) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Entry) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Entry {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_by_time_and_then_in_the_order_in_which_they_were_entered() {
        let mut agenda = Agenda::default();
        for (number, at_ms) in [(0, 5_500), (1, 900), (2, 5_500), (3, 1_000), (4, 5_100)] {
            agenda.add(Instant::from_millis(at_ms), Event::Land(number));
        }
        let mut order = Vec::new();
        while let Some((_, event)) = agenda.pop() {
            if let Event::Land(number) = event {
                order.push(number);
            }
            // Entered while others are due: it comes between them.
            if order == [1] {
                agenda.add(Instant::from_millis(950), Event::Land(9));
            }
        }
        assert_eq!(order, [1, 9, 3, 4, 0, 2]);
    }
}
