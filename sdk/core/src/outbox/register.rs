//! The record that stands for the whole queue: which number comes next, and at which revision it is.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::entry::{Entry, EntryId};
use super::seal::{sealed, unsealed};
use crate::sorted::Sorted;

/// Its row.
pub(super) const ROW: u64 = 0;
const KIND: &str = "queue";

/// All that is stored, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    /// `None` when there is none yet, or none that can be read.
    pub(super) register: Option<Register>,
    pub(super) entries: Sorted<EntryId, Entry>,
    /// The highest number of any row, also of one that cannot be read.
    pub(super) last: u64,
}

/// The queue's own record.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Register {
    /// Goes up with every batch.
    pub(super) revision: u64,
    /// The number of the next entry.
    pub(super) next: u64,
    /// Lines of a later release.
    others: Vec<String>,
}

impl Register {
    /// That of a queue whose last entry had this number.
    pub(super) fn after(last: u64) -> Register {
        Register {
            revision: 0,
            next: last.saturating_add(1),
            others: Vec::new(),
        }
    }

    pub(super) fn to_text(&self) -> String {
        let mut text = format!("revision {}\nnext {}\n", self.revision, self.next);
        for line in &self.others {
            text.push_str(line);
            text.push('\n');
        }
        sealed(KIND, &text)
    }

    /// `None` when it is not one, or not whole: a new one is then made.
    pub(super) fn from_text(text: &str) -> Option<Register> {
        let mut register = Register::after(0);
        for line in unsealed(KIND, text)?.split_terminator('\n') {
            match line.split_once(' ') {
                Some(("revision", value)) => register.revision = value.parse().ok()?,
                Some(("next", value)) => register.next = value.parse().ok()?,
                _ => register.others.push(line.to_string()),
            }
        }
        Some(register)
    }
}
