//! Where the queue is: rows that are written all together, for the revision that they were planned for, or not at all.

use std::collections::BTreeMap;

use tidegate_core::outbox::{Batch, Row};

use crate::luck::Luck;

/// So many writes in a thousand fail, half of them after all was stored.
const FAILS: usize = 4;

#[derive(Debug, Default)]
pub(super) struct Disk {
    rows: BTreeMap<u64, String>,
}

/// What became of a batch.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Stored {
    Yes,
    /// It was for another revision.
    Refused,
    /// Nobody was told; it may be stored all the same.
    Unknown,
}

impl Disk {
    pub(super) fn rows(&self) -> impl Iterator<Item = (u64, &str)> {
        self.rows.iter().map(|(id, text)| (*id, &**text))
    }

    /// Entries, with those that were given up.
    pub(super) fn len(&self) -> usize {
        self.rows
            .keys()
            .filter(|id| **id != Batch::REGISTER)
            .count()
    }

    pub(super) fn store(&mut self, batch: &Batch, luck: &mut Luck) -> Stored {
        let register = self.rows.get(&Batch::REGISTER).map(|text| &**text);
        if !batch.fits(register) {
            return Stored::Refused;
        }
        let fails = luck.permille(FAILS);
        if fails && luck.permille(500) {
            return Stored::Unknown;
        }
        for Row { id, text } in batch.rows() {
            match text {
                Some(text) => drop(self.rows.insert(id, text)),
                None => drop(self.rows.remove(&id)),
            }
        }
        match fails {
            true => Stored::Unknown,
            false => Stored::Yes,
        }
    }
}
