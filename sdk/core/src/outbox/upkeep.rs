//! What time does to entries.

use alloc::vec::Vec;

use super::entry::Entry;
use super::flight::Claim;
use super::machine::Outbox;
use super::news::OutboxChange;
use super::plan::Plan;
use super::state::{DeadReason, State};
use crate::settings::OutboxSettings;
use crate::time::{Instant, Millis, Wall};

impl Outbox {
    /// Leases end or are renewed, and who is too old is given up.
    pub(super) fn upkeep(&self, plan: &mut Plan<'_>, settings: &OutboxSettings) {
        let wall = plan.wall();
        let lease = Millis(settings.lease_ms.into());
        let own: Vec<Entry> = (plan.entries().filter(|entry| self.is_own(entry)))
            .cloned()
            .collect();
        for mut entry in own {
            match entry.state {
                State::Sending { until, by, .. } => {
                    let claim = Claim {
                        id: entry.id,
                        attempt: entry.attempts,
                    };
                    let out = self.flights.iter().any(|flight| flight.claim == claim);
                    match (by == self.drainer, out) {
                        (true, true) => {
                            if (until - wall).0 * 2 < lease.0 || !entry.state.is_leased(wall) {
                                entry.state = self.lease(wall, lease);
                                plan.keep(entry);
                            }
                        }
                        // The batch that claimed it was stored, though the store said otherwise: it was never sent.
                        (true, false) => {
                            entry.state = State::Waiting;
                            plan.put(entry, OutboxChange::Resumed, None);
                        }
                        (false, _) if self.alone || !entry.state.is_leased(wall) => {
                            let change = match entry.lose() {
                                true => OutboxChange::Resumed,
                                false => OutboxChange::InDoubt,
                            };
                            plan.put(entry, change, None);
                        }
                        (false, _) => {}
                    }
                }
                State::Waiting | State::Resting { .. } | State::Parked { .. }
                    if entry.age(wall).0 > settings.age_ms.into() =>
                {
                    entry.kill(DeadReason::Age, 0, wall);
                    plan.put(entry, OutboxChange::Dead, None);
                }
                _ => {}
            }
        }
    }

    pub(super) fn lease(&self, wall: Wall, length: Millis) -> State {
        State::Sending {
            since: wall,
            until: Wall(wall.0.saturating_add(length.0)),
            by: self.drainer,
        }
    }

    /// When time does something to an entry next.
    pub(super) fn next_upkeep(
        &self,
        plan: &Plan<'_>,
        settings: &OutboxSettings,
        now: Instant,
    ) -> Instant {
        let wall = plan.wall();
        let own = plan.entries().filter(|entry| self.is_own(entry));
        let ends = own.filter_map(|entry| match entry.state {
            State::Sending { until, by, .. } if by == self.drainer => Some(Millis(
                (until - wall)
                    .0
                    .saturating_sub(u64::from(settings.lease_ms) / 2),
            )),
            State::Sending { until, .. } => Some(until - wall),
            State::Waiting | State::Resting { .. } | State::Parked { .. } => {
                let age = Millis(settings.age_ms.into());
                Some(Wall(entry.queued.0.saturating_add(age.0)) - wall)
            }
            _ => None,
        });
        let soonest = ends.min();
        soonest.map_or(Instant::NEVER, |rest| now + rest.max(Millis(1)))
    }
}
