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

mod hedge;
mod launch;
mod look;
mod outcome;

use self::hedge::Hedged;
use crate::breaker::Vote;
use crate::engine::{Engine, Leave};
use crate::evidence::Evidence;
use crate::outcome::{Answer, Head, Outcome, Reason, Verdict};
use crate::scope::ScopeId;
use crate::settings::Settings;
use crate::spec::{CallSpec, Lookup};
use crate::step::Step;
use crate::throttle::Reservation;
use crate::time::{Instant, Millis};
use crate::trace::Deed;

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
    /// Asking the cache before anybody else.
    Looking,
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
    /// Those among them that failed because there was no network.
    cut_off: u32,
    timeouts: u32,
    last: Option<Outcome>,
    /// The latest attempt was out for longer than is usual.
    late: bool,
    /// Repeating it would add to what made it fail.
    dear: bool,
    /// It was held once, and has left a probe behind.
    held: bool,
    /// The cache was asked before anybody else.
    looked: bool,
    answered: bool,
    told: bool,
    /// When the rate lets its next attempt go.
    reserved: Option<Reservation>,
    /// Its place among the calls that the server has asked for fewer of.
    lot: Option<u16>,
    hedge: Hedged,
    /// What became of the first attempt while its hedge is still out.
    first: Option<Outcome>,
}

