//! One attempt for several callers who ask the same at the same time.
//!
//! The first caller of a key *leads*: its attempts go to the network. Those who come while it is out *follow* and get what it gets,
//! be that an answer or a failure. The lead is an office, not a fate: when the leader loses interest and somebody follows, the one
//! who has followed longest takes the lead over and the attempt goes on; it is cancelled when the last has gone. (With one abort
//! signal for all, as opossum has it, the first impatient caller ends everybody's answer.)
//!
//! The key is the whole text of the question, made by whoever knows what makes two reads equal (method, URL, the headers that the
//! answer varies with, who asks). It is compared in full and never as a hash: two questions that merely hash alike would get each
//! other's answers. A write ends the sharing of the reads before it: who asks after it must not be told what was true before.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::call::CallId;

/// The bounds of sharing. Beyond them calls go on their own, which costs the backend more and the caller nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct CoalesceSettings {
    /// Questions under way at a time that may be shared; 0 shares nothing.
    pub keys: u32,
    /// Callers who may follow one leader.
    pub followers: u32,
}

/// What a call is among those with the same question.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// On its own: nothing is shared, nothing has to be reported.
    Apart,
    /// It waits for what its leader gets.
    Follows {
        /// Who leads at this moment.
        leader: CallId,
    },
    /// Its attempt is everybody's.
    Leads,
}

/// What becomes of a shared attempt when a call goes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "the attempt may have to be cancelled or handed on"]
pub enum Departure {
    /// The call shared nothing: what it has is its own.
    Apart,
    /// It was the last: the attempt may be cancelled.
    Last,
    /// It led: the attempt goes on and is now this call's, which is to be woken.
    PassedOn {
        /// Who leads from now on.
        leader: CallId,
    },
    /// It followed: nothing changes for the others.
    Unchanged,
}

/// A question that is under way.
#[derive(Clone, Debug)]
struct Question {
    key: Box<str>,
    /// Whether others may still join.
    open: bool,
    leader: CallId,
    /// In order of arrival.
    followers: Vec<CallId>,
}

/// Who shares an attempt with whom.
#[derive(Clone, Debug, Default)]
pub struct Coalesce {
    questions: Vec<Question>,
}

impl Coalesce {
    /// A call with this question comes. One that has a role already keeps it.
    pub fn join(&mut self, key: &str, call: CallId, settings: &CoalesceSettings) -> Role {
        if let Some(role) = self.role(call) {
            return role;
        }
        let under_way = self.questions.len();
        let shared = self.questions.iter_mut().find(|q| q.open && *q.key == *key);
        match shared {
            Some(question) if question.followers.len() < settings.followers as usize => {
                question.followers.push(call);
                Role::Follows {
                    leader: question.leader,
                }
            }
            None if under_way < settings.keys as usize => {
                self.questions.push(Question {
                    key: key.into(),
                    open: true,
                    leader: call,
                    followers: Vec::new(),
                });
                Role::Leads
            }
            Some(_) | None => Role::Apart,
        }
    }

    /// A call loses interest.
    pub fn leave(&mut self, call: CallId) -> Departure {
        for question in &mut self.questions {
            if let Some(place) = question.followers.iter().position(|other| *other == call) {
                question.followers.remove(place);
                return Departure::Unchanged;
            }
        }
        let Some(place) = self.questions.iter().position(|q| q.leader == call) else {
            return Departure::Apart;
        };
        match self.questions.get_mut(place) {
            Some(question) if !question.followers.is_empty() => {
                question.leader = question.followers.remove(0);
                Departure::PassedOn {
                    leader: question.leader,
                }
            }
            _ => {
                self.questions.remove(place);
                Departure::Last
            }
        }
    }

    /// The leader has what it gets: the followers to wake with it, in order of arrival. Who asks the same from now on leads anew.
    #[must_use = "these calls wait for the answer"]
    pub fn finish(&mut self, leader: CallId) -> Vec<CallId> {
        match self.questions.iter().position(|q| q.leader == leader) {
            Some(place) => self.questions.remove(place).followers,
            None => Vec::new(),
        }
    }

    /// Something was written: who asks one of these questions from now on does not share an attempt that began before.
    pub fn close(&mut self, written: impl Fn(&str) -> bool) {
        for question in &mut self.questions {
            question.open &= !written(&question.key);
        }
    }

    /// What a call is; `None` if it shares nothing.
    #[must_use]
    pub fn role(&self, call: CallId) -> Option<Role> {
        self.questions.iter().find_map(|question| {
            if question.leader == call {
                return Some(Role::Leads);
            }
            question.followers.contains(&call).then_some(Role::Follows {
                leader: question.leader,
            })
        })
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
