//! The server: it accepts so many a second, first come, first served.
//!
//! Its backlog has an end; what comes when it is full is refused at once. Who gives up waiting has a place in it all the same, and the turn is
//! lost when it comes: a server finds out that the other end is gone when it has done the work.

use std::collections::VecDeque;

use super::case::Case;

/// Somebody who waits to be accepted.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Place {
    pub(super) client: u32,
    /// Which of its attempts.
    pub(super) link: u64,
}

#[derive(Debug)]
pub(super) struct Queue {
    room: usize,
    per_second: u64,
    up_at: u64,
    waiting: VecDeque<Place>,
    /// When the next may be accepted, in microseconds.
    next: u64,
}

impl Queue {
    pub(super) fn new(case: &Case) -> Queue {
        Queue {
            room: case.per_second as usize * case.backlog_s as usize,
            per_second: case.per_second.into(),
            up_at: case.down_s * 1_000_000,
            waiting: VecDeque::new(),
            next: 0,
        }
    }

    /// Whether a newcomer has a place; if not, it is refused.
    pub(super) fn takes(&mut self, now: u64, place: Place) -> bool {
        if now < self.up_at || self.waiting.len() >= self.room {
            return false;
        }
        if self.waiting.is_empty() {
            // It takes its time for the first as well.
            self.next = self.next.max(now);
        }
        self.waiting.push_back(place);
        true
    }

    /// When the next one is accepted.
    pub(super) fn due(&self) -> Option<u64> {
        (!self.waiting.is_empty()).then_some(self.next)
    }

    /// Accepts one.
    pub(super) fn accept(&mut self) -> Option<Place> {
        let place = self.waiting.pop_front()?;
        self.next += 1_000_000 / self.per_second;
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(client: u32) -> Place {
        Place { client, link: 1 }
    }

    #[test]
    fn it_accepts_at_its_rate_and_refuses_what_does_not_fit() {
        let mut case = Case::named("restart", 100).unwrap();
        (case.per_second, case.down_s) = (2, 1);
        let mut queue = Queue::new(&case);
        assert!(!queue.takes(999_999, place(0)), "it is down");
        let taken = (1..=5).filter(|client| queue.takes(1_000_000, place(*client)));
        assert_eq!(taken.count(), 4, "two seconds of two a second");
        let mut times = Vec::new();
        while let Some(due) = queue.due() {
            times.push(due);
            queue.accept();
        }
        assert_eq!(times, [1_000_000, 1_500_000, 2_000_000, 2_500_000]);
        assert!(queue.takes(2_600_000, place(6)));
        assert_eq!(queue.due(), Some(3_000_000), "no faster after a pause");
    }
}
