//! Kept answers in this page's memory: gone with it.

use super::Work;
use crate::kept::Kept;

/// The kept answers with their keys, the one stored longest ago first. They are few enough to be searched one by one.
#[derive(Debug, Default)]
pub(super) struct Memory(Vec<(String, Kept)>);

impl Memory {
    pub(super) fn carry_out(&mut self, work: Work<'_>, entries: u32) -> Option<Kept> {
        match work {
            Work::Read(key) => {
                let found = self.0.iter().find(|(each, _)| each == key);
                return found.map(|(_, kept)| kept.clone());
            }
            Work::Remove(key) => self.remove(key),
            Work::Write(key, kept) => {
                self.remove(key);
                self.0.push((key.into(), kept.clone()));
                let excess = self.0.len().saturating_sub(entries as usize);
                self.0.drain(..excess);
            }
        }
        None
    }

    fn remove(&mut self, key: &str) {
        self.0.retain(|(each, _)| each != key);
    }
}
