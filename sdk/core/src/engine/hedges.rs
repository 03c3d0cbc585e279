//! Leave for second attempts.

use super::{Engine, Leave};
use crate::breaker::BreakerState;
use crate::call::CallId;
use crate::hedge::{Ending, HedgeAsk};
use crate::scope::ScopeId;
use crate::sketch::Micros;
use crate::spec::CallSpec;
use crate::throttle::Turn;
use crate::time::{Instant, Millis};

impl Engine {
    /// When the second attempt of a call whose first one goes out now is due; [`Instant::NEVER`] when there will be none.
    pub(crate) fn hedge_due(&mut self, spec: &CallSpec, now: Instant) -> Instant {
        let ask = self.hedge_ask(spec, now);
        let settings = &self.settings.hedge;
        if settings.share_permille == 0 || !spec.hedged {
            return Instant::NEVER;
        }
        let index = self.at(spec.scope).origin;
        self.scopes.origins[index].hedge.earn(settings);
        let sketch = self.at(spec.scope).latencies.many();
        let hedge = &self.scopes.origins[index].hedge;
        let delay =
            sketch.and_then(|sketch| hedge.delay(now, sketch, ask, &self.settings.hedge).ok());
        delay.map_or(Instant::NEVER, |delay| now + delay)
    }

    /// Leave for a second attempt: credit, a permit that is free at this moment, and the breaker's pass.
    pub(crate) fn hedge(&mut self, spec: &CallSpec, now: Instant) -> Option<(CallId, Leave)> {
        // Whoever waits in the queue comes first, and keeps its place there.
        if self.origin(spec.scope).limit.waiting().next().is_some() {
            return None;
        }
        let ask = self.hedge_ask(spec, now);
        self.last_call += 1;
        let id = CallId(self.last_call);
        let turn = self.turn(spec, id, now, now);
        if turn != Turn::Granted {
            self.give_way(spec.scope, id, now);
            return None;
        }
        let leave = self.pay_hedge(spec, id, ask, now);
        if leave.is_none() {
            self.release(spec.scope, id, now);
        }
        Some((id, leave?))
    }

    /// What a second attempt costs beside its permit: it is an attempt, and within the rate like any other.
    fn pay_hedge(
        &mut self,
        spec: &CallSpec,
        id: CallId,
        ask: HedgeAsk,
        now: Instant,
    ) -> Option<Leave> {
        let reserved = self.reserve(spec, now, now).ok()?;
        let index = self.at(spec.scope).origin;
        let paid = self.scopes.origins[index]
            .hedge
            .spend(ask, &self.settings.hedge);
        let leave = paid.ok().and_then(|()| self.admit(spec, id, now).ok());
        if leave.is_none() {
            self.withdraw(spec.scope, reserved);
        }
        leave
    }

    /// Nothing of a second attempt is left behind.
    pub(crate) fn forget_hedge(&mut self, scope: ScopeId, id: CallId, now: Instant) {
        self.give_way(scope, id, now);
    }

    /// An attempt was given up after this long: it would have taken longer.
    pub(super) fn record_cut(&mut self, scope: ScopeId, now: Instant, took: Millis) {
        if self.settings.hedge.share_permille == 0 {
            return;
        }
        let took = Micros(took.0 * 1_000);
        let sketch = self.at(scope).latencies.many();
        let sample =
            sketch.and_then(|sketch| Ending::Cut.sample(now, sketch, took, &self.settings.hedge));
        if let Some(sample) = sample {
            self.at_mut(scope).latencies.record(now, sample);
        }
    }

    fn hedge_ask(&self, spec: &CallSpec, now: Instant) -> HedgeAsk {
        let (scope, origin) = (self.at(spec.scope), self.origin(spec.scope));
        HedgeAsk {
            repeatable: spec.repeatable,
            failing: scope.breaker.state(now) != BreakerState::Closed
                || origin.gate.is_troubled()
                || !origin.word.allows_retries(now),
            retries_spent: origin.budget.retries() == 0,
        }
    }
}
