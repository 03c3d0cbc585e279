//! Made-up events, so that a demonstration has something to see. Pure: the n-th event belongs to the seed alone.

use tidegate_contract::{GovernanceEvent, QualityCheck};
use tidegate_core::{Instant, Millis, Rng};

use crate::feed::made_up::MadeUp;

const PEOPLE: [&str; 3] = ["ann", "bob", "cleo"];

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
    pub(crate) fn poll(&mut self, now: Instant) -> Option<MadeUp> {
        if now < self.next {
            return None;
        }
        self.next = if now - self.next < self.every {
            self.next + self.every
        } else {
            now + self.every
        };
        self.made += 1;
        let kind = self.rng.below(4);
        let asset_id = format!("ds-{:05}", self.rng.below(100) + 1);
        let by = PEOPLE[usize::try_from(self.rng.below(3)).unwrap_or(0)].to_owned();
        let event = match kind {
            0 => GovernanceEvent::AccessRequested {
                request_id: format!("ar-made-up-{}", self.made),
                asset_id,
                by,
            },
            1 => GovernanceEvent::AssetChanged {
                asset_id,
                fields: vec!["description".to_owned()],
                by,
            },
            2 => GovernanceEvent::PolicyViolated {
                violation_id: format!("vi-made-up-{}", self.made),
                policy_id: "pol-1".to_owned(),
                asset_id,
            },
            _ => GovernanceEvent::QualityCheckFailed {
                asset_id,
                run_id: format!("qr-made-up-{}", self.made),
                check: QualityCheck::Completeness,
                failing_rows: 1 + self.rng.below(500),
            },
        };
        Some(MadeUp {
            n: self.made,
            event,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn events(seed: u64) -> Vec<MadeUp> {
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
    fn there_are_events_of_all_four_kinds() {
        let mut ticker = Ticker::new(Instant::START, 1, Millis(1));
        let made = (1..=50).filter_map(|n| ticker.poll(Instant::from_millis(n)));
        let kinds: BTreeSet<&str> = made.map(|made| made.event.name()).collect();
        let expected = [
            "accessRequested",
            "assetChanged",
            "policyViolated",
            "qualityCheckFailed",
        ];
        assert_eq!(kinds, BTreeSet::from(expected));
    }

    #[test]
    fn a_pause_is_not_made_up_for() {
        let mut ticker = Ticker::new(Instant::START, 1, Millis(100));
        let late = Instant::from_millis(5_000);
        assert!(ticker.poll(late).is_some());
        assert!(ticker.poll(late).is_none());
    }
}
