//! A running hash of decisions.

use crate::outcome::{Answer, Verdict};
use crate::rng::mix;
use crate::step::Step;

/// A running hash of decisions: equal as long as all decisions were, on every platform.
///
/// ```
/// use tidegate_core::{DecisionHash, Instant, Step};
/// let (mut one, mut other) = (DecisionHash::default(), DecisionHash::default());
/// one.step(Step::Send { attempt: 1 });
/// other.step(Step::Wait(Instant::NEVER));
/// assert_ne!(one, other);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct DecisionHash(u64);

impl DecisionHash {
    /// The hash so far.
    #[must_use]
    pub const fn value(self) -> u64 {
        self.0
    }

    /// Any number that was decided.
    pub fn number(&mut self, number: u64) {
        self.0 = mix(self.0.rotate_left(1) ^ mix(number));
    }

    /// A step that was handed out.
    pub fn step(&mut self, step: Step) {
        match step {
            Step::Abandon => self.number(1),
            Step::Answer(verdict) => {
                self.number(2);
                self.verdict(verdict);
            }
            Step::Done(verdict) => {
                self.number(3);
                self.verdict(verdict);
            }
            Step::Hedge { attempt } => {
                self.number(7);
                self.number(attempt.into());
            }
            Step::ReadCache => self.number(4),
            Step::Send { attempt } => {
                self.number(5);
                self.number(attempt.into());
            }
            Step::Wait(until) => {
                self.number(6);
                self.number(until.as_micros());
            }
        }
    }

    fn verdict(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Cached { age, why } => {
                self.number(1);
                self.number(age.0);
                self.why(why);
            }
            Verdict::Failed(why) => {
                self.number(2);
                self.why(why);
            }
            Verdict::Network => self.number(3),
        }
    }

    fn why(&mut self, why: Answer) {
        // By its letters: a reason's number changes when another one is added before it.
        for byte in why.reason.as_str().bytes() {
            self.number(byte.into());
        }
        self.number(why.retry_at.is_some().into());
        self.number(why.retry_at.map_or(0, |at| at.as_micros()));
    }
}
