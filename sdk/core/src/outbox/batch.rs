//! What is written in one transaction.

use alloc::string::String;
use alloc::vec::Vec;

use super::entry::{Entry, EntryId};
use super::flight::Claim;
use super::news::OutboxEvent;
use super::register::{ROW, Register};

/// One record as it is to be from now on.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Row {
    /// Its number: 0 is the queue's own record, others are entries.
    pub id: u64,
    /// What is to be stored; `None` removes it, and its body with it.
    pub text: Option<String>,
}

/// A change of the queue. Nothing has happened until all of it is stored, in one transaction.
///
/// In that transaction, read the row [`Batch::REGISTER`] and ask [`Batch::fits`]. If it does, write every row and, if there is one, the body
/// of the entry that is [added](Batch::added); report with [`Outbox::applied`](super::Outbox::applied) when it is complete. If it does not,
/// somebody else was quicker: read all rows and [load](super::Outbox::load) them. One batch at a time: the next is planned when this one has been
/// reported.
#[derive(Clone, Debug)]
#[must_use = "nothing has happened until it is stored"]
pub struct Batch {
    /// The revision that it was planned for.
    pub(super) expected: Option<u64>,
    pub(super) register: Register,
    pub(super) changes: Vec<(EntryId, Option<Entry>)>,
    pub(super) added: Option<EntryId>,
    pub(super) claims: Vec<Claim>,
    /// Claims that are over with it.
    pub(super) settled: Vec<Claim>,
    pub(super) news: Vec<OutboxEvent>,
    /// It is one of those that a poll hands out.
    pub(super) polled: bool,
}

impl Batch {
    /// The number of the queue's own record.
    pub const REGISTER: u64 = ROW;

    /// Whether the queue is still the one that it was planned for, by what is stored in row [`Batch::REGISTER`] now.
    #[must_use]
    pub fn fits(&self, register: Option<&str>) -> bool {
        let found = register.and_then(Register::from_text);
        found.map(|register| register.revision) == self.expected
    }

    /// The records, as they are to be.
    #[must_use]
    pub fn rows(&self) -> Vec<Row> {
        let own = Row {
            id: ROW,
            text: Some(self.register.to_text()),
        };
        let entries = self.changes.iter().map(|(id, entry)| Row {
            id: id.0,
            text: entry.as_ref().map(Entry::to_text),
        });
        core::iter::once(own).chain(entries).collect()
    }

    /// The entry whose body is to be stored with it.
    #[must_use]
    pub fn added(&self) -> Option<EntryId> {
        self.added
    }
}
