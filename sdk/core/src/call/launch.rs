//! The way of a call to the network: what is in its way, its turn, and leave for one attempt.

use super::hedge::Hedged;
use super::{Call, Flight, Otherwise, State, Waiting};
use crate::engine::{Engine, Obstacle};
use crate::outcome::{Answer, Outcome, Reason};
use crate::step::Step;
use crate::throttle::Turn;
use crate::time::{Instant, Millis};

impl Call {
    /// Tries to send an attempt: breaker, then turn, then breaker again for the pass, which may be its only one.
    pub(super) fn launch(&mut self, engine: &mut Engine, now: Instant) -> Option<Step> {
        let scope = self.spec.scope;
        if now >= self.deadline {
            self.step_aside(engine, now);
            self.degrade(
                engine,
                now,
                self.last.map_or(Reason::Timeout, Outcome::reason),
            );
            return None;
        }
        if self.cut_off > 0 && engine.offline(scope) {
            return self.pause(engine, now);
        }
        if let Some(asked) = engine.asked(&self.spec, &mut self.lot, now) {
            return self.obstructed(engine, now, asked);
        }
        let retry = self.attempts > 0;
        if let Some(obstacle) = engine.obstacle(&self.spec, now, retry) {
            return self.obstructed(engine, now, obstacle);
        }
        // Who waits in the queue has been let through by the pace, which is asked again before it goes. To be sent back to wait for it
        // from the queue, too, would let two calls wake each other for ever.
        let queued = matches!(self.state, State::Waiting(Waiting::Queued { .. }));
        if !queued && let Some(paced) = engine.paced(scope, self.id, now) {
            return self.obstructed(engine, now, paced);
        }
        engine.unhold(scope, self.id);
        let reserved = match self.reserved {
            Some(reserved) => reserved,
            None => match engine.reserve(&self.spec, now, self.deadline) {
                Ok(reserved) => *self.reserved.insert(reserved),
                Err(until) => {
                    self.degrade_until(engine, now, Reason::Throttled, Some(until));
                    return None;
                }
            },
        };
        if now < reserved.at() {
            return self.wait(
                Waiting::Held {
                    until: reserved.at(),
                },
                reserved.at(),
                now,
            );
        }
        let until = match self.state {
            State::Waiting(Waiting::Queued { until }) => until,
            _ => now + Millis(engine.settings.concurrency.queue_ms.into()),
        };
        let until = until.min(self.deadline);
        match engine.turn(&self.spec, self.id, now, until) {
            Turn::Granted => {}
            Turn::Queued => {
                self.state = State::Waiting(Waiting::Queued { until });
                return None;
            }
            Turn::Evicted | Turn::Lapsed | Turn::Refused => {
                self.degrade(engine, now, Reason::Throttled);
                return None;
            }
        }
        if queued && let Some(paced) = engine.paced(scope, self.id, now) {
            engine.release(scope, self.id, now);
            return self.obstructed(engine, now, paced);
        }
        let Ok(leave) = engine.admit(&self.spec, self.id, now) else {
            engine.release(scope, self.id, now);
            self.degrade(engine, now, Reason::CircuitOpen);
            return None;
        };
        self.reserved = None;
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
        self.hedge = match self.attempts {
            1 => Hedged::Due(engine.hedge_due(&self.spec, now)),
            _ => Hedged::No,
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
            self.step_aside(engine, now);
            self.state = State::Ask(why, Otherwise::Hold);
            return None;
        }
        let longest = self.held_until(engine);
        let hopeless = obstacle.until > longest && !obstacle.soon;
        if self.spec.probe
            || hopeless
            || now >= longest
            || !engine.hold(self.spec.scope, self.id, now, !self.held)
        {
            self.step_aside(engine, now);
            self.degrade(engine, now, obstacle.reason);
            return None;
        }
        self.held = true;
        let until = obstacle.until.min(longest);
        self.state = State::Waiting(Waiting::Held { until });
        Some(Step::Wait(until))
    }

    /// Waits for the network to be back, but not for longer than for anything else.
    fn pause(&mut self, engine: &mut Engine, now: Instant) -> Option<Step> {
        let until = self.held_until(engine);
        if now >= until {
            self.degrade(engine, now, Reason::Offline);
            return None;
        }
        engine.pause(self.id);
        self.wait(Waiting::Held { until }, until, now)
    }

    /// It does not go now: what it has of queue, permits and rate is others'.
    pub(super) fn step_aside(&mut self, engine: &mut Engine, now: Instant) {
        engine.leave(self.spec.scope, self.id, now);
        if let Some(reserved) = self.reserved.take() {
            engine.withdraw(self.spec.scope, reserved);
        }
    }

    /// Until when it waits for a gate, a pace or a breaker.
    pub(super) fn held_until(&self, engine: &Engine) -> Instant {
        let longest = self.started + Millis(engine.settings.gate.hold_ms.into());
        longest.min(self.deadline)
    }
}
