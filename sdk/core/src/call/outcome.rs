//! What becomes of a call when an attempt is over: its answer, another attempt, a kept copy or nothing.

use super::{Call, Otherwise, State, Waiting};
use crate::backoff::Backoff;
use crate::breaker::Vote;
use crate::engine::Engine;
use crate::event::{AnswerEvent, Event, RetryEvent};
use crate::outcome::{Answer, Outcome, Reason, Source, Verdict};
use crate::tally::Ends;
use crate::time::{Instant, Millis};

impl Call {
    pub(super) fn landed(&mut self, engine: &mut Engine, now: Instant, outcome: Outcome) {
        self.last = Some(outcome);
        if outcome.vote() == Vote::Success {
            self.state = State::Over(Verdict::Network);
            return;
        }
        let offline = engine.offline(self.spec.scope);
        let reason = if offline && outcome == Outcome::Unreachable {
            Reason::Offline
        } else {
            outcome.reason()
        };
        if offline && outcome == Outcome::Unreachable && self.spec.repeatable && !self.answered {
            // It says nothing about the backend, and costs no attempt.
            self.cut_off += 1;
            self.state = State::Ready;
            return;
        }
        match self.delay(engine, now, outcome).filter(|_| !offline) {
            Some(delay) => {
                engine.counters.retries += 1;
                engine.emit(Event::Retry(RetryEvent {
                    at_ms: now.as_millis(),
                    scope: engine.name(self.spec.scope),
                    attempt: self.attempts,
                    reason,
                    delay_ms: delay.0,
                }));
                let until = now + delay;
                self.state = State::Waiting(Waiting::Resting { until });
            }
            None => self.degrade(engine, now, reason),
        }
    }

    /// How long to wait before the attempt is repeated; `None` when it is not.
    pub(super) fn delay(
        &mut self,
        engine: &mut Engine,
        now: Instant,
        outcome: Outcome,
    ) -> Option<Millis> {
        let retry = &engine.settings.retry;
        self.timeouts += u32::from(outcome == Outcome::TimedOut);
        // An answer was given already: what is left is to see whether the network still has a better one, and it has not.
        if !self.spec.repeatable
            || self.answered
            || self.attempts - self.cut_off >= retry.attempts
            || self.timeouts > retry.after_timeout
            || !engine.allows_retries(self.spec.scope, now)
        {
            return None;
        }
        let backoff = Backoff {
            base: Millis(retry.base_ms.into()),
            cap: Millis(retry.cap_ms.into()),
        };
        let delay = match outcome.retry_after() {
            Some(asked) if asked.0 > u64::from(retry.retry_after_ms) => return None,
            // The jitter comes after what the server asked for, or all who were told the same would come back at once.
            Some(asked) => {
                Millis(asked.0 + backoff.full_jitter(self.attempts - 1, &mut engine.rng).0)
            }
            None => backoff.full_jitter(self.attempts - 1, &mut engine.rng),
        };
        // What was asked of this call is worth waiting for.
        let asked = engine
            .embargo_of(self.spec.scope)
            .filter(|_| outcome.retry_after().is_some());
        let delay = asked.map_or(delay, |until| delay.max(until - now));
        let again = now + delay;
        let refused = engine.refusal(self.spec.scope, again);
        let hopeless = refused.is_some_and(|until| until > self.held_until(engine));
        if again >= self.deadline || hopeless {
            return None;
        }
        engine.pay(self.spec.scope, self.dear).then_some(delay)
    }

    /// The network has no answer for this call: on to the cache, if that may have one.
    pub(super) fn degrade(&mut self, engine: &mut Engine, now: Instant, reason: Reason) {
        self.degrade_until(engine, now, reason, None);
    }

    /// The same, where it is known when it is worth trying again.
    pub(super) fn degrade_until(
        &mut self,
        engine: &mut Engine,
        now: Instant,
        reason: Reason,
        until: Option<Instant>,
    ) {
        self.step_aside(engine, now);
        let asked = self
            .last
            .and_then(Outcome::retry_after)
            .map(|wait| now + wait);
        if self.attempts == 0 && !self.held && !self.spec.probe {
            engine.spared(self.spec.scope);
        }
        // Also when the caller was given a kept answer already: it is the network's that is wanted.
        let due = if self.spec.read {
            engine.want(self.spec.scope, now, self.spec.probe, asked)
        } else {
            None
        };
        let refused = engine.refusal(self.spec.scope, now);
        let why = Answer {
            reason,
            // What only somebody's hand opens again has no time.
            retry_at: (refused.max(asked).max(until))
                .or(due.filter(|due| *due > now))
                .filter(|at| *at < Instant::NEVER),
        };
        self.state = if self.spec.cacheable() && !self.answered {
            State::Ask(why, Otherwise::Fail)
        } else {
            State::Over(Verdict::Failed(why))
        };
    }

    /// Counts the call and reports its answer, once.
    pub(super) fn tell(&mut self, engine: &mut Engine, now: Instant, verdict: Option<Verdict>) {
        if self.told || self.spec.probe {
            return;
        }
        self.told = true;
        let (source, reason, age) = match verdict {
            Some(Verdict::Cached { age, why }) => (Some(Source::Cache), Some(why.reason), age),
            Some(Verdict::Network) => (Some(Source::Network), None, Millis::ZERO),
            Some(Verdict::Failed(why)) => (None, Some(why.reason), Millis::ZERO),
            None => (None, None, Millis::ZERO),
        };
        match source {
            Some(Source::Cache) => engine.counters.from_cache += 1,
            Some(_) => engine.counters.from_network += 1,
            None => engine.counters.failed += 1,
        }
        let one = |yes: bool| u32::from(yes);
        // What is fresh is no worse than the network's.
        let cached = source == Some(Source::Cache) && !reason.is_some_and(Reason::is_well);
        engine.count(
            now,
            Ends {
                all: 1,
                failed: one(source.is_none()),
                kept: one(cached),
                missed: one(source.is_none() && self.spec.cacheable()),
            },
        );
        engine.emit(Event::Answer(AnswerEvent {
            at_ms: now.as_millis(),
            scope: engine.name(self.spec.scope),
            source,
            reason,
            age_ms: age.0,
            attempts: self.attempts,
            took_ms: (now - self.started).0,
        }));
    }
}
