//! What an engine tells of itself: its health, and the changes of its breakers and gates.

use alloc::vec::Vec;

use super::Engine;
use crate::breaker::{BreakerState, Change, Counts};
use crate::event::{BreakerEvent, Event};
use crate::gate::Block;
use crate::health::{Health, LatencyHealth, OriginHealth, ScopeHealth};
use crate::scope::{Origin, Scope, ScopeId};
use crate::time::{Instant, Millis};

impl Engine {
    /// The state of everything.
    #[must_use]
    pub fn health(&self, now: Instant) -> Health {
        let origins = &self.scopes.origins;
        Health {
            online: self.online,
            in_flight: origins
                .iter()
                .map(|origin| origin.limit.taken() as u32)
                .sum(),
            queued: origins
                .iter()
                .map(|origin| (origin.limit.waiting().count() + origin.held.len()) as u32)
                .sum(),
            counters: self.counters.clone(),
            scopes: self
                .scopes
                .scopes
                .iter()
                .filter(|scope| scope.merged.is_none())
                .map(|scope| self.scope_health(scope, now))
                .collect(),
            origins: origins
                .iter()
                .map(|origin| self.origin_health(origin, now))
                .collect(),
            alerts: self.alert_health(now),
            storage: self.storage.clone(),
            outbox: self.outbox.clone(),
            // Whoever drives them knows them.
            sockets: Vec::new(),
        }
    }

    fn scope_health(&self, scope: &Scope, now: Instant) -> ScopeHealth {
        let Counts {
            failures, calls, ..
        } = scope.breaker.counts(now, &self.settings.breaker);
        let by_hand = scope.breaker.state(now) == BreakerState::Isolated;
        let due = scope
            .recovery
            .map(|recovery| recovery.due)
            .filter(|_| !by_hand);
        let gate = &self.scopes.origins[scope.origin].gate;
        let shut = match gate.block(now) {
            Some(Block::Until(until) | Block::Verdict(until)) => Some(until),
            None => None,
        };
        let refused = scope.breaker.refusal(now, &self.settings.breaker).max(shut);
        ScopeHealth {
            scope: scope.name.clone(),
            breaker: match (scope.breaker.state(now), gate.state(now)) {
                (BreakerState::Closed, gate) => gate,
                (_, BreakerState::Open) => BreakerState::Open,
                (own, _) => own,
            },
            failures,
            calls,
            retry_in_ms: refused
                .filter(|until| *until < Instant::NEVER)
                .map_or(0, |until| (until - now).0),
            probing: due == Some(Instant::NEVER),
            probe_in_ms: due
                .filter(|due| *due != Instant::NEVER)
                .map(|due| (due - now).0),
            latency: latency_health(scope, now),
        }
    }

    fn origin_health(&self, origin: &Origin, now: Instant) -> OriginHealth {
        OriginHealth {
            origin: origin.name.clone(),
            gate: origin.gate.state(now),
            in_flight: origin.limit.load(now),
            limit: self.limit_in_force(origin, now),
            queued: (origin.limit.waiting().count() + origin.held.len()) as u32,
            retries: origin.budget.retries(),
            level_permille: origin.word.background_level(now).into(),
        }
    }

    /// A gate went from one state to another: an event in the name of the origin.
    pub(super) fn report_gate(
        &mut self,
        origin: usize,
        now: Instant,
        from: BreakerState,
        failures: u32,
    ) {
        let origin = &self.scopes.origins[origin];
        let to = origin.gate.state(now);
        let retry_in = match origin.gate.block(now) {
            Some(Block::Until(until)) => until - now,
            _ => Millis::ZERO,
        };
        let event = BreakerEvent {
            at_ms: now.as_millis(),
            scope: origin.name.clone(),
            from,
            to,
            failures,
            calls: failures,
            retry_in_ms: retry_in.0,
        };
        self.emit(Event::Breaker(event));
    }

    pub(super) fn report(&mut self, scope: ScopeId, now: Instant, change: Change) {
        let retry_in = self
            .refusal(scope, now)
            .filter(|_| change.to == BreakerState::Open);
        if matches!(change.to, BreakerState::Open | BreakerState::Isolated) {
            let waiting = self.scopes.origins[self.at(scope).origin].limit.waiting();
            self.wakes.extend(waiting);
        }
        self.emit(Event::Breaker(BreakerEvent {
            at_ms: now.as_millis(),
            scope: self.name(scope),
            from: change.from,
            to: change.to,
            failures: change.counts.failures,
            calls: change.counts.calls,
            retry_in_ms: retry_in.map_or(0, |until| (until - now).0),
        }));
    }
}

fn latency_health(scope: &Scope, now: Instant) -> Option<LatencyHealth> {
    let sketch = scope.latencies.sketch();
    let millis = |permille| Some(sketch.percentile(now, permille)?.millis().0);
    Some(LatencyHealth {
        count: sketch.count(now),
        p50_ms: millis(500)?,
        p95_ms: millis(950)?,
        p99_ms: millis(990)?,
    })
}
