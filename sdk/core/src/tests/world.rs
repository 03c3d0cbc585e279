//! One engine, one clock, and calls that are driven as a browser would drive them.

use alloc::string::String;
use alloc::vec::Vec;

use crate::{
    Answer, Call, CallSpec, Engine, Event, Found, Head, Instant, Millis, Outcome, Reason, ScopeId,
    Settings, Step, Verdict,
};

pub(super) const OK: Outcome = status(200);
pub(super) const DOWN: Outcome = Outcome::Unreachable;

pub(super) const fn status(status: u16) -> Outcome {
    Outcome::Head(Head {
        status,
        retry_after: None,
    })
}

pub(super) const fn busy(status: u16, retry_after: Millis) -> Outcome {
    Outcome::Head(Head {
        status,
        retry_after: Some(retry_after),
    })
}

pub(super) struct World {
    pub(super) engine: Engine,
    pub(super) now: Instant,
    pub(super) scope: ScopeId,
    /// How old the kept answer is; `None` when there is none.
    pub(super) kept: Option<Millis>,
}

impl World {
    pub(super) fn new() -> World {
        World::with(|_| {})
    }

    pub(super) fn with(change: impl FnOnce(&mut Settings)) -> World {
        let mut settings = Settings::default();
        change(&mut settings);
        let mut engine = Engine::new(settings, 7).unwrap();
        let scope = engine.scope("https://a.example", "/assets");
        World {
            engine,
            now: Instant::from_millis(1_000),
            scope,
            kept: None,
        }
    }

    pub(super) fn pass(&mut self, millis: u64) {
        self.now = self.now + Millis(millis);
    }

    pub(super) fn begin(&mut self) -> Call {
        self.begin_as(CallSpec::read(self.scope))
    }

    pub(super) fn begin_as(&mut self, spec: CallSpec) -> Call {
        self.engine.begin(self.now, spec)
    }

    pub(super) fn poll(&mut self, call: &mut Call) -> Step {
        call.poll(&mut self.engine, self.now)
    }

    pub(super) fn settle(&mut self, call: &mut Call, outcome: Outcome) {
        call.settle(&mut self.engine, self.now, outcome);
    }

    pub(super) fn cached(&mut self, call: &mut Call) -> Step {
        let found = self
            .kept
            .map_or(Found::Miss, |age| Found::Hit { age, fresh: false });
        call.cached(&mut self.engine, self.now, found)
    }

    /// A read whose caller was given a kept answer when patience was over, after 3 s; its attempt is still out.
    pub(super) fn answered_early(&mut self) -> Call {
        self.kept = Some(Millis(5));
        let mut call = self.begin();
        let _ = self.poll(&mut call);
        self.pass(3_000);
        assert_eq!(self.poll(&mut call), Step::ReadCache);
        assert!(matches!(self.cached(&mut call), Step::Answer(_)));
        call
    }

    /// Drives a read to its end: each attempt takes 10 ms and has the next outcome, the last one for ever.
    pub(super) fn read(&mut self, outcomes: &[Outcome]) -> Verdict {
        let call = self.begin();
        self.drive(call, outcomes).0
    }

    /// The verdict, and the attempts that it took.
    pub(super) fn drive(&mut self, mut call: Call, outcomes: &[Outcome]) -> (Verdict, u32) {
        let mut step = self.poll(&mut call);
        for _ in 0..1_000 {
            step = match step {
                Step::Send { attempt } => {
                    self.pass(10);
                    let index = (attempt as usize - 1).min(outcomes.len() - 1);
                    self.settle(&mut call, outcomes[index]);
                    self.poll(&mut call)
                }
                Step::Wait(until) => {
                    self.now = self.now.max(until);
                    self.poll(&mut call)
                }
                Step::ReadCache => self.cached(&mut call),
                Step::Abandon | Step::Answer(_) | Step::Hedge { .. } => self.poll(&mut call),
                Step::Done(verdict) => return (verdict, call.attempts()),
            };
        }
        panic!("the call does not end: {call:?}");
    }

    /// Opens the breaker; the time at which it lets a probe through.
    pub(super) fn open(&mut self) -> Instant {
        while self.engine.refusal(self.scope, self.now).is_none() {
            self.read(&[DOWN]);
        }
        self.engine.refusal(self.scope, self.now).unwrap()
    }

    pub(super) fn events(&mut self) -> Vec<Event> {
        self.engine.drain_events().collect()
    }

    /// The states that the breaker went to.
    pub(super) fn breaker_states(&mut self) -> Vec<String> {
        let states = self.events().into_iter().filter_map(|event| match event {
            Event::Breaker(change) => Some(alloc::format!("{}", change.to)),
            _ => None,
        });
        states.collect()
    }
}

pub(super) fn reason(verdict: Verdict) -> Option<Reason> {
    match verdict {
        Verdict::Cached {
            why: Answer { reason, .. },
            ..
        }
        | Verdict::Failed(Answer { reason, .. }) => Some(reason),
        Verdict::Network => None,
    }
}