impl Call {
    pub(crate) fn new(id: CallId, now: Instant, spec: CallSpec, settings: &Settings) -> Call {
        // With no place for kept answers there are none to look for.
        let lookup = match settings.cache.entries {
            0 if spec.lookup != Lookup::Only => Lookup::Never,
            _ => spec.lookup,
        };
        let spec = CallSpec { lookup, ..spec };
        let patience = spec
            .patience
            .unwrap_or(Millis(settings.cache.patience_ms.into()));
        Call {
            id,
            spec,
            state: State::Start,
            started: now,
            deadline: now + Millis(settings.timeout.total_ms.into()),
            patience: if spec.cacheable() {
                now + patience
            } else {
                Instant::NEVER
            },
            attempts: 0,
            cut_off: 0,
            timeouts: 0,
            last: None,
            late: false,
            dear: false,
            held: false,
            looked: false,
            answered: false,
            told: false,
            reserved: None,
            lot: None,
            hedge: Hedged::No,
            first: None,
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
        engine.note(now, || Deed::Poll(self.id));
        let step = self.advance(engine, now);
        engine.decided(step)
    }

    fn advance(&mut self, engine: &mut Engine, now: Instant) -> Step {
        loop {
            match self.state {
                State::Start
                    if !self.looked && matches!(self.spec.lookup, Lookup::First | Lookup::Only) =>
                {
                    self.looked = true;
                    self.state = State::Looking;
                    return Step::ReadCache;
                }
                State::Start if engine.offline(self.spec.scope) && self.spec.cacheable() => {
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
                    self.step_aside(engine, now);
                    self.degrade(engine, now, Reason::Throttled);
                }
                State::Waiting(Waiting::Queued { .. }) => {
                    if let Some(step) = self.launch(engine, now) {
                        return step;
                    }
                    if let State::Waiting(waiting @ Waiting::Queued { until }) = self.state {
                        let until = until.min(engine.next_turn(self.spec.scope, now));
                        if let Some(step) = self.wait(waiting, until, now) {
                            return step;
                        }
                    }
                }
                State::Waiting(Waiting::Flying(flight)) if now >= flight.deadline => {
                    self.state = State::Abandoning;
                    let took = now - flight.sent;
                    self.dear = true;
                    if self.first.take().is_none() {
                        engine.land(self.spec.scope, now, flight.leave, Evidence::TimedOut, took);
                    }
                    self.drop_hedge(engine, now, Evidence::TimedOut);
                    return Step::Abandon;
                }
                State::Waiting(Waiting::Flying(_)) if now >= self.hedge.due() => {
                    if let Some(step) = self.send_hedge(engine, now) {
                        return step;
                    }
                }
                State::Waiting(Waiting::Flying(mut flight)) if now >= flight.late => {
                    flight.late = Instant::NEVER;
                    self.state = State::Waiting(Waiting::Flying(flight));
                    // One that has failed meanwhile has said what it had to say.
                    if self.first.is_none() {
                        self.late = true;
                        engine.late(self.spec.scope, now, flight.leave);
                    }
                }
                State::Waiting(Waiting::Held { .. }) => self.state = State::Ready,
                State::Waiting(Waiting::Resting { until }) if now >= until => {
                    self.state = State::Ready;
                }
                State::Waiting(waiting) => {
                    let until = match waiting {
                        Waiting::Flying(flight) => {
                            flight.deadline.min(flight.late).min(self.hedge.due())
                        }
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
                State::Asking(..) | State::Looking => return Step::Wait(Instant::NEVER),
                State::Over(verdict) => {
                    self.tell(engine, now, Some(verdict));
                    return Step::Done(verdict);
                }
            }
        }
    }

    /// The attempt that is out has an outcome.
    pub fn settle(&mut self, engine: &mut Engine, now: Instant, outcome: Outcome) {
        engine.note(now, || Deed::Settle(self.id, outcome));
        let outcome = match outcome {
            // Whoever asks whether a backend is ready has to be told so: a page that is not there says nothing.
            Outcome::Head(head) if self.spec.stand_in && !(200..300).contains(&head.status) => {
                let status = head.status.max(500);
                Outcome::Head(Head { status, ..head })
            }
            outcome => outcome,
        };
        if let State::Waiting(Waiting::Flying(flight)) = self.state {
            if self.first.is_some() {
                return;
            }
            let took = now - flight.sent;
            let evidence = self.evidence(engine, now, &flight, outcome);
            self.dear = evidence.is_dear();
            engine.embargo(self.spec.scope, now, outcome);
            engine.land(self.spec.scope, now, flight.leave, evidence, took);
            match self.hedge {
                Hedged::Out(..) if outcome.vote() != Vote::Success => self.first = Some(outcome),
                _ => {
                    self.drop_hedge(engine, now, Evidence::Neither);
                    self.landed(engine, now, outcome);
                }
            }
        }
    }

    fn evidence(
        &self,
        engine: &Engine,
        now: Instant,
        flight: &Flight,
        outcome: Outcome,
    ) -> Evidence {
        // While the browser says that there is no network, a failure to reach the backend says nothing about the backend.
        if outcome == Outcome::Unreachable && engine.offline(self.spec.scope) {
            return Evidence::Neither;
        }
        let usual = engine.usual(self.spec.scope);
        Evidence::of(outcome, self.late, usual, now - flight.sent)
    }

    /// The caller lost interest: the permit, the pass and the place in the queue go back, and nothing is counted against the backend.
    pub fn cancel(mut self, engine: &mut Engine, now: Instant) {
        engine.note(now, || Deed::Cancel(self.id));
        // It is over, and nobody was told.
        let over = matches!(self.state, State::Over(_));
        if !over {
            self.take_back(engine, now);
        }
        if !self.told && !self.spec.probe {
            engine.counters.cancelled += 1;
            self.told = true;
        }
    }

    /// What it has out and waits for.
    fn take_back(&mut self, engine: &mut Engine, now: Instant) {
        let flight = self.flight();
        self.step_aside(engine, now);
        self.drop_hedge(engine, now, Evidence::Neither);
        if let (Some(flight), None) = (flight, self.first) {
            let took = now - flight.sent;
            engine.land(self.spec.scope, now, flight.leave, Evidence::Neither, took);
        }
        // Somebody still waits for the scope: for the probe's answer, or with an old one in hand.
        if self.spec.probe || (self.spec.read && self.answered) {
            engine.want(self.spec.scope, now, self.spec.probe, None);
        }
    }

    /// Its attempt that is out, also while the cache is asked meanwhile.
    fn flight(&self) -> Option<Flight> {
        match self.state {
            State::Waiting(Waiting::Flying(flight))
            | State::Ask(_, Otherwise::Resume(Waiting::Flying(flight)))
            | State::Asking(_, Otherwise::Resume(Waiting::Flying(flight))) => Some(flight),
            _ => None,
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
