//! What is shown of the answers to one question.
//!
//! It stays until there is something better: a failed refresh leaves the answer where it is and says how old it has become. But an
//! answer to another question is no answer: where there is none to the present one, the screen says so.

use crate::api::{Loaded, Trouble};
use crate::note::Note;

/// What is on show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Screen<T> {
    content: Content<T>,
    asking: bool,
}

#[derive(Clone, Debug, PartialEq)]
enum Content<T> {
    Blank,
    Trouble(Trouble),
    Value {
        value: T,
        note: Note,
        /// It answers the question before this one.
        outdated: bool,
    },
}

impl<T> Screen<T> {
    pub(crate) fn new() -> Screen<T> {
        Screen {
            content: Content::Blank,
            asking: false,
        }
    }

    /// Whether there is nothing on show yet, neither an answer nor the lack of one.
    pub(crate) fn blank(&self) -> bool {
        matches!(self.content, Content::Blank)
    }

    /// Whether an answer is under way.
    pub(crate) fn asking(&self) -> bool {
        self.asking
    }

    /// What is said of the answer on show, or of there being none.
    pub(crate) fn note(&self) -> Option<Note> {
        match &self.content {
            Content::Blank => None,
            Content::Trouble(trouble) => Some(Note::of_trouble(*trouble)),
            Content::Value { note, .. } => Some(*note),
        }
    }

    /// Why there is nothing on show.
    pub(crate) fn trouble(&self) -> Option<Trouble> {
        match self.content {
            Content::Trouble(trouble) => Some(trouble),
            Content::Blank | Content::Value { .. } => None,
        }
    }

    /// The answer on show.
    pub(crate) fn value(&self) -> Option<&T> {
        match &self.content {
            Content::Value { value, .. } => Some(value),
            Content::Blank | Content::Trouble(_) => None,
        }
    }

    /// A question goes out, the same as before or another one.
    pub(crate) fn ask(&mut self, same: bool) {
        self.asking = true;
        match &mut self.content {
            Content::Value { outdated, .. } => *outdated |= !same,
            Content::Trouble(_) if !same => self.content = Content::Blank,
            Content::Blank | Content::Trouble(_) => {}
        }
    }

    pub(crate) fn settle(&mut self, result: Result<Loaded<T>, Trouble>, now: f64) {
        self.asking = false;
        match (result, &mut self.content) {
            (Ok(Loaded { value, explanation }), content) => {
                *content = Content::Value {
                    value,
                    note: Note::of_answer(&explanation, now),
                    outdated: false,
                };
            }
            (
                Err(trouble),
                Content::Value {
                    note,
                    outdated: false,
                    ..
                },
            ) if trouble.may_pass() => *note = note.outlived(trouble),
            (Err(trouble), content) => *content = Content::Trouble(trouble),
        }
    }

    /// Whether there may be something better than what is on show, and nobody has asked for it yet.
    pub(crate) fn hopes(&self) -> bool {
        let live = match &self.content {
            Content::Blank => false,
            Content::Trouble(trouble) => !trouble.may_pass(),
            Content::Value { note, .. } => matches!(note, Note::Live { .. }),
        };
        !live && !self.asking
    }
}

#[cfg(test)]
mod tests {
    use tidegate::{Explanation, Reason, Source};

    use super::*;

    const DOWN: Trouble = Trouble::Unanswered(Reason::Unreachable);

    fn answer(value: u32, source: Source) -> Result<Loaded<u32>, Trouble> {
        Ok(Loaded {
            value,
            explanation: Explanation::new(source, "/api/assets".into(), 1),
        })
    }

    fn screen(
        results: impl IntoIterator<Item = (bool, Result<Loaded<u32>, Trouble>)>,
    ) -> Screen<u32> {
        let mut screen = Screen::new();
        for (same, result) in results {
            screen.ask(same);
            screen.settle(result, 1_000.0);
        }
        screen
    }

    #[test]
    fn what_is_shown_stays_while_the_next_page_is_asked_for() {
        let mut screen = screen([(false, answer(1, Source::Network))]);
        screen.ask(false);
        assert_eq!((screen.value(), screen.asking()), (Some(&1), true));
    }

    #[test]
    fn a_failed_refresh_keeps_what_is_shown_and_says_so() {
        let screen = screen([(false, answer(1, Source::Network)), (true, Err(DOWN))]);
        assert_eq!(screen.value(), Some(&1));
        assert_eq!(
            screen.note(),
            Some(Note::Kept {
                born: 1_000.0,
                reason: Some(Reason::Unreachable)
            })
        );
        assert!(screen.hopes());
    }

    #[test]
    fn another_pages_answer_is_not_shown_in_place_of_the_one_asked_for() {
        let screen = screen([(false, answer(1, Source::Network)), (false, Err(DOWN))]);
        assert_eq!((screen.value(), screen.trouble()), (None, Some(DOWN)));
        assert!(screen.hopes());
    }

    #[test]
    fn a_message_stays_while_the_same_question_is_asked_again() {
        let mut screen = screen([(false, Err(DOWN))]);
        screen.ask(true);
        assert_eq!(screen.trouble(), Some(DOWN));
        screen.ask(false);
        assert_eq!((screen.trouble(), screen.note()), (None, None));
    }

    #[test]
    fn recovery_concerns_only_what_is_not_live_and_not_asked_for() {
        assert!(!screen([(false, answer(1, Source::Network))]).hopes());
        assert!(!screen([(false, Err(Trouble::Missing))]).hopes());
        let mut kept = screen([(false, answer(1, Source::Cache))]);
        assert!(kept.hopes());
        kept.ask(true);
        assert!(!kept.hopes());
    }
}
