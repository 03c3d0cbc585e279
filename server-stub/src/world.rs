//! What changes while the stub runs: the program in force and the journal.
//!
//! Both change under one lock, so a request's verdict and its line in the journal belong together. Time is handed in.

use tidegate_contract::{Decision, FaultProgram, FaultRun, Preset};
use tidegate_core::Instant;

use crate::arrival::Arrival;
use crate::book::{Book, Ticket};

#[derive(Debug)]
pub(crate) struct World {
    run: FaultRun,
    /// When the program was put in force.
    since: Instant,
    /// The preset the program came from, if it came from one.
    preset: Option<Preset>,
    pub(crate) book: Book,
}

impl World {
    pub(crate) fn new(preset: Preset, seed: u64) -> World {
        World {
            run: FaultRun::start(preset.program(seed)),
            since: Instant::START,
            preset: Some(preset),
            book: Book::default(),
        }
    }

    /// Puts another program in force.
    pub(crate) fn start(&mut self, now: Instant, program: FaultProgram, preset: Option<Preset>) {
        self.run = FaultRun::start(program);
        self.since = now;
        self.preset = preset;
    }

    /// Decides about a request and writes it down.
    pub(crate) fn admit(&mut self, now: Instant, arrival: Arrival) -> (Decision, Ticket) {
        let running_for = Instant::from_millis((now - self.since).0);
        let decision = self.run.decide(running_for, &arrival.head());
        let ticket = self.book.open(now, arrival, &decision);
        (decision, ticket)
    }

    pub(crate) fn program(&self) -> &FaultProgram {
        self.run.program()
    }

    pub(crate) fn preset(&self) -> Option<Preset> {
        self.preset
    }
}
