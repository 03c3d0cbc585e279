//! What happens in a world as time goes by.

use tidegate_contract::{AttemptEvent, Change, CrowdSettings, Micros};
use tidegate_core::Instant;

use super::World;
use crate::turn::Turn;

impl World {
    /// Lets everything happen that is due by now, each thing at its own time: it may be long ago on a clock that is moved by hand.
    pub(crate) fn advance(&mut self, now: Instant) {
        loop {
            let next = self.deadline().min(now);
            while let Some(change) = self.script.poll(self.age(next)) {
                self.change(next, change);
                self.changes.push(change);
            }
            self.tell(next);
            self.crowd.advance(next, &mut self.backend);
            // What the crowd has done may have ended something at once.
            self.tell(next);
            if next == now {
                return;
            }
        }
    }

    /// The changes of the script since this was last asked, for those who carry out what is not the world's.
    pub(crate) fn take_changes(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.changes)
    }

    /// When there will be something to tell.
    pub(crate) fn deadline(&self) -> Instant {
        let script = self.script.deadline();
        let script = script.map(|at| self.since + Micros(at.as_micros()));
        let backend = self.backend.deadline();
        let crowd = self.crowd.deadline();
        let crowd = crowd.filter(|_| self.conditions.users > 0 || self.backend.in_use() > 0);
        [script, backend, crowd]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(Instant::NEVER)
    }

    /// How long the program has been in force.
    pub(crate) fn age(&self, now: Instant) -> Instant {
        Instant::START + Micros::since(now, self.since)
    }

    fn tell(&mut self, now: Instant) {
        while let Some(notice) = self.backend.poll(now) {
            self.measure(&notice);
            if self.crowd.take(&notice) {
                continue;
            }
            let turn = match notice.what {
                AttemptEvent::Started { .. } => continue,
                AttemptEvent::Completed {
                    served,
                    gone,
                    waited,
                } => Turn::Done {
                    waited,
                    served,
                    gone,
                },
                AttemptEvent::Dropped { lapse, waited } => Turn::Dropped { lapse, waited },
            };
            if let Some(waiter) = self.waiting.remove(&notice.id) {
                // One that has gone does not mind.
                let _ = waiter.send(turn);
            }
        }
    }

    fn change(&mut self, now: Instant, change: Change) {
        self.conditions.apply(self.run.program(), change);
        match change {
            Change::Cold => self.backend.go_cold(now),
            Change::Heal | Change::Pool { .. } | Change::Slow { .. } => {
                self.backend.configure(now, self.conditions.backend.clone())
            }
            Change::Close | Change::Open | Change::Sockets(_) | Change::Users { .. } => {}
        }
        let users = self.conditions.users;
        if matches!(change, Change::Heal | Change::Users { .. }) {
            let crowd = CrowdSettings::default().with_users(users);
            self.crowd.configure(now, crowd);
        }
    }
}
