//! The journal's memory: a ring of lines and sums that outlive them.
//!
//! Lines are written on arrival and completed later, so a test can wait for a request that never gets an answer. A line that has been
//! pushed out in the meantime only completes its sums; one from before a reset completes nothing.

use std::collections::{BTreeMap, VecDeque};

use tidegate_contract::{
    Counts, Decision, End, EntryKind, Journal, JournalEntry, JournalQuery, Work, paths,
};
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
    /// The last stream from before it: closing one is not news to whoever has reset the stub.
    last_stream: u64,
    total: u64,
    /// Requests that are not over, from before the reset as well.
    in_flight: u64,
    counts: Counts,
    entries: VecDeque<JournalEntry>,
}

/// The right to complete one line.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub(crate) struct Ticket {
    epoch: u64,
    seq: u64,
    arrived: Instant,
    preflight: bool,
}

impl Ticket {
    /// How long ago the request arrived.
    pub(crate) fn age(&self, now: Instant) -> Millis {
        now - self.arrived
    }

    /// Whether the request was a CORS preflight.
    pub(crate) fn is_preflight(&self) -> bool {
        self.preflight
    }
}

impl Book {
    /// Writes a line for a request that has just arrived.
    pub(crate) fn open(&mut self, now: Instant, arrival: Arrival, decision: &Decision) -> Ticket {
        self.in_flight += 1;
        *count(&mut self.counts.by_route, paths::route_of(&arrival.path)) += 1;
        for fault in &decision.faults {
            *count(&mut self.counts.by_fault, fault) += 1;
        }
        self.counts.preflights += u64::from(arrival.preflight);
        let kind = if arrival.preflight {
            EntryKind::Preflight
        } else {
            EntryKind::Request
        };
        self.write(JournalEntry {
            seq: 0,
            at_ms: (now - self.since).0,
            kind,
            method: arrival.method,
            path: arrival.target,
            stream: None,
            origin: arrival.origin,
            client: arrival.client,
            key: arrival.key,
            rules: decision.rules.clone(),
            faults: decision.faults.clone(),
            work: None,
            text: None,
            end: End::Pending,
        });
        Ticket {
            epoch: self.epoch,
            seq: self.total,
            arrived: now,
            preflight: kind == EntryKind::Preflight,
        }
    }

    /// Writes a line for a frame on a stream, or for its end.
    pub(crate) fn frame(
        &mut self,
        now: Instant,
        kind: EntryKind,
        stream: u64,
        client: &str,
        text: String,
        end: End,
    ) {
        if stream <= self.last_stream {
            return;
        }
        self.counts.frames += u64::from(end == End::Frame);
        self.write(JournalEntry {
            seq: 0,
            at_ms: (now - self.since).0,
            kind,
            method: String::new(),
            path: String::new(),
            stream: Some(stream),
            origin: None,
            client: client.to_owned(),
            key: None,
            rules: Vec::new(),
            faults: Vec::new(),
            work: None,
            text: Some(text),
            end,
        });
    }

    fn write(&mut self, entry: JournalEntry) {
        self.total += 1;
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(JournalEntry {
            seq: self.total,
            ..entry
        });
    }

    /// How many requests are under way.
    pub(crate) fn in_flight(&self) -> u64 {
        self.in_flight
    }

    /// Adds to a line what its work was.
    pub(crate) fn worked(&mut self, ticket: Ticket, work: Work) {
        if !self.knows(ticket) {
            return;
        }
        *if work.client_there {
            &mut self.counts.useful
        } else {
            &mut self.counts.wasted
        } += 1;
        self.counts.effects += u64::from(work.effect);
        if let Some(entry) = self.line(ticket) {
            entry.work = Some(work);
        }
    }

    /// Completes a line.
    pub(crate) fn settle(&mut self, ticket: Ticket, end: End) {
        self.in_flight = self.in_flight.saturating_sub(1);
        if !self.knows(ticket) {
            return;
        }
        match end {
            End::Answered { status, .. } => *self.counts.by_status.entry(status).or_default() += 1,
            End::ClientGone { .. } => self.counts.clients_gone += 1,
            End::Closed { .. } | End::Cut { .. } | End::Frame | End::Pending => {}
        }
        if let Some(entry) = self.line(ticket) {
            entry.end = end;
        }
    }

    /// The line of a ticket of this epoch, if it has not been pushed out.
    fn line(&mut self, ticket: Ticket) -> Option<&mut JournalEntry> {
        let forgotten = self.total - self.entries.len() as u64;
        let place = ticket.seq.checked_sub(forgotten + 1)?;
        self.entries.get_mut(usize::try_from(place).ok()?)
    }

    /// Whether a ticket is from after the last reset.
    pub(crate) fn knows(&self, ticket: Ticket) -> bool {
        ticket.epoch == self.epoch
    }

    /// Forgets everything, and what is still to come of the streams up to this number.
    pub(crate) fn clear(&mut self, now: Instant, last_stream: u64) {
        *self = Book {
            epoch: self.epoch + 1,
            since: now,
            last_stream,
            in_flight: self.in_flight,
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
    use super::*;

    fn open(book: &mut Book, path: &str) -> Ticket {
        let arrival = Arrival {
            method: "GET".to_owned(),
            path: path.to_owned(),
            target: path.to_owned(),
            origin: None,
            client: "ann".to_owned(),
            key: None,
            patience: None,
            preflight: false,
            query: String::new(),
        };
        book.open(Instant::from_millis(5), arrival, &Decision::default())
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
        book.settle(ticket, OK);
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
        book.settle(first, OK);
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
        book.clear(Instant::from_millis(9), 0);
        let _ = open(&mut book, "/api/health");
        book.settle(old, OK);
        let journal = book.answer(&JournalQuery::default());
        assert_eq!((journal.total, journal.entries[0].end), (1, End::Pending));
        assert!(journal.counts.by_status.is_empty());
    }
}
