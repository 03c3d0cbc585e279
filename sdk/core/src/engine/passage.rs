//! What is between a call and the network: breaker, gate, pace, queue and permit, in this order, and the way back.

use super::Engine;
use crate::breaker::{Pass, Vote};
use crate::call::CallId;
use crate::evidence::Evidence;
use crate::gate::{Block, Sign, Turned};
use crate::outcome::Reason;
use crate::scope::ScopeId;
use crate::sketch::Micros;
use crate::spec::CallSpec;
use crate::time::{Instant, Millis};
use crate::usual::Usual;

/// A driver that sends probes sends one that is due within this.
const SOON: Millis = Millis(1_000);

/// Leave to make one attempt; handed back with its result.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Leave {
    call: CallId,
    breaker: Pass,
    gate: u32,
    /// Its time says nothing about the scope.
    stand_in: bool,
    /// How much was out when it was given, itself included.
    in_flight: u32,
}

/// What is in the way of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Obstacle {
    pub(crate) reason: Reason,
    /// When it is worth trying again.
    pub(crate) until: Instant,
    /// It may go away before, and the call will be woken.
    pub(crate) soon: bool,
}

impl Leave {
    pub(super) fn call(self) -> CallId {
        self.call
    }

    pub(super) fn in_flight(self) -> u32 {
        self.in_flight
    }
}

impl Engine {
    /// Until when nothing of this scope may go.
    pub(crate) fn refusal(&self, scope: ScopeId, now: Instant) -> Option<Instant> {
        let gate = match self.origin(scope).gate.block(now) {
            Some(Block::Until(until) | Block::Verdict(until)) => Some(until),
            None => None,
        };
        let (scope, word) = (self.at(scope), &self.origin(scope).word);
        let asked = word.embargo(now).max(Some(scope.embargo));
        scope
            .breaker
            .refusal(now, &self.settings.breaker)
            .max(gate)
            .max(asked.filter(|until| now < *until))
    }

    /// What is in the way of a call, but for the pace.
    pub(crate) fn obstacle(&self, spec: &CallSpec, now: Instant, retry: bool) -> Option<Obstacle> {
        let origin = self.origin(spec.scope);
        let closed = |until, soon| {
            Some(Obstacle {
                reason: Reason::CircuitOpen,
                until,
                soon,
            })
        };
        if let Some(until) = self
            .at(spec.scope)
            .breaker
            .refusal(now, &self.settings.breaker)
        {
            return closed(until, false);
        }
        match origin.gate.block(now) {
            Some(Block::Until(until)) => return closed(until, false),
            Some(Block::Verdict(until)) => return closed(until, true),
            None if !spec.probe && !origin.gate.is_clear() => {
                // The trial is for a probe, if one is to be sent at this moment. A page that nobody sees sends none.
                let due = self.next_probe_of(spec.scope);
                if due <= now && now < due + SOON {
                    return closed(due + SOON, true);
                }
            }
            None => {}
        }
        if retry && let Some(until) = origin.gate.doubted(now) {
            return closed(until, true);
        }
        None
    }

    /// When the pace of an origin lets a call go, if it is not now.
    pub(crate) fn paced(&self, scope: ScopeId, call: CallId, now: Instant) -> Option<Obstacle> {
        let origin = self.origin(scope);
        let pace = origin.gate.pace.as_ref()?;
        let ahead = origin.held.iter().position(|held| *held == call);
        let until = pace.turn(ahead.unwrap_or(origin.held.len()));
        (now < until).then_some(Obstacle {
            reason: Reason::Throttled,
            until,
            soon: false,
        })
    }

    /// A call waits for what is in its way, and has no turn meanwhile; unless as many wait as may stand in a queue.
    pub(crate) fn hold(&mut self, scope: ScopeId, call: CallId, now: Instant, first: bool) -> bool {
        let held = &self.origin(scope).held;
        let room = held.len() < self.settings.concurrency.queue as usize;
        if !room && !held.contains(&call) {
            return false;
        }
        if first {
            self.spared(scope);
        }
        self.give_way(scope, call, now);
        let held = &mut self.origin_mut(scope).held;
        if !held.contains(&call) {
            held.push_back(call);
        }
        true
    }

    /// It waits no longer; those behind it move up.
    pub(crate) fn unhold(&mut self, scope: ScopeId, call: CallId) {
        let origin = self.at(scope).origin;
        let held = &mut self.scopes.origins[origin].held;
        if let Some(place) = held.iter().position(|each| *each == call) {
            held.remove(place);
            self.wakes.extend(held.iter().skip(place));
        }
    }

    pub(super) fn wake_held(&mut self, scope: ScopeId) {
        let origin = self.at(scope).origin;
        self.wakes.extend(&self.scopes.origins[origin].held);
    }

    /// A call was refused without an attempt: a probe may go in its place.
    pub(crate) fn spared(&mut self, scope: ScopeId) {
        self.origin_mut(scope).probes.earn();
    }

    /// How long an answer of this scope usually takes.
    pub(crate) fn usual(&self, scope: ScopeId) -> Usual {
        self.at(scope).usual
    }

    /// How long an attempt of this scope is out when that is more than chance.
    pub(crate) fn late_after(&self, scope: ScopeId) -> Millis {
        self.usual(scope).late()
    }

    /// Pays for a retry.
    pub(crate) fn pay(&mut self, scope: ScopeId, dear: bool) -> bool {
        self.origin_mut(scope).budget.pay(dear)
    }

