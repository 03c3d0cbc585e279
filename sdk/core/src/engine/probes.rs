//! Which scopes are wanted back, and whether a background probe may ask for them.

use super::Engine;
use crate::event::{Event, RecoveredEvent};
use crate::recovery::{Kind, Recovery};
use crate::scope::{Origin, ScopeId};
use crate::time::{Instant, Millis};
use crate::trace::{Deed, number_of};

/// A route that worked within this time tells whether its origin does.
const LATELY: Millis = Millis(300_000);
/// With so many calls waiting, one of them goes where a probe would have gone.
const CROWD: usize = 2;

impl Engine {
    /// When the next background probe is due; [`Instant::NEVER`] when nobody waits for one.
    #[must_use]
    pub fn next_probe(&self) -> Instant {
        let wanted = self.wanted().map(|(_, due)| due);
        let origins = self.scopes.origins.iter();
        let doubts = origins.map(|origin| origin.gate.doubt_due());
        wanted.chain(doubts).min().unwrap_or(Instant::NEVER)
    }

    /// A scope whose background probe is due. The driver sends one with [`CallSpec::probe`](crate::CallSpec::probe), or calls
    /// [`Engine::forget`].
    pub fn due_probe(&mut self, now: Instant) -> Option<ScopeId> {
        self.note(now, || Deed::Probe);
        let due = self.take_probe(now);
        self.told(number_of(due));
        due
    }

    fn take_probe(&mut self, now: Instant) -> Option<ScopeId> {
        if let Some(scope) = self.doubted(now) {
            self.origin_mut(scope).gate.ask(now);
            return Some(scope);
        }
        let (scope, _) = self.wanted().find(|(_, due)| *due <= now)?;
        let origin = self.origin_mut(scope);
        let dear = origin.gate.is_dear();
        origin.probes.pay(now, dear);
        if let Some(recovery) = &mut self.at_mut(scope).recovery {
            recovery.send();
        }
        Some(scope)
    }

    /// A route that worked lately, of an origin of which another one looks bad.
    fn doubted(&mut self, now: Instant) -> Option<ScopeId> {
        let origins = &self.scopes.origins;
        let index = origins
            .iter()
            .position(|origin| origin.gate.doubt_due() <= now)?;
        let sibling = self.sibling(index, self.scopes.origins[index].gate.suspect(), now);
        if sibling.is_none() {
            self.scopes.origins[index].gate.settle_doubt();
        }
        sibling
    }

    /// The route of an origin that worked last, if it is another one than that which looks bad.
    pub(super) fn sibling(
        &self,
        origin: usize,
        suspect: Option<ScopeId>,
        now: Instant,
    ) -> Option<ScopeId> {
        let ids = (0..self.scopes.scopes.len()).map(|index| ScopeId(index as u16));
        ids.filter(|id| {
            self.at(*id).origin == origin
                && !suspect.is_some_and(|suspect| self.is_same(*id, suspect))
        })
        .filter_map(|id| Some((self.at(id).worked?, id)))
        .filter(|(worked, _)| now - *worked < LATELY)
        .max()
        .map(|(_, id)| id)
    }

    /// Whether somebody waits for this scope to answer again.
    #[must_use]
    pub fn is_wanted(&self, scope: ScopeId) -> bool {
        self.at(scope).recovery.is_some()
    }

