//! Kept answers in this page's memory: gone with it.

use crate::kept::Kept;

/// The kept answers with their keys, the one stored longest ago first. They are few enough to be searched one by one.
#[derive(Debug, Default)]
pub(super) struct Memory(Vec<(String, Kept)>);

impl Memory {
    pub(super) fn read(&self, key: &str) -> Option<Kept> {
        self.0
            .iter()
            .find(|(each, _)| each == key)
            .map(|(_, kept)| kept.clone())
    }

    pub(super) fn write(&mut self, key: &str, kept: Kept, entries: u32) -> bool {
        self.0.retain(|(each, _)| each != key);
        self.0.push((key.into(), kept));
        let excess = self.0.len().saturating_sub(entries as usize);
        self.0.drain(..excess);
        true
    }
}
