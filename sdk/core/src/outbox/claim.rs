//! What goes next.

use super::classify::RestCause;
use super::entry::Entry;
use super::flight::Claim;
use super::lane::heads;
use super::machine::Outbox;
use super::news::OutboxChange;
use super::pace::PaceSettings;
use super::plan::Plan;
use super::state::{DeadReason, State};
use super::step::Step;
use crate::engine::{Engine, Leeway};
use crate::scope::split_url;
use crate::settings::OutboxSettings;
use crate::time::{Instant, Millis, Wall};

/// How soon to look again whether there is credit for a retry.
const CREDIT: Millis = Millis(5_000);
/// How soon to look again whether something is open that only somebody's hand, or the network's return, opens.
const LOOK: Millis = Millis(60_000);
/// How soon to look again whether people's calls have gone.
const YIELD: Millis = Millis(250);

impl Outbox {
    /// What to do next. To poll once too often changes nothing.
    pub fn poll(&mut self, engine: &mut Engine, now: Instant, wall: Wall) -> Step {
        if self.storing {
            return Step::Wait(Instant::NEVER);
        }
        if now < self.store.1 && !self.read {
            return Step::Wait(self.store.1);
        }
        if !self.read {
            return Step::Load;
        }
        engine.report_outbox(now, self.health(wall));
        let settings = engine.settings().outbox.clone();
        let queue = core::mem::take(&mut self.queue);
        let mut plan = Plan::new(&queue, wall);
        let step = match self.land(&mut plan, &settings) {
            Some((claim, fields)) => Step::Read { claim, fields },
            None => {
                self.upkeep(&mut plan, &settings);
                let next = self.claim(&mut plan, engine, &settings, now);
                match plan.is_empty() {
                    true => {
                        // What nobody heeds need not be remembered.
                        let over = plan.settled;
                        self.flights.retain(|flight| !over.contains(&flight.claim));
                        Step::Wait(next)
                    }
                    false => Step::Store(plan.into_batch(true)),
                }
            }
        };
        self.queue = queue;
        self.storing = matches!(step, Step::Store(_));
        step
    }

    /// Whether a claim may be used at this moment: it is the present identity's, and nobody else has the entry.
    #[must_use]
    pub fn may_send(&self, wall: Wall, claim: Claim) -> bool {
        self.own(claim.id).is_some_and(|entry| {
            let mine = matches!(entry.state, State::Sending { by, .. } if by == self.drainer);
            mine && entry.attempts == claim.attempt && entry.state.is_leased(wall)
        })
    }

    /// Claims what may go; when something more may.
    fn claim(
        &mut self,
        plan: &mut Plan<'_>,
        engine: &mut Engine,
        settings: &OutboxSettings,
        now: Instant,
    ) -> Instant {
        let wall = plan.wall();
        let mut next = self.next_upkeep(plan, settings, now);
        let parked = |entry: &Entry| matches!(entry.state, State::Parked { .. });
        if plan
            .entries()
            .any(|entry| self.is_own(entry) && parked(entry))
        {
            return next;
        }
        let heads = heads(plan.entries(), &self.owner, settings.dead_halts > 0);
        for id in heads {
            let Some(entry) = plan.entry(id).cloned() else {
                continue;
            };
            let Some(rest) = entry.state.rest(wall, self.hurried) else {
                continue;
            };
            if rest > Millis::ZERO {
                next = next.min(now + rest);
                continue;
            }
            if entry
                .after
                .iter()
                .any(|after| plan.entry(after.id).is_some())
            {
                continue;
            }
            if entry.after.iter().any(|after| !after.takes.is_empty()) {
                let mut entry = entry;
                entry.kill(DeadReason::Missing, 0, wall);
                plan.put(entry, OutboxChange::Dead, None);
                continue;
            }
            match self.leave(plan, engine, settings, &entry, now) {
                Ok(()) => {
                    let mut entry = entry;
                    entry.after.clear();
                    entry.attempts = entry.attempts.saturating_add(1);
                    entry.state = self.lease(wall, Millis(settings.lease_ms.into()));
                    plan.claims.push(Claim {
                        id,
                        attempt: entry.attempts,
                    });
                    plan.put(entry, OutboxChange::Sending, None);
                }
                Err(until) => next = next.min(until),
            }
        }
        next
    }

    /// Whether an entry may go to its origin now; if not, when to ask again.
    fn leave(
        &mut self,
        plan: &Plan<'_>,
        engine: &mut Engine,
        settings: &OutboxSettings,
        entry: &Entry,
        now: Instant,
    ) -> Result<(), Instant> {
        let origin = split_url(&entry.url).0;
        let scope = self.scope(engine, entry);
        let pace = self.paces.of(origin);
        match engine.leeway(scope, now) {
            Leeway::Free => {}
            Leeway::Busy => return Err(now + YIELD),
            Leeway::Shut { until, own } => {
                pace.trouble(!own);
                return Err(until.clamp(now + YIELD, now + LOOK));
            }
        }
        let paces = PaceSettings::from(settings);
        let turn = pace.turn(now, &paces, engine.calm(scope), &mut self.rng);
        let (window, slow) = (pace.window(&paces), pace.is_slow());
        if now < turn {
            return Err(turn);
        }
        let goes = |claim: &&Claim| {
            let entry = plan.entry(claim.id);
            entry.is_some_and(|entry| split_url(&entry.url).0 == origin)
        };
        let going = plan.claims.iter().filter(goes).count();
        let flying = self.flights.iter().filter(|it| it.origin == origin);
        let out = flying.filter(|flight| flight.end.is_none()).count() + going;
        if out >= window as usize || (slow && going > 0) {
            return Err(Instant::NEVER);
        }
        if let State::Resting { since, cause, .. } = entry.state
            // What never went out is no retry.
            && cause != RestCause::Unauthorized
        {
            // Who has waited for the longest rest goes without: a page that does nothing else earns nothing, and would never send it.
            let waited = plan.wall() - since;
            let free = waited.0 >= settings.cap_ms.into();
            if !free && !engine.pay_replay(now, scope, cause.is_dear()) {
                let rest = Millis(u64::from(settings.cap_ms) - waited.0);
                return Err(now + rest.min(CREDIT));
            }
        }
        Ok(())
    }
}
