//! A request's line in the journal, as a guard.
//!
//! When a client leaves, hyper drops the request's future and this with it: that is how a line learns that nobody waited for the answer.

use tidegate_contract::End;

use crate::book::Ticket;
use crate::line::Line;
use crate::stub::Stub;

/// Completes its line on drop, if nothing else has.
#[derive(Debug)]
#[must_use]
pub(crate) struct Record {
    stub: Stub,
    ticket: Ticket,
    line: Option<Line>,
    settled: bool,
}

impl Record {
    /// A guard for the line of `ticket`; `line` is the connection, when there is one.
    pub(crate) fn new(stub: Stub, ticket: Ticket, line: Option<Line>) -> Record {
        Record {
            stub,
            ticket,
            line,
            settled: false,
        }
    }

    /// The request got an answer.
    pub(crate) fn answered(mut self, status: u16) {
        let took_ms = self.age_ms();
        self.settle(End::Answered { status, took_ms });
    }

    /// The stub cuts the connection.
    pub(crate) fn cut(mut self) {
        let took_ms = self.age_ms();
        self.settle(End::Cut { took_ms });
    }

    /// Milliseconds since the request arrived.
    pub(crate) fn age_ms(&self) -> u64 {
        self.ticket.age(self.stub.now()).0
    }

    fn settle(&mut self, end: End) {
        self.settled = true;
        let now = self.stub.now();
        self.stub
            .change_journal(|world| world.settle(now, self.ticket, end));
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        if self.settled {
            return;
        }
        let took_ms = self.age_ms();
        let end = if self.line.as_ref().is_some_and(Line::is_cut) {
            End::Cut { took_ms }
        } else {
            End::ClientGone { took_ms }
        };
        self.settle(end);
    }
}
