//! A call's turn: within the rate of its origin, and with one of its permits.

use alloc::boxed::Box;

use super::{Engine, Leave};
use crate::call::CallId;
use crate::evidence::Evidence;
use crate::scope::{Origin, ScopeId};
use crate::settings::{ConcurrencySettings, RateLimitSettings};
use crate::spec::CallSpec;
use crate::throttle::{
    self, Adaptive, AdaptiveSettings, LimitSettings, QueueOrder, RateSettings, Request,
    Reservation, RoundTrip, Turn,
};
use crate::time::{Instant, Millis};

impl Engine {
    /// Leave by the rate to go at an instant, if that is soon enough and before the call is over.
    ///
    /// # Errors
    /// When it is not: the instant at which it could have gone.
    pub(crate) fn reserve(
        &mut self,
        spec: &CallSpec,
        now: Instant,
        deadline: Instant,
    ) -> Result<Reservation, Instant> {
        let settings = &self.settings.rate;
        let longest = Millis(settings.wait_ms.into()).min(deadline - now);
        let rate = rate_of(settings);
        let weight = u32::from(spec.weight.max(1));
        self.origin_mut(spec.scope)
            .rate
            .reserve(now, weight, longest, &rate)
    }

    /// Leave that will not be used.
    pub(crate) fn withdraw(&mut self, scope: ScopeId, reservation: Reservation) {
        self.origin_mut(scope).rate.withdraw(reservation);
    }

    /// Asks for a permit, for the first time or again.
    pub(crate) fn turn(
        &mut self,
        spec: &CallSpec,
        call: CallId,
        now: Instant,
        deadline: Instant,
    ) -> Turn {
        let request = Request {
            call,
            weight: spec.weight.into(),
            priority: spec.priority,
            deadline,
        };
        let index = self.at(spec.scope).origin;
        let origin = &mut self.scopes.origins[index];
        let settings = limit_of(origin, now, &self.settings.concurrency);
        let (turn, wake) = origin.limit.request(now, &request, &settings);
        self.wakes.extend(wake);
        turn
    }

    /// When somebody's turn may come by time alone.
    pub(crate) fn next_turn(&self, scope: ScopeId, now: Instant) -> Instant {
        let origin = self.origin(scope);
        let adaptive = origin.adaptive.as_ref().map(|adaptive| adaptive.deadline());
        // What has passed is noted when the next attempt lands; nothing comes of waiting for it.
        let adapted = adaptive.filter(|at| *at > now).unwrap_or(Instant::NEVER);
        origin.limit.deadline().min(adapted)
    }

    /// A call needs no turn any more, and nothing else is in its way.
    pub(crate) fn leave(&mut self, scope: ScopeId, call: CallId, now: Instant) {
        self.give_way(scope, call, now);
        self.unhold(scope, call);
        self.paused.retain(|paused| *paused != call);
    }

    /// Gives a call's place in the queue up.
    pub(super) fn give_way(&mut self, scope: ScopeId, call: CallId, now: Instant) {
        self.with_limit(scope, now, |limit, settings| {
            limit.leave(now, call, settings)
        });
    }

    /// Gives a permit back that was not used.
    pub(crate) fn release(&mut self, scope: ScopeId, call: CallId, now: Instant) {
        self.with_limit(scope, now, |limit, settings| {
            limit.release(now, call, settings)
        });
    }

    /// An attempt is over, or given up: then it counts for a while, for its work goes on.
    pub(super) fn give_back(
        &mut self,
        scope: ScopeId,
        now: Instant,
        leave: Leave,
        evidence: Evidence,
        took: Millis,
    ) {
        let call = leave.call();
        let index = self.at(scope).origin;
        let settings = &self.settings.concurrency;
        let origin = &mut self.scopes.origins[index];
        if settings.adaptive > 0 {
            let trip = RoundTrip {
                sent: Instant::from_micros(now.as_micros().saturating_sub(took.0 * 1_000)),
                in_flight: leave.in_flight(),
                evidence: load_of(evidence),
            };
            let adaptive = origin
                .adaptive
                .get_or_insert_with(|| Box::new(Adaptive::new(settings.limit)));
            adaptive.settle(now, &trip, &adaptive_of(settings));
        }
        match evidence {
            Evidence::TimedOut => {
                self.with_limit(scope, now, |limit, settings| {
                    limit.abandon(now, call, settings)
                });
            }
            _ => self.release(scope, call, now),
        }
    }

    /// The weight that may be in flight.
    pub(super) fn limit_in_force(&self, origin: &Origin, now: Instant) -> u32 {
        limit_of(origin, now, &self.settings.concurrency).limit
    }

    /// The settings have changed.
    pub(super) fn poll_turns(&mut self, scope: ScopeId, now: Instant) {
        self.with_limit(scope, now, |limit, settings| limit.poll(now, settings));
    }

    /// Whether no call has anything of any origin, nor owes it a word.
    #[cfg(test)]
    pub(crate) fn is_idle(&mut self, now: Instant) -> bool {
        (0..self.scopes.scopes.len()).for_each(|index| self.poll_turns(ScopeId(index as u16), now));
        let mut origins = self.scopes.origins.iter();
        self.paused.is_empty() && origins.all(|each| each.limit.is_idle() && each.held.is_empty())
    }

    fn with_limit(
        &mut self,
        scope: ScopeId,
        now: Instant,
        deed: impl FnOnce(&mut throttle::Limit, &LimitSettings) -> alloc::vec::Vec<CallId>,
    ) {
        let index = self.at(scope).origin;
        let origin = &mut self.scopes.origins[index];
        let settings = limit_of(origin, now, &self.settings.concurrency);
        self.wakes.extend(deed(&mut origin.limit, &settings));
    }
}

fn rate_of(settings: &RateLimitSettings) -> RateSettings {
    RateSettings {
        rate: settings.limit,
        interval_ms: settings.interval_ms,
        burst: settings.burst,
    }
}

fn limit_of(origin: &Origin, now: Instant, settings: &ConcurrencySettings) -> LimitSettings {
    let adaptive = origin.adaptive.as_ref().filter(|_| settings.adaptive > 0);
    let adapted = adaptive.map_or(settings.limit, |adaptive| {
        adaptive.limit(now, &adaptive_of(settings))
    });
    LimitSettings {
        limit: adapted.min(settings.limit),
        queue: settings.queue,
        order: match settings.newest_first {
            0 => QueueOrder::OldestFirst,
            _ => QueueOrder::NewestFirst,
        },
        ageing_ms: settings.ageing_ms,
        abandoned_ms: settings.abandoned_ms,
    }
}

/// A window of twenty answers, a second at least; half as slow again as in calm is still well.
fn adaptive_of(settings: &ConcurrencySettings) -> AdaptiveSettings {
    AdaptiveSettings {
        minimum: 1,
        maximum: settings.limit,
        samples: 20,
        window_ms: 1_000,
        tolerance_percent: 50,
    }
}

fn load_of(evidence: Evidence) -> throttle::Evidence {
    match evidence {
        Evidence::Overload | Evidence::TimedOut => throttle::Evidence::Dropped,
        good if good.is_good() => throttle::Evidence::Answered,
        _ => throttle::Evidence::Neither,
    }
}
