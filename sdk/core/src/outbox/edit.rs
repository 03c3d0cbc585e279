//! An entry is changed before it goes, or after the server would not have it: the same place in its lane, another request.
//!
//! What was never sent keeps its key. What was sent and refused has another one from then on, for the server may know the old one and would
//! answer as it did then. What may have been applied is not changed: one key or the other would be wrong, and the change is a later write.

use alloc::string::String;
use alloc::vec::Vec;

use super::batch::Batch;
use super::enqueue::stored_fields;
use super::entry::{Entry, EntryId};
use super::error::OutboxError;
use super::machine::Outbox;
use super::news::OutboxChange;
use super::plan::Plan;
use super::state::State;
use crate::engine::Engine;
use crate::scope::split_url;
use crate::time::Wall;

/// What an entry is to be from now on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Edit {
    /// The method, which is the same.
    pub method: String,
    /// Where it goes, which is the same origin.
    pub url: String,
    /// Its header fields; those that say who sends it are left out.
    pub fields: Vec<(String, String)>,
    /// The size of its body.
    pub bytes: u64,
    /// The key, if it needs another one: random, and its own.
    pub key: String,
}

impl Outbox {
    /// Puts another request in the place of an entry's, with its body. A dead letter goes again; all others wait for what they waited for.
    ///
    /// # Errors
    /// When there is no such entry of the present identity, it is being sent, may have been applied, or waits for what is gone; when the
    /// new request is another method's or goes to another origin, or is too large.
    pub fn edit(
        &self,
        engine: &Engine,
        wall: Wall,
        id: EntryId,
        edit: &Edit,
    ) -> Result<Batch, OutboxError> {
        if !self.read {
            return Err(OutboxError::Unread);
        }
        let entry = self.own(id).ok_or(OutboxError::Gone)?;
        let mut edited = match entry.state {
            State::Sending { .. } => return Err(OutboxError::Sending),
            _ if entry.lost > 0 => return Err(OutboxError::InDoubt),
            State::Unknown(_) => return Err(OutboxError::Unfit),
            State::Dead { .. } => self.resumed(entry, wall)?,
            _ => entry.clone(),
        };
        if split_url(&edit.url).0 != split_url(&entry.url).0 || edit.method != entry.method {
            return Err(OutboxError::Unfit);
        }
        self.room(&engine.settings().outbox, edit.bytes, Some(id))?;
        if entry.attempts > 0 {
            edited.key.clone_from(&edit.key);
        }
        let edited = Entry {
            url: edit.url.clone(),
            fields: stored_fields(&edit.fields),
            bytes: edit.bytes,
            queued: wall,
            failures: 0,
            ..edited
        };
        let mut plan = Plan::new(&self.queue, wall);
        plan.put(edited, OutboxChange::Edited, None);
        plan.added = Some(id);
        Ok(plan.into_batch(false))
    }
}
