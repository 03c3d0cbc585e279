//! What people and applications decide about entries.

use alloc::string::String;

use super::batch::Batch;
use super::entry::{Entry, EntryId};
use super::error::OutboxError;
use super::machine::Outbox;
use super::news::OutboxChange;
use super::plan::Plan;
use super::state::State;
use crate::time::Wall;

/// What is decided about an entry.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Decision {
    /// It goes again, with its key: a dead letter, one in doubt, or one that waits.
    Again,
    /// It goes again with another key, because a server that has refused a key once gives the same answer to it for ever. Only where it is
    /// certain that it was not applied.
    Anew {
        /// The new key.
        key: String,
    },
    /// It is not wanted any more. What comes after it becomes a dead letter.
    Discard,
    /// It was applied after all: somebody has looked.
    Done,
}

impl Outbox {
    /// Carries a decision out, as soon as the batch is stored.
    ///
    /// # Errors
    /// When there is no such entry of the present identity, it is being sent, or it does not stand so that this could be decided.
    pub fn decide(
        &self,
        wall: Wall,
        id: EntryId,
        decision: Decision,
    ) -> Result<Batch, OutboxError> {
        if !self.read {
            return Err(OutboxError::Unread);
        }
        let entry = self.own(id).ok_or(OutboxError::Gone)?;
        if matches!(entry.state, State::Sending { .. }) {
            return Err(OutboxError::Sending);
        }
        let mut plan = Plan::new(&self.queue, wall);
        match decision {
            Decision::Discard => plan.discard(id, OutboxChange::Discarded, None),
            Decision::Done => plan.done(id, &[], None),
            Decision::Again => {
                let entry = self.resumed(entry, wall)?;
                plan.put(entry, OutboxChange::Resumed, None);
            }
            Decision::Anew { key } => {
                let refused = matches!(entry.state, State::Dead { .. }) && entry.lost <= entry.busy;
                let entry = self.resumed(entry, wall)?;
                if !refused {
                    return Err(OutboxError::Unfit);
                }
                plan.put(Entry { key, ..entry }, OutboxChange::Resumed, None);
            }
        }
        Ok(plan.into_batch(false))
    }

    /// Somebody signed in as the present identity: what was parked goes. `None` when nothing was.
    #[must_use]
    pub fn signed_in(&self, wall: Wall) -> Option<Batch> {
        let mut plan = Plan::new(&self.queue, wall);
        let own = self
            .queue
            .entries
            .values()
            .filter(|entry| self.is_own(entry));
        for entry in own.filter(|entry| matches!(entry.state, State::Parked { .. })) {
            let state = State::Waiting;
            let entry = Entry {
                state,
                ..entry.clone()
            };
            plan.put(entry, OutboxChange::Resumed, None);
        }
        (self.read && !plan.is_empty()).then(|| plan.into_batch(false))
    }

    /// Removes all entries of an identity, also what is under way: for a person who wants nothing of theirs left on a machine. `None` when there
    /// are none.
    #[must_use]
    pub fn forget(&self, wall: Wall, owner: &str) -> Option<Batch> {
        let mut plan = Plan::new(&self.queue, wall);
        for entry in self
            .queue
            .entries
            .values()
            .filter(|entry| entry.owner == owner)
        {
            plan.remove(entry.id, OutboxChange::Discarded, None);
        }
        (self.read && !plan.is_empty()).then(|| plan.into_batch(false))
    }

    pub(super) fn resumed(&self, entry: &Entry, wall: Wall) -> Result<Entry, OutboxError> {
        if matches!(entry.state, State::Unknown(_) | State::Waiting) {
            return Err(OutboxError::Unfit);
        }
        let mut entry = entry.clone();
        // What it took nothing from and is gone is not waited for; what it needed something from is not to be had any more.
        let gone = |id| self.own(id).is_none();
        if (entry.after.iter()).any(|after| gone(after.id) && !after.takes.is_empty()) {
            return Err(OutboxError::Unfit);
        }
        entry.after.retain(|after| !gone(after.id));
        entry.state = State::Waiting;
        entry.failures = 0;
        entry.unreached = 0;
        entry.queued = wall;
        Ok(entry)
    }
}
