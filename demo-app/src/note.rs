//! What the page says of an answer: where it is from, how old it is, why.

use tidegate::{Explanation, Reason, Source};

use crate::api::Trouble;
use crate::words::{self, Subject};

/// What the page says of one answer. `born` is when it was the network's, in milliseconds on the page's clock (which starts with the
/// page, so it may be negative).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Note {
    /// From the network.
    Live { born: f64 },
    /// A copy that was kept.
    Kept { born: f64, reason: Option<Reason> },
    /// There is none.
    Nothing { reason: Option<Reason> },
}

impl Note {
    /// Of an answer received now.
    pub(crate) fn of_answer(explanation: &Explanation, now: f64) -> Note {
        let born = now - explanation.age_ms as f64;
        match explanation.source {
            Source::Cache => Note::Kept {
                born,
                reason: explanation.reason,
            },
            _ => Note::Live { born },
        }
    }

    /// Of none.
    pub(crate) fn of_trouble(trouble: Trouble) -> Note {
        let reason = match trouble {
            Trouble::Unanswered(reason) => Some(reason),
            Trouble::Missing | Trouble::Refused(_) | Trouble::Unreadable => None,
        };
        Note::Nothing { reason }
    }

    /// Of an answer that stays on the page because there is no newer one.
    #[must_use]
    pub(crate) fn outlived(self, trouble: Trouble) -> Note {
        match (self, Note::of_trouble(trouble)) {
            (Note::Live { born } | Note::Kept { born, .. }, Note::Nothing { reason }) => {
                Note::Kept { born, reason }
            }
            (_, nothing) => nothing,
        }
    }

    /// When the answer was the network's, on the page's clock.
    pub(crate) fn born(self) -> Option<f64> {
        match self {
            Note::Live { born } | Note::Kept { born, .. } => Some(born),
            Note::Nothing { .. } => None,
        }
    }

    /// Where the answer is from, in one word for tests.
    pub(crate) fn source(self) -> &'static str {
        match self {
            Note::Live { .. } => "network",
            Note::Kept { .. } => "cache",
            Note::Nothing { .. } => "none",
        }
    }

    /// Why it is not simply the network's.
    pub(crate) fn reason(self) -> Option<Reason> {
        match self {
            Note::Live { .. } => None,
            Note::Kept { reason, .. } | Note::Nothing { reason } => reason,
        }
    }

    /// How old the answer is, in milliseconds.
    pub(crate) fn age_ms(self, now: f64) -> Option<u64> {
        match self {
            Note::Live { born } | Note::Kept { born, .. } => Some((now - born).max(0.0) as u64),
            Note::Nothing { .. } => None,
        }
    }

    /// The source in words, with its age where that matters.
    pub(crate) fn label(self, now: f64) -> String {
        match (self, self.age_ms(now)) {
            (Note::Live { .. }, _) => "Live".into(),
            (Note::Kept { .. }, Some(age)) => format!("Kept copy, {} old", words::age(age)),
            _ => "No answer".into(),
        }
    }

    /// The whole of it, as a sentence.
    pub(crate) fn sentence(self, now: f64, subject: Subject) -> String {
        let label = self.label(now);
        match self.reason() {
            Some(reason) => format!("{label}: {}.", words::reason(reason, subject)),
            None => format!("{label}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(age_ms: u64) -> Note {
        let mut explanation = Explanation::new(Source::Cache, "/api/assets".into(), 3);
        explanation.age_ms = age_ms;
        explanation.reason = Some(Reason::Unreachable);
        Note::of_answer(&explanation, 1_000.0)
    }

    #[test]
    fn a_kept_copy_grows_older_while_it_is_shown() {
        let note = kept(42_000);
        assert_eq!(note.label(1_000.0), "Kept copy, 42 s old");
        assert_eq!(note.label(20_000.0), "Kept copy, 1 min old");
        assert_eq!(note.age_ms(1_500.0), Some(42_500));
        let sentence = note.sentence(1_000.0, Subject::Catalogue);
        assert_eq!(
            sentence,
            "Kept copy, 42 s old: the backend does not answer."
        );
    }

    #[test]
    fn a_live_answer_that_cannot_be_refreshed_is_a_copy_from_then_on() {
        let live = Note::of_answer(
            &Explanation::new(Source::Network, "/api/assets".into(), 1),
            0.0,
        );
        assert_eq!(live.label(5_000.0), "Live");
        let outlived = live.outlived(Trouble::Unanswered(Reason::CircuitOpen));
        assert_eq!(outlived.label(5_000.0), "Kept copy, 5 s old");
        assert_eq!(outlived.reason(), Some(Reason::CircuitOpen));
    }

    #[test]
    fn nothing_has_no_age() {
        let note = Note::of_trouble(Trouble::Unanswered(Reason::Timeout));
        assert_eq!(note.age_ms(9.0), None);
        assert_eq!(
            note.sentence(0.0, Subject::Asset),
            "No answer: the backend did not answer in time."
        );
    }
}
