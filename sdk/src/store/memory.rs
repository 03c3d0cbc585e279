//! Kept answers in this page's memory: gone with it.

use std::collections::BTreeMap;

use crate::kept::Kept;

/// The kept answers by key.
#[derive(Debug, Default)]
pub(super) struct Memory(BTreeMap<String, Kept>);

impl Memory {
    pub(super) fn read(&self, key: &str) -> Option<Kept> {
        self.0.get(key).cloned()
    }

    pub(super) fn write(&mut self, key: &str, kept: Kept, entries: u32) {
        self.0.insert(key.into(), kept);
        while self.0.len() > entries as usize {
            let oldest = self.0.iter().min_by_key(|(_, kept)| kept.stored_at()).map(|(key, _)| key.clone());
            let Some(oldest) = oldest else { return };
            self.0.remove(&oldest);
        }
    }
}
