//! A second attempt beside a slow first one.
//!
//! While both are out, the first to succeed is the answer. A first attempt that fails leaves the call to its hedge; a hedge that fails
//! is as if it had never been.

use super::{Call, Flight, State, Waiting};
use crate::breaker::Vote;
use crate::call::CallId;
use crate::engine::Engine;
use crate::evidence::Evidence;
use crate::outcome::Outcome;
use crate::step::Step;
use crate::time::Instant;
use crate::trace::Deed;

/// The second attempt.
#[derive(Clone, Copy, Debug)]
pub(super) enum Hedged {
    /// It is to be sent then, if the first is still out.
    Due(Instant),
    /// There is none, or none any more.
    No,
    /// It is out, with a permit in a name of its own.
    Out(CallId, Flight),
}

impl Hedged {
    /// When it is due.
    pub(super) fn due(self) -> Instant {
        match self {
            Hedged::Due(at) => at,
            Hedged::No | Hedged::Out(..) => Instant::NEVER,
        }
    }
}

impl Call {
    /// The time for a second attempt has come.
    pub(super) fn send_hedge(&mut self, engine: &mut Engine, now: Instant) -> Option<Step> {
        self.hedge = Hedged::No;
        let State::Waiting(Waiting::Flying(first)) = self.state else {
            return None;
        };
        let (id, leave) = engine.hedge(&self.spec, now)?;
        let flight = Flight {
            leave,
            sent: now,
            // Once the first was late, everybody knows.
            late: Instant::NEVER,
            ..first
        };
        self.hedge = Hedged::Out(id, flight);
        self.attempts += 1;
        engine.counters.attempts += 1;
        engine.counters.hedges += 1;
        Some(Step::Hedge {
            attempt: self.attempts,
        })
    }

    /// The second attempt has an outcome.
    pub fn settle_hedge(&mut self, engine: &mut Engine, now: Instant, outcome: Outcome) {
        engine.note(now, || Deed::SettleHedge(self.id, outcome));
        let Hedged::Out(id, flight) = self.hedge else {
            return;
        };
        self.hedge = Hedged::No;
        let scope = self.spec.scope;
        let evidence = self.evidence(engine, now, &flight, outcome);
        let took = now - flight.sent;
        engine.embargo(scope, now, outcome);
        engine.land(scope, now, flight.leave, evidence, took);
        engine.forget_hedge(scope, id, now);
        let first = self.flight().filter(|_| self.first.is_none());
        match (outcome.vote() == Vote::Success, first) {
            (true, first) => {
                if let Some(first) = first {
                    engine.land(scope, now, first.leave, Evidence::Neither, now - first.sent);
                }
                self.first = None;
                self.landed(engine, now, outcome);
            }
            (false, Some(_)) => {}
            (false, None) => {
                if let Some(first) = self.first.take() {
                    self.landed(engine, now, first);
                }
            }
        }
    }

    /// Takes the second attempt back: its result would be nobody's.
    pub(super) fn drop_hedge(&mut self, engine: &mut Engine, now: Instant, evidence: Evidence) {
        if let Hedged::Out(id, flight) = self.hedge {
            let scope = self.spec.scope;
            engine.land(scope, now, flight.leave, evidence, now - flight.sent);
            engine.forget_hedge(scope, id, now);
        }
        self.hedge = Hedged::No;
    }
}