    /// Asks the breaker, with a permit in hand.
    pub(crate) fn admit(
        &mut self,
        spec: &CallSpec,
        call: CallId,
        now: Instant,
    ) -> Result<Leave, Instant> {
        let scope = spec.scope;
        // A probe may take as long as an attempt may.
        let lease = self
            .settings
            .breaker
            .probe_ms
            .max(self.settings.timeout.attempt_ms);
        let lease = Millis(lease.into());
        let index = self.scopes.resolve(scope);
        let (breaker, change) =
            self.scopes.scopes[index]
                .breaker
                .admit(now, lease, &self.settings.breaker)?;
        if let Some(change) = change {
            self.report(scope, now, change);
        }
        let origin = self.origin_mut(scope);
        Ok(Leave {
            call,
            breaker,
            stand_in: spec.stand_in,
            gate: origin.gate.pass(now, lease),
            in_flight: origin.limit.in_flight(),
        })
    }

    /// An attempt is out for longer than is usual.
    pub(crate) fn late(&mut self, scope: ScopeId, now: Instant, leave: Leave) {
        self.origin_mut(scope).calm.add(now, Evidence::Late);
        self.heed(scope, now, leave, Evidence::Late);
    }

    /// An attempt is over: its permit and its leave come back.
    pub(crate) fn land(
        &mut self,
        scope: ScopeId,
        now: Instant,
        leave: Leave,
        evidence: Evidence,
        took: Millis,
    ) {
        self.give_back(scope, now, leave, evidence, took);
        let vote = match evidence {
            Evidence::Neither => Vote::Neither,
            good if good.is_good() => Vote::Success,
            _ => Vote::Failure,
        };
        // What the origin is blamed for is not the scope's fault.
        let vote = match vote {
            Vote::Failure if !self.origin(scope).gate.is_clear() => Vote::Neither,
            vote => vote,
        };
        let index = self.scopes.resolve(scope);
        let breaker = &mut self.scopes.scopes[index].breaker;
        let counts = breaker.counts_in(leave.breaker);
        let settings = &self.settings.breaker;
        let slow = settings.slow_ms > 0 && took.0 >= u64::from(settings.slow_ms);
        let change = breaker.settle(now, leave.breaker, vote, slow, settings, &mut self.rng);
        if let Some(change) = change {
            self.report(scope, now, change);
        }
        if evidence.is_good() {
            let (earned, saved) = (
                self.settings.retry.earned_percent * 10,
                self.settings.retry.saved,
            );
            let origin = self.origin_mut(scope);
            origin.budget.earn(earned, saved);
            let troubled = origin.gate.is_troubled();
            let at = self.at_mut(scope);
            if !leave.stand_in && (!troubled || at.usual.learns_in_trouble(took)) {
                at.usual.add(took);
            }
            at.worked = Some(now);
            if !leave.stand_in {
                let took = Micros(took.0 * 1_000);
                at.latencies.record(now, took);
                self.watch.latencies.record(now, took);
            }
        }
        if !evidence.is_good() && !leave.stand_in {
            self.record_cut(scope, now, took);
        }
        if !leave.stand_in {
            self.origin_mut(scope).calm.add(now, evidence);
        }
        self.heed(scope, now, leave, evidence);
        // A success that left before the breaker opened says nothing about the backend of today.
        if counts && evidence.is_good() {
            self.recovered(scope, now);
        }
    }

    fn heed(&mut self, scope: ScopeId, now: Instant, leave: Leave, evidence: Evidence) {
        // Who only measures refuses nothing, neither of a route nor of an origin.
        if self.settings.breaker.shadow > 0 {
            return;
        }
        let scope = ScopeId(self.scopes.resolve(scope) as u16);
        let origin = self.at(scope).origin;
        let suspect = self.scopes.origins[origin].gate.suspect().or(Some(scope));
        let sibling = evidence.is_bad() && self.sibling(origin, suspect, now).is_some();
        let gate = &mut self.scopes.origins[origin].gate;
        let doubted = gate.doubted(now).is_some();
        let paced = gate.pace.is_some();
        let sign = Sign {
            scope,
            evidence,
            sibling,
        };
        let (before, failures) = (gate.state(now), gate.run() + 1);
        let turned = gate.heed(now, leave.gate, sign, &self.settings.gate, &mut self.rng);
        let pace_is_gone = paced && gate.pace.is_none() && gate.is_clear();
        let blamed = turned == Some(Turned::Shut) || (!paced && gate.pace.is_some());
        if doubted || turned.is_some() || pace_is_gone || !gate.is_clear() {
            self.wake_held(scope);
        }
        if turned.is_some() {
            self.report_gate(origin, now, before, failures);
        }
        if blamed {
            let waiting = self.scopes.origins[origin].limit.waiting();
            self.wakes.extend(waiting);
            let wanted = self.scopes.scopes.iter_mut();
            for scope in wanted.filter(|scope| scope.origin == origin) {
                // A breaker that is open was so before.
                let closed = scope.breaker.until() <= now;
                if let (Some(recovery), true) = (&mut scope.recovery, closed) {
                    recovery.own = false;
                }
            }
        }
        if turned == Some(Turned::Opened) {
            self.scopes.origins[origin].probes.renew();
        }
        let paced = self.scopes.origins[origin].gate.pace.is_some();
        if (turned == Some(Turned::Opened) && !paced) || pace_is_gone {
            self.all_recovered(origin, now);
        }
    }
}
