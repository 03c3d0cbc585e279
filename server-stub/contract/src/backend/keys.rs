//! The table of idempotency keys.
//!
//! A key is taken when its attempt is admitted, remembered when the work is done and given back when the attempt is dropped. Taken keys
//! are as many as admitted attempts at most; of those done the table keeps a set number and forgets the oldest.

use std::collections::{BTreeMap, VecDeque};

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Known {
    Done,
    Taken,
}

#[derive(Debug, Default)]
pub(super) struct Keys {
    known: BTreeMap<u64, Known>,
    done: VecDeque<u64>,
}

impl Keys {
    pub(super) fn find(&self, key: u64) -> Option<Known> {
        self.known.get(&key).copied()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.known.len()
    }

    pub(super) fn take(&mut self, key: u64) {
        self.known.insert(key, Known::Taken);
    }

    pub(super) fn give_back(&mut self, key: u64) {
        if self.find(key) == Some(Known::Taken) {
            self.known.remove(&key);
        }
    }

    pub(super) fn done(&mut self, key: u64, most: u32) {
        if self.known.insert(key, Known::Done) != Some(Known::Done) {
            self.done.push_back(key);
        }
        self.trim(most);
    }

    pub(super) fn trim(&mut self, most: u32) {
        while self.done.len() > most as usize {
            if let Some(oldest) = self.done.pop_front() {
                self.known.remove(&oldest);
            }
        }
    }
}
