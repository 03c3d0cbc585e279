//! What a world measures of itself.

use tidegate_contract::metrics::{self, Completion, Metrics, Outcome, Reading};
use tidegate_contract::{self as contract, AttemptEvent, End, Lapse, Listener, Notice};
use tidegate_core::{Instant, Millis};
use tidegate_hint::Level;

use super::World;
use crate::book::Ticket;

impl World {
    /// The pool's work is measured whoever it is for: the crowd's waste is what keeps it busy.
    pub(super) fn measure(&mut self, notice: &Notice) {
        match notice.what {
            AttemptEvent::Started { .. } => {}
            AttemptEvent::Completed {
                served,
                gone,
                waited,
            } => {
                let completion = Completion {
                    waited: Millis(waited.as_millis()),
                    service: Millis(served.as_millis()),
                    wanted: !gone,
                };
                self.meter.on_completion(notice.at, completion);
            }
            AttemptEvent::Dropped { lapse, .. } => self.meter.on_refusal(match lapse {
                Lapse::Deadline => "deadline",
                Lapse::Gone => "client-gone",
                Lapse::Standing => "standing-queue",
                Lapse::WaitLimit => "wait-limit",
            }),
        }
    }

    /// A request was over its client's quota.
    pub(crate) fn over_quota(&mut self) {
        self.meter.on_refusal("quota");
    }

    /// A request's work is done.
    pub(crate) fn worked(&mut self, ticket: Ticket, work: contract::Work, repeated: bool) {
        if !self.book.knows(ticket) {
            return;
        }
        if work.source == contract::WorkSource::Cache {
            self.meter.on_hit();
        }
        if work.effect {
            self.meter.on_effect(repeated);
        }
        self.book.worked(ticket, work);
    }

    /// A request is over.
    pub(crate) fn settle(&mut self, now: Instant, ticket: Ticket, end: End) {
        if !self.book.knows(ticket) {
            self.meter.on_forgotten_end();
            self.book.settle(ticket, end);
            return;
        }
        let outcome = match end {
            End::Answered { status, .. } => Outcome::Answered(status),
            End::ClientGone { .. } => Outcome::Gone,
            End::Closed { .. } | End::Cut { .. } | End::Frame | End::Pending => Outcome::Cut,
        };
        let ending = metrics::Ending {
            outcome,
            took: ticket.age(now),
            preflight: ticket.is_preflight(),
        };
        self.meter.on_end(now, ending);
        self.book.settle(ticket, end);
    }

    /// Forgets what has happened, and what is still to come of the streams up to this number.
    pub(crate) fn clear(&mut self, now: Instant, last_stream: u64) {
        self.book.clear(now, last_stream);
        self.meter.clear();
    }

    /// What the space measures of itself; `sockets` and `memory` are not its own.
    pub(crate) fn metrics(
        &mut self,
        now: Instant,
        space: &str,
        sockets: u64,
        memory: metrics::Memory,
    ) -> Metrics {
        let settings = self.backend.settings();
        let reading = Reading {
            pool: metrics::Pool {
                connections: settings.connections.into(),
                in_use: self.backend.in_use() as u64,
            },
            waiting: metrics::Waiting {
                count: self.backend.waiting() as u64,
                limit: Some(settings.queue.into()),
                estimated_ms: self.backend.estimated_wait(now).as_millis(),
            },
            sockets,
            memory,
            level: self.level(now),
            ready: self.is_ready(now),
        };
        self.meter.read(now, space, reading)
    }

    /// How many of a thousand requests clients should send: the least while the listener is closed.
    pub(crate) fn level(&mut self, now: Instant) -> u32 {
        match self.conditions.listener {
            Listener::Closed => Level::LEAST.into(),
            Listener::Open => self.backend.level(now),
        }
    }

    /// Whether newcomers are welcome.
    pub(crate) fn is_ready(&mut self, now: Instant) -> bool {
        self.conditions.listener == Listener::Open && self.backend.is_ready(now)
    }
}
