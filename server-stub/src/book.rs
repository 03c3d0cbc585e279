//! The journal's memory: a ring of lines and sums that outlive them.
//!
//! Lines are written on arrival and completed later, so a test can wait for a request that never gets an answer. A line that has been
//! pushed out in the meantime only completes its sums; one from before a reset completes nothing.

use std::collections::{BTreeMap, VecDeque};

use tidegate_contract::{Counts, Decision, End, Journal, JournalEntry, JournalQuery, paths};
use tidegate_core::{Instant, Millis};

use crate::arrival::Arrival;

/// Lines kept: more than any test or demonstration makes, and a few megabytes unless every text has its greatest length.
const CAPACITY: usize = 10_000;

#[derive(Debug, Default)]
pub(crate) struct Book {
    /// Counts the resets, so that old tickets are known.
    epoch: u64,
    /// When the last reset was.
    since: Instant,
    total: u64,
    counts: Counts,
    entries: VecDeque<JournalEntry>,
}

/// The right to complete one line.
#[derive(Debug)]
#[must_use]
pub(crate) struct Ticket {
    epoch: u64,
    seq: u64,
    arrived: Instant,
}

impl Ticket {
    /// How long ago the request arrived.
    pub(crate) fn age(&self, now: Instant) -> Millis {
        now - self.arrived
    }
}

impl Book {
    /// Writes a line for a request that has just arrived.
    pub(crate) fn open(&mut self, now: Instant, arrival: Arrival, decision: &Decision) -> Ticket {
        self.total += 1;
        *count(&mut self.counts.by_route, paths::route_of(&arrival.path)) += 1;
        *count(&mut self.counts.by_fate, decision.fate.name()) += 1;
        self.counts.preflights += u64::from(arrival.preflight);
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(JournalEntry {
            seq: self.total,
            at_ms: (now - self.since).0,
            method: arrival.method,
            path: arrival.target,
            origin: arrival.origin,
            client: arrival.client,
            preflight: arrival.preflight,
            rules: decision.rules.clone(),
            fate: decision.fate.clone(),
            end: End::Pending,
        });
        Ticket {
            epoch: self.epoch,
            seq: self.total,
            arrived: now,
        }
    }

    /// Completes a line.
    pub(crate) fn settle(&mut self, ticket: &Ticket, end: End) {
        if ticket.epoch != self.epoch {
            return;
        }
        match end {
            End::Answered { status, .. } => *self.counts.by_status.entry(status).or_default() += 1,
            End::ClientGone { .. } => self.counts.clients_gone += 1,
            End::Cut { .. } | End::Pending => {}
        }
        let forgotten = self.total - self.entries.len() as u64;
        if let Some(place) = ticket.seq.checked_sub(forgotten + 1)
            && let Some(entry) = self.entries.get_mut(place as usize)
        {
            entry.end = end;
        }
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self, now: Instant) {
        *self = Book {
            epoch: self.epoch + 1,
            since: now,
            ..Book::default()
        };
    }

    /// Whether as many lines pass as the question waits for.
    pub(crate) fn satisfies(&self, query: &JournalQuery) -> bool {
        let passing = self.entries.iter().filter(|entry| query.passes(entry));
        passing.take(query.wait_for).count() == query.wait_for
    }

    /// The answer to a question, as things stand.
    pub(crate) fn answer(&self, query: &JournalQuery) -> Journal {
        Journal {
            total: self.total,
            last_seq: self.total,
            counts: self.counts.clone(),
            entries: self
                .entries
                .iter()
                .filter(|entry| query.passes(entry))
                .cloned()
                .collect(),
        }
    }
}

fn count<'a>(counts: &'a mut BTreeMap<String, u64>, name: &str) -> &'a mut u64 {
    counts.entry(name.to_owned()).or_default()
}

#[cfg(test)]
mod tests {
    use tidegate_contract::Fate;

    use super::*;

    fn open(book: &mut Book, path: &str) -> Ticket {
        let arrival = Arrival {
            method: "GET".to_owned(),
            path: path.to_owned(),
            target: path.to_owned(),
            origin: None,
            client: "ann".to_owned(),
            preflight: false,
        };
        let decision = Decision {
            delay: Millis::ZERO,
            fate: Fate::Served,
            rules: Vec::new(),
        };
        book.open(Instant::from_millis(5), arrival, &decision)
    }

    const OK: End = End::Answered {
        status: 200,
        took_ms: 1,
    };

    #[test]
    fn a_line_is_there_before_its_end() {
        let mut book = Book::default();
        let ticket = open(&mut book, "/api/health");
        let before = book.answer(&JournalQuery::default());
        assert_eq!(before.entries[0].end, End::Pending);
        book.settle(&ticket, OK);
        let after = book.answer(&JournalQuery::default());
        assert_eq!(after.entries[0].status(), Some(200));
    }

    #[test]
    fn old_lines_are_pushed_out_and_sums_stay() {
        let mut book = Book::default();
        let first = open(&mut book, "/api/health");
        for _ in 0..CAPACITY {
            let _ = open(&mut book, "/api/assets/x");
        }
        book.settle(&first, OK);
        let journal = book.answer(&JournalQuery::default());
        assert_eq!(journal.entries.len(), CAPACITY);
        assert_eq!(journal.entries[0].seq, 2);
        assert!(journal.entries.iter().all(|entry| !entry.is_settled()));
        assert_eq!(journal.total, CAPACITY as u64 + 1);
        assert_eq!(journal.counts.by_route[paths::HEALTH], 1);
        assert_eq!(journal.counts.by_status[&200], 1);
    }

    #[test]
    fn a_ticket_from_before_a_reset_completes_nothing() {
        let mut book = Book::default();
        let old = open(&mut book, "/api/health");
        book.clear(Instant::from_millis(9));
        let _ = open(&mut book, "/api/health");
        book.settle(&old, OK);
        let journal = book.answer(&JournalQuery::default());
        assert_eq!((journal.total, journal.entries[0].end), (1, End::Pending));
        assert!(journal.counts.by_status.is_empty());
    }
}
