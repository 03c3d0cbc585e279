//! The way of a call to the network: what is in its way, its turn, and leave for one attempt.

use super::{Call, Flight, Otherwise, State, Waiting};
use crate::engine::{Engine, Obstacle};
use crate::limiter::Turn;
use crate::outcome::{Answer, Outcome, Reason};
use crate::step::Step;
use crate::time::{Instant, Millis};

impl Call {
    /// Tries to send an attempt: breaker, then turn, then breaker again for the pass, which may be its only one.
    pub(super) fn launch(&mut self, engine: &mut Engine, now: Instant) -> Option<Step> {
        let scope = self.spec.scope;
        if now >= self.deadline {
            engine.leave(scope, self.id);
            self.degrade(
                engine,
                now,
                self.last.map_or(Reason::Timeout, Outcome::reason),
            );
            return None;
        }
        let retry = self.attempts > 0;
        if let Some(obstacle) = engine.obstacle(&self.spec, self.id, now, retry) {
            return self.obstructed(engine, now, obstacle);
        }
        engine.unhold(scope, self.id);
        match engine.turn(scope, self.id) {
            Turn::Granted => {}
            Turn::Queued => {
                let until = now + Millis(engine.settings.concurrency.queue_ms.into());
                self.state = State::Waiting(Waiting::Queued {
                    until: until.min(self.deadline),
                });
                return None;
            }
            Turn::Refused => {
                self.degrade(engine, now, Reason::Throttled);
                return None;
            }
        }
        let Ok(leave) = engine.admit(scope, now) else {
            engine.release(scope);
            self.degrade(engine, now, Reason::CircuitOpen);
            return None;
        };
        // Only a read has an end to each attempt: an upload takes as long as it takes, and giving it up undoes nothing.
        let deadline = match self.spec.read {
            true => now + Millis(engine.settings.timeout.attempt_ms.into()),
            false => Instant::NEVER,
        };
        self.attempts += 1;
        engine.counters.attempts += u64::from(!self.spec.probe);
        self.late = false;
        // Of what sends a body nobody knows how long it takes.
        let late = match self.spec.read {
            true => now + engine.late_after(scope),
            false => Instant::NEVER,
        };
        self.state = State::Waiting(Waiting::Flying(Flight {
            leave,
            sent: now,
            deadline: deadline.min(self.deadline),
            late,
        }));
        Some(Step::Send {
            attempt: self.attempts,
        })
    }

    /// Something is in the way: a kept answer, or a wait that is not too long, or a refusal.
    pub(super) fn obstructed(
        &mut self,
        engine: &mut Engine,
        now: Instant,
        obstacle: Obstacle,
    ) -> Option<Step> {
        if self.spec.read && !self.spec.probe && obstacle.reason == Reason::CircuitOpen {
            engine.want(self.spec.scope, now, false, None);
        }
        // A retry that only waits for the answer to a doubt will soon know better than a kept copy.
        let brief = obstacle.soon && self.attempts > 0;
        if self.patience != Instant::NEVER && !brief {
            let why = Answer {
                reason: obstacle.reason,
                retry_at: Some(obstacle.until),
            };
            engine.leave(self.spec.scope, self.id);
            self.state = State::Ask(why, Otherwise::Hold);
            return None;
        }
        let longest = self.held_until(engine);
        let hopeless = obstacle.until > longest && !obstacle.soon;
        if self.spec.probe
            || hopeless
            || now >= longest
            || !engine.hold(self.spec.scope, self.id, !self.held)
        {
            engine.leave(self.spec.scope, self.id);
            self.degrade(engine, now, obstacle.reason);
            return None;
        }
        self.held = true;
        let until = obstacle.until.min(longest);
        self.state = State::Waiting(Waiting::Held { until });
        Some(Step::Wait(until))
    }

    /// Until when it waits for a gate, a pace or a breaker.
    pub(super) fn held_until(&self, engine: &Engine) -> Instant {
        let longest = self.started + Millis(engine.settings.gate.hold_ms.into());
        longest.min(self.deadline)
    }
}
