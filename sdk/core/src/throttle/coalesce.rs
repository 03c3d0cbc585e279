//! One attempt for several callers who ask the same at the same time.
//!
//! The attempt belongs to all who wait for it, and to none in particular: what it comes to, an answer or a failure, is everybody's, one
//! caller's change of mind ends that caller's wait, and the last one's ends the attempt. (With one abort signal for all, as opossum has
//! it, the first impatient caller ends everybody's answer.) What the callers have in common is the driver's; here it is a handle, handed
//! out to each of them, and given back when nobody needs it any more.
//!
//! The key is the whole text of the question, made by whoever knows what makes two reads equal (method, URL, header fields, who asks).
//! It is compared in full and never as a hash: two questions that merely hash alike would get each other's answers. A write ends the
//! sharing of the reads before it: who asks after it must not be told what was true before.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::settings::CoalesceSettings;

/// A question that is under way, by number.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub struct QuestionId(u64);

/// What a caller is among those with the same question.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Role<H> {
    /// On its own: nothing is shared, nothing has to be reported.
    Apart,
    /// It is the first.
    Begins(QuestionId, H),
    /// Somebody asks this already; it gets what they get.
    Joins(QuestionId, H),
}

#[derive(Clone, Debug)]
struct Question<H> {
    id: QuestionId,
    key: Box<str>,
    /// Whether others may still join.
    open: bool,
    callers: u32,
    handle: H,
}

/// Who shares an attempt with whom.
#[derive(Clone, Debug)]
pub struct Coalesce<H> {
    questions: Vec<Question<H>>,
    last: u64,
}

impl<H> Default for Coalesce<H> {
    fn default() -> Coalesce<H> {
        Coalesce {
            questions: Vec::new(),
            last: 0,
        }
    }
}

impl<H: Clone> Coalesce<H> {
    /// A caller with this question comes; where it is the first, `begin` makes what it shares with those who follow. Beyond the bounds it
    /// goes on its own, which costs the backend more and the caller nothing.
    pub fn join(
        &mut self,
        key: &str,
        settings: &CoalesceSettings,
        begin: impl FnOnce() -> H,
    ) -> Role<H> {
        let under_way = self.questions.len();
        let shared = self.questions.iter_mut().find(|q| q.open && *q.key == *key);
        match shared {
            Some(question) if question.callers <= settings.followers => {
                question.callers += 1;
                Role::Joins(question.id, question.handle.clone())
            }
            None if under_way < settings.keys as usize => {
                self.last += 1;
                let (id, handle) = (QuestionId(self.last), begin());
                self.questions.push(Question {
                    id,
                    key: key.into(),
                    open: true,
                    callers: 1,
                    handle: handle.clone(),
                });
                Role::Begins(id, handle)
            }
            Some(_) | None => Role::Apart,
        }
    }

    /// One of its callers loses interest. The handle, if it was the last: the attempt is to be cancelled.
    #[must_use = "nobody waits for this attempt any more"]
    pub fn leave(&mut self, id: QuestionId) -> Option<H> {
        let place = self.questions.iter().position(|q| q.id == id)?;
        let question = self.questions.get_mut(place)?;
        question.callers = question.callers.saturating_sub(1);
        match question.callers {
            0 => Some(self.questions.remove(place).handle),
            _ => None,
        }
    }

    /// It has what it gets. Who asks the same from now on begins anew.
    pub fn finish(&mut self, id: QuestionId) -> Option<H> {
        let place = self.questions.iter().position(|q| q.id == id)?;
        Some(self.questions.remove(place).handle)
    }

    /// Something was written: who asks one of these questions from now on does not share an attempt that began before.
    pub fn close(&mut self, written: impl Fn(&str) -> bool) {
        for question in &mut self.questions {
            question.open &= !written(&question.key);
        }
    }

    /// Questions under way.
    #[must_use]
    pub fn len(&self) -> usize {
        self.questions.len()
    }

    /// Whether nothing is under way.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.questions.is_empty()
    }
}
