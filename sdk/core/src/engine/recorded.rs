//! Where an engine writes down what it is told, if it does.

use super::Engine;
use crate::step::Step;
use crate::time::Instant;
use crate::trace::{Deed, Trace};

impl Engine {
    /// What was recorded since the engine was made; `None` where the settings say that nothing is.
    #[must_use]
    pub fn trace(&self) -> Option<Trace> {
        self.recorder.as_ref().map(|recorder| recorder.trace())
    }

    pub(crate) fn note(&mut self, now: Instant, deed: impl FnOnce() -> Deed) {
        if let Some(recorder) = &mut self.recorder {
            recorder.note(now, &deed());
        }
    }

    /// A step that is handed out.
    pub(crate) fn decided(&mut self, step: Step) -> Step {
        match &mut self.recorder {
            Some(recorder) => recorder.decided(step),
            None => step,
        }
    }

    /// A number that was decided.
    pub(super) fn told(&mut self, number: u64) {
        if let Some(recorder) = &mut self.recorder {
            recorder.number(number);
        }
    }
}
