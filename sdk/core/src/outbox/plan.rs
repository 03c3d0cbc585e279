//! A batch in the making: the queue as it will be.

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use super::batch::Batch;
use super::entry::{Entry, EntryId};
use super::flight::Claim;
use super::news::{OutboxChange, OutboxEvent};
use super::register::{Queue, Register};
use super::state::{DeadReason, State};
use crate::time::Wall;

pub(super) struct Plan<'a> {
    queue: &'a Queue,
    expected: Option<u64>,
    pub(super) register: Register,
    changes: BTreeMap<EntryId, Option<Entry>>,
    pub(super) added: Option<EntryId>,
    pub(super) claims: Vec<Claim>,
    pub(super) settled: Vec<Claim>,
    news: Vec<OutboxEvent>,
    wall: Wall,
}

impl<'a> Plan<'a> {
    pub(super) fn new(queue: &'a Queue, wall: Wall) -> Plan<'a> {
        let known = queue.entries.keys().next_back().map_or(0, |id| id.0);
        let last = queue.last.max(known);
        let register = queue.register.clone();
        let expected = register.as_ref().map(|register| register.revision);
        let mut register = register.unwrap_or_else(|| Register::after(0));
        // A register that was lost and made anew must not give a number twice.
        register.next = register.next.max(last.saturating_add(1));
        register.revision = register.revision.saturating_add(1);
        Plan {
            queue,
            expected,
            register,
            changes: BTreeMap::new(),
            added: None,
            claims: Vec::new(),
            settled: Vec::new(),
            news: Vec::new(),
            wall,
        }
    }

    pub(super) fn wall(&self) -> Wall {
        self.wall
    }

    /// An entry as it will be.
    pub(super) fn entry(&self, id: EntryId) -> Option<&Entry> {
        match self.changes.get(&id) {
            Some(changed) => changed.as_ref(),
            None => self.queue.entries.get(&id),
        }
    }

    /// All that were there, as they will be, in order.
    pub(super) fn entries(&self) -> impl Iterator<Item = &Entry> {
        let ids = self.queue.entries.keys();
        ids.filter_map(|id| self.entry(*id))
    }

    /// An entry is to be like this, and those who listen are to hear of it.
    pub(super) fn put(&mut self, entry: Entry, change: OutboxChange, status: Option<u16>) {
        let mut news = news_of(&entry, change, status);
        match entry.state {
            State::Dead { reason, .. } => news.reason = Some(reason),
            State::Resting { until, cause, .. } => {
                news.cause = Some(cause);
                news.retry_in_ms = Some((until - self.wall).0);
            }
            _ => {}
        }
        self.news.push(news);
        self.keep(entry);
    }

    /// An entry is to be like this; there is nothing to tell.
    pub(super) fn keep(&mut self, entry: Entry) {
        self.changes.insert(entry.id, Some(entry));
    }

    /// It is done: it goes, and those that waited for it have what they wanted.
    pub(super) fn done(
        &mut self,
        id: EntryId,
        found: &[(String, Option<String>)],
        status: Option<u16>,
    ) {
        self.remove(id, OutboxChange::Done, status);
        for mut heir in self.heirs(id) {
            let was = heir.state.is_dead();
            heir.satisfy(id, found, self.wall);
            match heir.state.is_dead() && !was {
                true => self.put(heir, OutboxChange::Dead, None),
                false => self.keep(heir),
            }
        }
    }

    /// It goes without being done: those that come after it cannot.
    pub(super) fn discard(&mut self, id: EntryId, change: OutboxChange, status: Option<u16>) {
        self.remove(id, change, status);
        for mut heir in self.heirs(id) {
            if !heir.state.is_dead() {
                heir.kill(DeadReason::Predecessor, 0, self.wall);
                self.put(heir, OutboxChange::Dead, None);
            }
        }
    }

    pub(super) fn remove(&mut self, id: EntryId, change: OutboxChange, status: Option<u16>) {
        if let Some(entry) = self.entry(id) {
            let news = news_of(entry, change, status);
            self.news.push(news);
            self.changes.insert(id, None);
        }
    }

    /// Those that come after it.
    fn heirs(&self, id: EntryId) -> Vec<Entry> {
        let waits = |entry: &&Entry| entry.after.iter().any(|after| after.id == id);
        self.entries().filter(waits).cloned().collect()
    }

    /// Whether there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    pub(super) fn into_batch(self, polled: bool) -> Batch {
        Batch {
            expected: self.expected,
            register: self.register,
            changes: self.changes.into_iter().collect(),
            added: self.added,
            claims: self.claims,
            settled: self.settled,
            news: self.news,
            polled,
        }
    }
}

fn news_of(entry: &Entry, change: OutboxChange, status: Option<u16>) -> OutboxEvent {
    OutboxEvent {
        at_ms: 0,
        entry: entry.id.0,
        lane: entry.lane.clone(),
        change,
        attempts: entry.attempts,
        status,
        reason: None,
        cause: None,
        retry_in_ms: None,
    }
}
