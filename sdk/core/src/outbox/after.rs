//! What an entry waits for, and what it takes from there.

use alloc::string::String;
use alloc::vec::Vec;

use super::entry::{Entry, EntryId};
use super::state::DeadReason;
use crate::time::Wall;

/// Something that an earlier answer says and a later write needs, such as the identifier of what was created.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Take {
    /// What stands in its place in the later write's URL and body.
    pub placeholder: String,
    /// Where the answer has it: names of members from the outside in, with dots between them.
    pub field: String,
}

/// An entry that has to be done before.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct After {
    /// Which.
    pub id: EntryId,
    /// What is taken from its answer.
    pub takes: Vec<Take>,
}

impl Entry {
    /// The fields that it takes from the answer to another entry.
    pub(super) fn wants_of(&self, id: EntryId) -> impl Iterator<Item = &str> {
        let waits = self.after.iter().filter(move |after| after.id == id);
        waits.flat_map(|after| after.takes.iter().map(|take| &*take.field))
    }

    /// An entry that it waits for is done, and its answer says so much. Without what it takes from there it can never go; that it still
    /// waits for it says so.
    pub(super) fn satisfy(&mut self, id: EntryId, found: &[(String, Option<String>)], wall: Wall) {
        let value = |field: &str| {
            let mut found = found.iter().filter(|(name, _)| name == field);
            found.find_map(|(_, value)| value.clone())
        };
        let taken = &mut self.taken;
        for after in self.after.iter_mut().filter(|after| after.id == id) {
            after.takes.retain(|take| match value(&take.field) {
                Some(value) => {
                    taken.push((take.placeholder.clone(), value));
                    false
                }
                None => true,
            });
        }
        self.after
            .retain(|after| after.id != id || !after.takes.is_empty());
        if self.after.iter().any(|after| after.id == id) && !self.state.is_dead() {
            self.kill(DeadReason::Missing, 0, wall);
        }
    }
}
