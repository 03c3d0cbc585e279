//! How many streams are accepted per second, and how many may wait for it: what a herd of returning clients meets. Pure.
//!
//! Each that waits has a turn of its own, so there are as many turns as there are to take them. First come, first served: it takes its own.
//! Last come, first served: whoever's turn it is gives it to the latest, and takes that one's. Whoever leaves while waiting has used up its
//! turn all the same, as an abandoned handshake does.

use std::collections::BTreeMap;
use std::sync::Arc;

use tidegate_contract::feed::{AcceptLimit, AcceptOrder};
use tidegate_core::Instant;
use tokio::sync::Notify;

/// The turns that have been given away.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    /// The first turn that is still free.
    next: Instant,
    order: AcceptOrder,
    last_ticket: u64,
    /// The turns of those that wait, in the order in which they came, and what tells them that it is now.
    waiting: BTreeMap<u64, (Instant, Arc<Notify>)>,
}

/// A place in the queue.
#[derive(Clone, Debug)]
pub(crate) struct Admission {
    pub(crate) ticket: u64,
    pub(crate) wake: Arc<Notify>,
}

impl Gate {
    /// A place for a stream that is asked for `now`; `None` when too many are waiting.
    pub(crate) fn admit(&mut self, now: Instant, limit: Option<AcceptLimit>) -> Option<Admission> {
        self.last_ticket += 1;
        let admission = Admission {
            ticket: self.last_ticket,
            wake: Arc::new(Notify::new()),
        };
        let Some(AcceptLimit {
            per_second,
            backlog,
            order,
        }) = limit
        else {
            return Some(admission);
        };
        self.order = order;
        let turn = 1_000_000 / u64::from(per_second.max(1));
        let at = self.next.max(now);
        let waiting = (at.as_micros() - now.as_micros()).div_ceil(turn);
        if waiting > backlog.into() {
            return None;
        }
        self.next = Instant::from_micros(at.as_micros().saturating_add(turn));
        if at > now {
            let wake = admission.wake.clone();
            self.waiting.insert(admission.ticket, (at, wake));
        }
        Some(admission)
    }

    /// When to ask again; `None` when its turn has come.
    pub(crate) fn poll(&mut self, now: Instant, ticket: u64) -> Option<Instant> {
        loop {
            let &(at, _) = self.waiting.get(&ticket)?;
            if at > now {
                return Some(at);
            }
            if self.order == AcceptOrder::Fifo {
                self.waiting.remove(&ticket);
                return None;
            }
            let (latest, (later, wake)) = self.waiting.pop_last()?;
            if latest == ticket {
                return None;
            }
            wake.notify_one();
            if let Some((at, _)) = self.waiting.get_mut(&ticket) {
                *at = later;
            }
        }
    }

    /// Somebody waits no more.
    pub(crate) fn leave(&mut self, ticket: u64) {
        self.waiting.remove(&ticket);
    }

    /// Nobody has to wait any more.
    pub(crate) fn restart(&mut self) {
        self.next = Instant::START;
        for (_, wake) in std::mem::take(&mut self.waiting).into_values() {
            wake.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten_a_second(order: AcceptOrder) -> Option<AcceptLimit> {
        Some(AcceptLimit {
            per_second: 10,
            backlog: 3,
            order,
        })
    }

    /// When each of so many that come now is told to ask again.
    fn turns(gate: &mut Gate, now: u64, count: usize) -> Vec<Option<u64>> {
        let now = Instant::from_millis(now);
        let limit = ten_a_second(AcceptOrder::Fifo);
        let mut turns = Vec::new();
        for _ in 0..count {
            let admission = gate.admit(now, limit);
            let at = admission.map(|place| gate.poll(now, place.ticket).unwrap_or(now));
            turns.push(at.map(Instant::as_millis));
        }
        turns
    }

    /// Who is let in at which time, by the number in which they came.
    fn let_in(order: AcceptOrder, leaves: Option<usize>) -> Vec<(u64, usize)> {
        let mut gate = Gate::default();
        let now = Instant::START;
        let mut places: Vec<_> = (0..4)
            .filter_map(|_| gate.admit(now, ten_a_second(order)))
            .map(|place| Some(place.ticket))
            .collect();
        if let Some(left) = leaves.and_then(|who| places[who].take()) {
            gate.leave(left);
        }
        let mut let_in = Vec::new();
        for millis in (0..=400).step_by(50) {
            // Whoever is called in another's turn asks again at once.
            for _ in 0..2 {
                for (who, place) in places.iter_mut().enumerate() {
                    let now = Instant::from_millis(millis);
                    if place.is_some_and(|ticket| gate.poll(now, ticket).is_none()) {
                        *place = None;
                        let_in.push((millis, who));
                    }
                }
            }
        }
        let_in
    }

    #[test]
    fn turns_are_given_in_order_until_the_backlog_is_full() {
        let mut gate = Gate::default();
        let expected = [Some(0), Some(100), Some(200), Some(300), None, None];
        assert_eq!(turns(&mut gate, 0, 6), expected);
        assert_eq!(turns(&mut gate, 150, 2), [Some(400), None]);
        assert_eq!(turns(&mut gate, 5_000, 1), [Some(5_000)]);
    }

    #[test]
    fn who_came_first_or_who_came_last_is_next() {
        let first = [(0, 0), (100, 1), (200, 2), (300, 3)];
        assert_eq!(let_in(AcceptOrder::Fifo, None), first);
        let last = [(0, 0), (100, 3), (200, 2), (300, 1)];
        assert_eq!(let_in(AcceptOrder::Lifo, None), last);
    }

    #[test]
    fn who_leaves_has_used_up_a_turn_and_keeps_nobody_waiting() {
        let first = [(0, 0), (200, 2), (300, 3)];
        assert_eq!(let_in(AcceptOrder::Fifo, Some(1)), first);
        let last = [(0, 0), (100, 2), (200, 1)];
        assert_eq!(let_in(AcceptOrder::Lifo, Some(3)), last);
    }

    #[test]
    fn a_restart_lets_everybody_in() {
        let mut gate = Gate::default();
        let limit = ten_a_second(AcceptOrder::Fifo);
        let places = [(); 3].map(|()| gate.admit(Instant::START, limit).unwrap());
        gate.restart();
        for place in places {
            assert_eq!(gate.poll(Instant::START, place.ticket), None);
        }
    }

    #[test]
    fn without_a_limit_everybody_is_accepted_at_once() {
        let now = Instant::from_millis(7);
        let mut gate = Gate::default();
        for _ in 0..1_000 {
            let place = gate.admit(now, None).unwrap();
            assert_eq!(gate.poll(now, place.ticket), None);
        }
    }
}
