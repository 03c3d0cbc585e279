//! What the cache had for a call, and what follows.

use super::{Call, Otherwise, State, Waiting};
use crate::engine::Engine;
use crate::outcome::{Answer, Reason, Verdict};
use crate::spec::Lookup;
use crate::step::{Found, Step};
use crate::throttle::Priority;
use crate::time::Instant;
use crate::trace::Deed;

impl Call {
    /// What the network failed in, so that the cache is asked; `None` where the cache is asked before it.
    #[must_use]
    pub fn in_want_of(&self) -> Option<Reason> {
        match self.state {
            State::Asking(why, _) => Some(why.reason),
            _ => None,
        }
    }

    /// What the cache had. The step that follows may be an [`Step::Answer`], so this gives it.
    pub fn cached(&mut self, engine: &mut Engine, now: Instant, found: Found) -> Step {
        engine.note(now, || Deed::Cached(self.id, found));
        let step = match self.state {
            State::Looking => self.looked_first(engine, now, found),
            State::Asking(why, otherwise) => self.looked_last(engine, now, found, why, otherwise),
            _ => self.advance(engine, now),
        };
        engine.decided(step)
    }

    /// Before anybody else was asked.
    fn looked_first(&mut self, engine: &mut Engine, now: Instant, found: Found) -> Step {
        let (age, reason) = match found {
            Found::Hit { age, fresh: true } => (age, Reason::Fresh),
            Found::Hit { age, fresh: false } => (age, Reason::Preferred),
            Found::Renew { age } => (age, Reason::Revalidating),
            Found::Miss if self.spec.lookup == Lookup::Only => {
                self.state = State::Over(Verdict::Failed(because(Reason::NotKept)));
                return self.advance(engine, now);
            }
            Found::Miss => {
                engine.wants_network(self.spec.scope, now);
                self.state = State::Start;
                return self.advance(engine, now);
            }
        };
        let verdict = Verdict::Cached {
            age,
            why: because(reason),
        };
        if reason != Reason::Revalidating {
            self.state = State::Over(verdict);
            return self.advance(engine, now);
        }
        engine.wants_network(self.spec.scope, now);
        self.tell(engine, now, Some(verdict));
        self.answered = true;
        self.patience = Instant::NEVER;
        // Nobody waits for what comes now.
        self.spec.priority = Priority::Background;
        self.state = State::Ready;
        Step::Answer(verdict)
    }

    /// In place of a network that has no answer, or none yet.
    fn looked_last(
        &mut self,
        engine: &mut Engine,
        now: Instant,
        found: Found,
        why: Answer,
        otherwise: Otherwise,
    ) -> Step {
        let verdict = match found {
            Found::Hit { age, .. } | Found::Renew { age } => Some(Verdict::Cached { age, why }),
            Found::Miss => None,
        };
        match (verdict, otherwise) {
            (Some(verdict), Otherwise::Resume(flying @ Waiting::Flying(_))) => {
                self.state = State::Waiting(flying);
                self.tell(engine, now, Some(verdict));
                self.answered = true;
                return Step::Answer(verdict);
            }
            (Some(verdict), _) => {
                self.step_aside(engine, now);
                // A reader has an old answer, and no attempt is out that might bring a new one.
                engine.want(self.spec.scope, now, false, None);
                self.state = State::Over(verdict);
            }
            (None, Otherwise::Hold) => self.state = State::Ready,
            (None, Otherwise::Fail) => self.state = State::Over(Verdict::Failed(why)),
            (None, Otherwise::Resume(waiting)) => self.state = State::Waiting(waiting),
            (None, Otherwise::Try) => self.state = State::Ready,
        }
        self.advance(engine, now)
    }
}

/// For a reason that has nothing to do with time.
const fn because(reason: Reason) -> Answer {
    Answer {
        reason,
        retry_at: None,
    }
}
