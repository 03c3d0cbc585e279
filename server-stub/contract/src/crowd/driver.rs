//! A crowd at work on a backend that it shares with others.
//!
//! A simulation has nothing but the crowd; in the stub the requests under test stand in the same queue. Whoever drives the backend shows
//! each notice to [`CrowdDriver::take`] first: it is the crowd's, or somebody else's.

use std::collections::{BTreeSet, HashMap};

use tidegate_core::Instant;

use super::{Crowd, CrowdSettings, CrowdStep, Settled, Ticket};
use crate::backend::{Admission, AttemptEvent, AttemptId, Backend, Notice};

/// A crowd and its attempts at a backend.
#[derive(Debug)]
pub struct CrowdDriver {
    crowd: Crowd,
    tickets: HashMap<AttemptId, Ticket>,
    ids: HashMap<Ticket, AttemptId>,
    /// Answers that are on their way out of the backend.
    leaving: BTreeSet<(Instant, Ticket, bool)>,
}

impl CrowdDriver {
    /// A crowd that wants its first things after `now`.
    #[must_use]
    pub fn new(settings: CrowdSettings, seed: u64, now: Instant) -> CrowdDriver {
        CrowdDriver {
            crowd: Crowd::new(settings, seed, now),
            tickets: HashMap::new(),
            ids: HashMap::new(),
            leaving: BTreeSet::new(),
        }
    }

    /// The crowd.
    #[must_use]
    pub fn crowd(&self) -> &Crowd {
        &self.crowd
    }

    /// The crowd is another one from now on, see [`Crowd::configure`].
    pub fn configure(&mut self, now: Instant, settings: CrowdSettings) {
        self.crowd.configure(now, settings);
    }

    /// Whether a notice is about the crowd; if so, it has been told.
    pub fn take(&mut self, notice: &Notice) -> bool {
        let Some(&ticket) = self.tickets.get(&notice.id) else {
            return false;
        };
        let settled = match notice.what {
            AttemptEvent::Started { .. } => return true,
            AttemptEvent::Completed { .. } => Settled::Answered,
            AttemptEvent::Dropped { .. } => Settled::Refused,
        };
        self.tickets.remove(&notice.id);
        // One that has left is not told any more.
        if self.ids.remove(&ticket).is_some() {
            self.crowd.settle(notice.at, ticket, settled);
        }
        true
    }

    /// Does what the crowd does by now. The backend's notices have been taken before, and there may be more of them after.
    pub fn advance(&mut self, now: Instant, backend: &mut Backend) {
        while let Some(&(at, ticket, answered)) = self.leaving.first()
            && at <= now
        {
            self.leaving.pop_first();
            let settled = match answered {
                true => Settled::Answered,
                false => Settled::Refused,
            };
            self.crowd.settle(at, ticket, settled);
        }
        while let Some(step) = self.crowd.poll(now) {
            self.carry_out(step, backend);
        }
    }

    /// When it will next do something by itself.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        let answer = self.leaving.first().map(|(at, ..)| *at);
        self.crowd.deadline().into_iter().chain(answer).min()
    }

    fn carry_out(&mut self, step: CrowdStep, backend: &mut Backend) {
        match step {
            CrowdStep::Arrive {
                at,
                attempt,
                ticket,
                ..
            } => {
                let (ready_at, answered) = match backend.arrive(at, attempt) {
                    Admission::Admitted(id) => {
                        self.tickets.insert(id, ticket);
                        self.ids.insert(ticket, id);
                        return;
                    }
                    Admission::Hit { ready_at } | Admission::Replay { ready_at } => {
                        (ready_at, true)
                    }
                    Admission::Conflict { ready_at } | Admission::Refused { ready_at, .. } => {
                        (ready_at, false)
                    }
                };
                self.leaving.insert((ready_at, ticket, answered));
            }
            CrowdStep::Leave { at, ticket } => {
                if let Some(id) = self.ids.remove(&ticket) {
                    backend.leave(at, id);
                }
            }
        }
    }
}
