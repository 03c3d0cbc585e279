//! One request's life.
//!
//! ```text
//! Start ─ offline? ─ breaker? ─ turn? ─▶ Flying ─ answered ─▶ Over(Network)
//!   ▲                   │        │         │
//!   │                   │      Queued      ├─ failed, may be repeated ─▶ Resting ─▶ (again)
//!   │                   ▼                  ├─ failed for good ─┐
//!   └── miss while offline                 └─ patience over ─┐ │
//!                Asking the cache ◀──────────────────────────┴─┘
//! ```
//!
//! The driver polls, does what the step says, reports back, and polls again. An effect is handed out once; a poll too many is
//! answered with [`Step::Wait`].

mod launch;
mod outcome;

use crate::engine::{Engine, Leave};
use crate::evidence::Evidence;
use crate::outcome::{Answer, Outcome, Reason, Verdict};
use crate::scope::ScopeId;
use crate::settings::Settings;
use crate::spec::CallSpec;
use crate::step::{Found, Step};
use crate::time::{Instant, Millis};

/// A call of one engine.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CallId(pub(crate) u64);

/// An attempt that is out.
#[derive(Clone, Copy, Debug)]
struct Flight {
    leave: Leave,
    sent: Instant,
    deadline: Instant,
    /// When it is out for longer than is usual; [`Instant::NEVER`] once that was said.
    late: Instant,
}

/// What a call waits for.
#[derive(Clone, Copy, Debug)]
enum Waiting {
    /// An attempt that is out.
    Flying(Flight),
    /// What is in its way to go.
    Held { until: Instant },
    /// Its turn.
    Queued { until: Instant },
    /// The time to repeat the attempt.
    Resting { until: Instant },
}

/// What follows when the cache has nothing.
#[derive(Clone, Copy, Debug)]
enum Otherwise {
    Fail,
    /// Wait for what is in the way.
    Hold,
    Resume(Waiting),
    Try,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Start,
    Ready,
    Waiting(Waiting),
    Abandoning,
    Ask(Answer, Otherwise),
    Asking(Answer, Otherwise),
    Over(Verdict),
}

/// One request.
#[derive(Debug)]
#[must_use = "a call does nothing until it is polled"]
pub struct Call {
    id: CallId,
    spec: CallSpec,
    state: State,
    started: Instant,
    deadline: Instant,
    /// When a kept answer is served although the network may still answer.
    patience: Instant,
    attempts: u32,
    timeouts: u32,
    last: Option<Outcome>,
    /// The latest attempt was out for longer than is usual.
    late: bool,
    /// Repeating it would add to what made it fail.
    dear: bool,
    /// It was held once, and has left a probe behind.
    held: bool,
    answered: bool,
    told: bool,
}

impl Call {
    pub(crate) fn new(id: CallId, now: Instant, spec: CallSpec, settings: &Settings) -> Call {
        let cacheable = spec.cacheable && settings.cache.entries > 0;
        Call {
            id,
            spec: CallSpec { cacheable, ..spec },
            state: State::Start,
            started: now,
            deadline: now + Millis(settings.timeout.total_ms.into()),
            patience: if cacheable {
                now + Millis(settings.cache.patience_ms.into())
            } else {
                Instant::NEVER
            },
            attempts: 0,
            timeouts: 0,
            last: None,
            late: false,
            dear: false,
            held: false,
            answered: false,
            told: false,
        }
    }

    /// Its name among the calls of the engine.
    #[must_use]
    pub fn id(&self) -> CallId {
        self.id
    }

    /// Its scope.
    #[must_use]
    pub fn scope(&self) -> ScopeId {
        self.spec.scope
    }

    /// Attempts that were sent so far.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What to do next.
    pub fn poll(&mut self, engine: &mut Engine, now: Instant) -> Step {
        loop {
            match self.state {
                State::Start if engine.offline(self.spec.scope) && self.spec.cacheable => {
                    self.state = State::Ask(
                        Answer {
                            reason: Reason::Offline,
                            retry_at: None,
                        },
                        Otherwise::Try,
                    );
                }
                State::Start => self.state = State::Ready,
                State::Ready => {
                    if let Some(step) = self.launch(engine, now) {
                        return step;
                    }
                }
                State::Waiting(Waiting::Queued { until }) if now >= until => {
                    engine.leave(self.spec.scope, self.id);
                    self.degrade(engine, now, Reason::Throttled);
                }
                State::Waiting(waiting @ Waiting::Queued { until }) => {
                    self.state = State::Ready;
                    if let Some(step) = self.launch(engine, now) {
                        return step;
                    }
                    if let State::Waiting(_) = self.state {
                        // Still not its turn: the time to give up stays what it was.
                        if let Some(step) = self.wait(waiting, until, now) {
                            return step;
                        }
                    }
                }
                State::Waiting(Waiting::Flying(flight)) if now >= flight.deadline => {
                    self.state = State::Abandoning;
                    let took = now - flight.sent;
                    self.dear = true;
                    engine.land(self.spec.scope, now, flight.leave, Evidence::TimedOut, took);
                    return Step::Abandon;
                }
                State::Waiting(Waiting::Flying(mut flight)) if now >= flight.late => {
                    flight.late = Instant::NEVER;
                    self.late = true;
                    self.state = State::Waiting(Waiting::Flying(flight));
                    engine.late(self.spec.scope, now, flight.leave);
                }
                State::Waiting(Waiting::Held { .. }) => self.state = State::Ready,
                State::Waiting(Waiting::Resting { until }) if now >= until => {
                    self.state = State::Ready;
                }
                State::Waiting(waiting) => {
                    let until = match waiting {
                        Waiting::Flying(flight) => flight.deadline.min(flight.late),
                        Waiting::Held { until }
                        | Waiting::Queued { until }
                        | Waiting::Resting { until } => until,
                    };
                    if let Some(step) = self.wait(waiting, until, now) {
                        return step;
                    }
                }
                State::Abandoning => self.landed(engine, now, Outcome::TimedOut),
                State::Ask(why, otherwise) => {
                    // Patience is over once the cache was asked: what it did not have now it will not have a moment later.
                    self.patience = Instant::NEVER;
                    self.state = State::Asking(why, otherwise);
                    return Step::ReadCache;
                }
                // The driver has a cache to ask; it polls again when it has.
                State::Asking(..) => return Step::Wait(Instant::NEVER),
                State::Over(verdict) => {
                    self.tell(engine, now, Some(verdict));
                    return Step::Done(verdict);
                }
            }
        }
    }

