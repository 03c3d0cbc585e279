//! The audit log: a ring, so that it can be appended to for ever.

use std::collections::VecDeque;

use tidegate_contract::{AuditEntry, AuditNote, AuditQuery, GovernanceEvent, Page};

use super::Data;
use super::deed::{Deed, Written};
use super::refusal::Refusal;
use super::window::Window;

/// The latest lines, oldest first. It is empty at the start: what is in it, this stub has done.
#[derive(Debug, Default)]
pub(super) struct Log {
    written: u64,
    entries: VecDeque<AuditEntry>,
}

impl Log {
    /// Lines kept; older ones are forgotten. About a kilobyte each when every text has its greatest length.
    pub(super) const CAPACITY: usize = 10_000;

    /// Appends a line and numbers it.
    pub(super) fn push(&mut self, mut entry: AuditEntry) -> u64 {
        self.written += 1;
        entry.seq = self.written;
        if self.entries.len() == Log::CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(entry);
        self.written
    }

    fn since(&self, since: u64) -> impl ExactSizeIterator<Item = &AuditEntry> {
        let first = self.entries.partition_point(|entry| entry.seq <= since);
        self.entries.range(first..)
    }
}

impl Data {
    /// The lines that were asked for, oldest first.
    pub(crate) fn audit(&self, query: &AuditQuery, window: Window) -> Page<AuditEntry> {
        window.cut(self.log.since(query.since.unwrap_or(0)), AuditEntry::clone)
    }

    /// One line.
    pub(crate) fn audit_entry(&self, seq: u64) -> Result<AuditEntry, Refusal> {
        let entry = self.log.since(seq.saturating_sub(1)).next();
        entry
            .filter(|entry| entry.seq == seq)
            .cloned()
            .ok_or_else(|| Refusal::NoSuch {
                what: "audit line",
                id: seq.to_string(),
            })
    }

    /// Appends a client's own line.
    pub(crate) fn note(&mut self, note: AuditNote, deed: &Deed) -> Written<AuditEntry> {
        let mut entry = AuditEntry {
            seq: 0,
            at: deed.at_ms,
            who: deed.client.clone(),
            action: note.action,
            target: note.target,
            key: deed.key.clone(),
            note: note.note,
        };
        entry.seq = self.log.push(entry.clone());
        let event = GovernanceEvent::AuditNoted {
            seq: entry.seq,
            by: deed.client.clone(),
        };
        self.counted(deed, event.name(), entry.seq, entry, vec![event])
    }
}