    /// The scopes that are waited for and may be probed, and when: without a network there is nothing to find out.
    fn wanted(&self) -> impl Iterator<Item = (ScopeId, Instant)> + '_ {
        let ids = (0..self.scopes.scopes.len()).map(|index| ScopeId(index as u16));
        ids.filter(|id| !self.offline(*id) && !self.is_crowded(*id))
            .filter_map(|id| {
                let recovery = self.at(id).recovery.filter(|recovery| !recovery.is_out())?;
                // One trial at a time is all that a gate lets through, whichever route it is of.
                let own = recovery.not_before.max(self.at(id).breaker.until());
                let own = own.max(self.asked_until(id));
                let Origin { gate, probes, .. } = self.origin(id);
                let due = match gate.trial_at() {
                    Some(trial) => trial.max(own),
                    // It will be back when the pace is gone, which it will soon be where somebody asks for something.
                    None if gate.pace.is_some() && !recovery.own => {
                        recovery.due.max(probes.free_at(&gate.demand))
                    }
                    None => recovery.due.max(own),
                };
                Some((id, due.max(probes.paid_at(gate.is_dear(), &gate.demand))))
            })
    }

    /// Until when the server wants no probe of a scope. Where it has named a path to ask, it may be asked.
    fn asked_until(&self, scope: ScopeId) -> Instant {
        let word = &self.origin(scope).word;
        let stop = word.stop().filter(|_| !word.names_a_path());
        self.at(scope).embargo.max(stop.unwrap_or(Instant::START))
    }

    /// Whether so many wait that one of them had better go in a probe's place.
    fn is_crowded(&self, scope: ScopeId) -> bool {
        let origin = self.origin(scope);
        let crowd = if origin.gate.surge { 1 } else { CROWD };
        // Those in the queue as well: who goes there from here must not be sent back for having gone.
        let waiting = origin.held.len() + origin.limit.waiting().count();
        origin.gate.is_dear() && waiting >= crowd
    }

    /// Nobody waits for this scope any more.
    pub fn forget(&mut self, scope: ScopeId) {
        self.note(self.begun, || Deed::Forget(scope));
        self.at_mut(scope).recovery = None;
        self.origin_mut(scope).gate.settle_doubt();
    }

    /// When the next probe of an origin is due.
    pub(super) fn next_probe_of(&self, scope: ScopeId) -> Instant {
        let origin = self.at(scope).origin;
        let wanted = self
            .wanted()
            .filter(|(each, _)| self.at(*each).origin == origin);
        wanted.map(|(_, due)| due).min().unwrap_or(Instant::NEVER)
    }

    /// The origin is well again, and with it the scopes that only suffered with it.
    pub(super) fn all_recovered(&mut self, origin: usize, now: Instant) {
        for index in 0..self.scopes.scopes.len() {
            let id = ScopeId(index as u16);
            let each = self.at(id);
            let suffered = each.recovery.is_some_and(|recovery| !recovery.own);
            let works = each.breaker.until() <= now;
            if each.origin == origin && suffered && works {
                self.recovered(id, now);
            }
        }
    }

    pub(super) fn recovered(&mut self, scope: ScopeId, now: Instant) {
        if self.at_mut(scope).recovery.take().is_some() {
            self.origin_mut(scope).probes.answered();
            let scope = self.name(scope);
            self.emit(Event::Recovered(RecoveredEvent {
                at_ms: now.as_millis(),
                scope,
            }));
        }
    }

    /// A read got no answer from the network, or a probe none: the scope is wanted back, but not before what the server `asked` for.
    /// When its next probe is due.
    pub(crate) fn want(
        &mut self,
        scope: ScopeId,
        now: Instant,
        probe: bool,
        asked: Option<Instant>,
    ) -> Option<Instant> {
        let gate = &self.origin(scope).gate;
        let kind = Kind {
            own: gate.is_clear() && gate.pace.is_none(),
            dear: gate.is_dear(),
        };
        // What only somebody's hand opens again is no time to be waited for.
        let refused = self
            .refusal(scope, now)
            .filter(|until| *until < Instant::NEVER);
        let recovery = self.at(scope).recovery;
        let settings = &self.settings.gate;
        let mut wanted = match recovery {
            Some(earlier) if !probe => earlier,
            earlier => Recovery::next(earlier, now, refused, kind, settings, &mut self.rng),
        };
        // It may have been shut since.
        if let Some(until) = refused {
            wanted.postpone(until);
        }
        if let Some(until) = asked {
            wanted.heed(until);
        }
        self.at_mut(scope).recovery = Some(wanted);
        (!wanted.is_out()).then_some(wanted.due)
    }
}