    /// The attempt that is out has an outcome.
    pub fn settle(&mut self, engine: &mut Engine, now: Instant, outcome: Outcome) {
        if let State::Waiting(Waiting::Flying(flight)) = self.state {
            // While the browser says that there is no network, a failure to reach the backend says nothing about the backend.
            let cut_off = outcome == Outcome::Unreachable && engine.offline(self.spec.scope);
            let took = now - flight.sent;
            let evidence = if cut_off {
                Evidence::Neither
            } else {
                Evidence::of(outcome, self.late, engine.usual(self.spec.scope), took)
            };
            self.dear = evidence.is_dear();
            engine.land(self.spec.scope, now, flight.leave, evidence, took);
            self.landed(engine, now, outcome);
        }
    }

    /// What the cache had. The step that follows may be an [`Step::Answer`], so this gives it.
    pub fn cached(&mut self, engine: &mut Engine, now: Instant, found: Found) -> Step {
        let State::Asking(why, otherwise) = self.state else {
            return self.poll(engine, now);
        };
        let oldest = Millis(engine.settings.cache.stale_ms.into());
        let verdict = match found {
            Found::Hit { age } if age <= oldest => Some(Verdict::Cached { age, why }),
            Found::Hit { .. } | Found::Miss => None,
        };
        match (verdict, otherwise) {
            (Some(verdict), Otherwise::Resume(flying @ Waiting::Flying(_))) => {
                self.state = State::Waiting(flying);
                self.tell(engine, now, Some(verdict));
                self.answered = true;
                return Step::Answer(verdict);
            }
            (Some(verdict), _) => {
                engine.leave(self.spec.scope, self.id);
                // A reader has an old answer, and no attempt is out that might bring a new one.
                engine.want(self.spec.scope, now, false, None);
                self.state = State::Over(verdict);
            }
            (None, Otherwise::Hold) => self.state = State::Ready,
            (None, Otherwise::Fail) => self.state = State::Over(Verdict::Failed(why)),
            (None, Otherwise::Resume(waiting)) => self.state = State::Waiting(waiting),
            (None, Otherwise::Try) => self.state = State::Ready,
        }
        self.poll(engine, now)
    }

    /// The caller lost interest: the permit, the pass and the place in the queue go back, and nothing is counted against the backend.
    pub fn cancel(mut self, engine: &mut Engine, now: Instant) {
        let waiting = match self.state {
            State::Waiting(waiting)
            | State::Ask(_, Otherwise::Resume(waiting))
            | State::Asking(_, Otherwise::Resume(waiting)) => Some(waiting),
            State::Over(_) => return,
            _ => None,
        };
        engine.leave(self.spec.scope, self.id);
        if let Some(Waiting::Flying(flight)) = waiting {
            let took = now - flight.sent;
            engine.land(self.spec.scope, now, flight.leave, Evidence::Neither, took);
        }
        // Somebody still waits for the scope: for the probe's answer, or with an old one in hand.
        if self.spec.probe || (self.spec.read && self.answered) {
            engine.want(self.spec.scope, now, self.spec.probe, None);
        }
        if !self.told {
            engine.counters.cancelled += 1;
            self.told = true;
        }
    }

    /// Waits, but no longer than patience lasts; `None` when it is over and the cache is to be asked.
    fn wait(&mut self, waiting: Waiting, until: Instant, now: Instant) -> Option<Step> {
        if now < self.patience {
            self.state = State::Waiting(waiting);
            return Some(Step::Wait(until.min(self.patience)));
        }
        let slow = Answer {
            reason: Reason::Slow,
            retry_at: None,
        };
        self.state = State::Ask(slow, Otherwise::Resume(waiting));
        None
    }
}
