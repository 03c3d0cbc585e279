//! Made-up events, so that a demonstration has something to see. Pure: the n-th event belongs to the seed alone.

use serde_json::{Value, json};
use tidegate_core::{Instant, Millis, Rng};

const KINDS: [&str; 4] = [
    "access-requested",
    "classification-changed",
    "owner-changed",
    "quality-check-failed",
];

/// A source of events, one every so often.
#[derive(Clone, Debug)]
pub(crate) struct Ticker {
    rng: Rng,
    every: Millis,
    next: Instant,
    made: u64,
}

impl Ticker {
    /// The first event is due one interval from `now`.
    pub(crate) fn new(now: Instant, seed: u64, every: Millis) -> Ticker {
        Ticker {
            rng: Rng::new(seed),
            every,
            next: now + every,
            made: 0,
        }
    }

    /// When the next event is due.
    pub(crate) fn deadline(&self) -> Instant {
        self.next
    }

    /// The next event, if it is due. After a pause there is one event, not all that were missed.
    pub(crate) fn poll(&mut self, now: Instant) -> Option<Value> {
        if now < self.next {
            return None;
        }
        self.next = if now - self.next < self.every {
            self.next + self.every
        } else {
            now + self.every
        };
        self.made += 1;
        let kind = usize::try_from(self.rng.below(KINDS.len() as u64)).unwrap_or(0);
        let asset = self.rng.below(100) + 1;
        Some(json!({ "n": self.made, "kind": KINDS[kind], "assetId": format!("ds-{asset:05}") }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(seed: u64) -> Vec<Value> {
        let mut ticker = Ticker::new(Instant::START, seed, Millis(100));
        (1..=20)
            .filter_map(|n| ticker.poll(Instant::from_millis(n * 50)))
            .collect()
    }

    #[test]
    fn there_is_one_event_for_each_interval_and_they_belong_to_the_seed() {
        assert_eq!(events(1).len(), 10);
        assert_eq!(events(1), events(1));
        assert_ne!(events(1), events(2));
    }

    #[test]
    fn a_pause_is_not_made_up_for() {
        let mut ticker = Ticker::new(Instant::START, 1, Millis(100));
        let late = Instant::from_millis(5_000);
        assert!(ticker.poll(late).is_some());
        assert!(ticker.poll(late).is_none());
    }
}
