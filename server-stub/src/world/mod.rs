//! What changes while the stub runs: the program in force, the backend behind it and the journal.
//!
//! All of it changes under one lock, so a request's verdict, its place in the queue and its line in the journal belong together. Time
//! is handed in.

mod measure;
mod time;

use std::collections::HashMap;

use tidegate_contract::metrics::Meter;
use tidegate_contract::{
    Admission, AttemptId, Backend, Busyness, Change, Conditions, CrowdDriver, CrowdSettings,
    Decision, Fault, FaultProgram, FaultRun, Preset, Quota, QuotaRun, Refusal, ScriptRun, Standing,
};
use tidegate_core::Instant;
use tokio::sync::oneshot;

use crate::arrival::Arrival;
use crate::book::{Book, Ticket};
use crate::turn::{Admitted, Brought, Turn, Turns};

#[derive(Debug)]
pub(crate) struct World {
    run: FaultRun,
    script: ScriptRun,
    conditions: Conditions,
    quota: QuotaRun,
    backend: Backend,
    /// The other people who use the backend.
    crowd: CrowdDriver,
    meter: Meter,
    /// What the script has changed and nobody has asked for yet.
    changes: Vec<Change>,
    turns: Turns,
    waiting: HashMap<AttemptId, oneshot::Sender<Turn>>,
    /// When the program was put in force.
    since: Instant,
    /// Counts the programs, so that the attempts of each are known.
    generation: u64,
    /// The preset the program came from, if it came from one.
    preset: Option<Preset>,
    pub(crate) book: Book,
}

/// What is known of a request once it has been let in.
#[derive(Debug)]
pub(crate) struct LetIn {
    pub(crate) decision: Decision,
    pub(crate) ticket: Ticket,
    /// Where its client stands, if there is a quota.
    pub(crate) quota: Option<(Quota, Standing)>,
}

impl World {
    pub(crate) fn new(now: Instant, program: FaultProgram, preset: Option<Preset>) -> World {
        World {
            script: ScriptRun::start(&program),
            conditions: Conditions::of(&program),
            quota: QuotaRun::default(),
            backend: Backend::new(program.backend.clone(), now),
            crowd: CrowdDriver::new(CrowdSettings::default().with_users(0), program.seed, now),
            meter: Meter::default(),
            changes: Vec::new(),
            turns: Turns::default(),
            waiting: HashMap::new(),
            run: FaultRun::start(program),
            since: now,
            generation: 0,
            preset,
            book: Book::default(),
        }
    }

    /// Puts another program in force. Whoever waits for the old one's backend has waited long enough.
    pub(crate) fn start(&mut self, now: Instant, program: FaultProgram, preset: Option<Preset>) {
        let mut old = std::mem::replace(self, World::new(now, program, preset));
        std::mem::swap(&mut self.book, &mut old.book);
        std::mem::swap(&mut self.meter, &mut old.meter);
        self.generation = old.generation + 1;
        for (_, waiter) in old.waiting {
            // One that has gone does not mind.
            let _ = waiter.send(Turn::Released);
        }
    }

    /// Decides about a request and writes it down.
    pub(crate) fn admit(
        &mut self,
        now: Instant,
        arrival: Arrival,
        headers: &[(&str, &str)],
        requested: &[Fault],
    ) -> LetIn {
        self.advance(now);
        let busyness = Busyness {
            in_flight: self.book.in_flight(),
            wait_ms: self.backend.estimated_wait(now).as_millis(),
        };
        let age = self.age(now);
        let head = arrival.head(headers);
        let decision = self.run.decide(age, busyness, &head, requested);
        let quota = self.program().quota.filter(|_| !arrival.preflight);
        let quota = quota.map(|quota| (quota, self.quota.take(quota, now, &arrival.client)));
        self.meter.on_arrival(arrival.preflight);
        let ticket = self.book.open(now, arrival, &decision);
        LetIn {
            decision,
            ticket,
            quota,
        }
    }

    /// The backend as it is now, for those who bring it work.
    pub(crate) fn backend(&mut self) -> &mut Backend {
        &mut self.backend
    }

    /// Brings a request's work to the backend.
    pub(crate) fn bring(&mut self, now: Instant, seed: u64, arrival: &Arrival) -> Brought {
        self.advance(now);
        let attempt = self.turns.attempt(seed, now, arrival);
        match self.backend.arrive(now, attempt) {
            Admission::Admitted(id) => {
                let (sender, receiver) = oneshot::channel();
                self.waiting.insert(id, sender);
                let generation = self.generation;
                Brought::Admitted(Admitted { id, generation }, receiver)
            }
            // The model is told no keys, the stub has a table of its own: its replays and conflicts do not occur.
            Admission::Conflict { ready_at }
            | Admission::Hit { ready_at }
            | Admission::Replay { ready_at } => Brought::Hit(ready_at),
            Admission::Refused {
                reason,
                ready_at,
                retry_after,
            } => {
                self.meter.on_refusal(match reason {
                    Refusal::Backlog => "backlog",
                    Refusal::Full => "queue-full",
                    Refusal::Hopeless => "early",
                });
                Brought::Refused {
                    reason,
                    ready_at,
                    retry_after,
                }
            }
        }
    }

    /// The client of an attempt has gone. The attempts of another program are not known any more.
    pub(crate) fn leave(&mut self, now: Instant, admitted: Admitted) {
        if admitted.generation == self.generation {
            self.backend.leave(now, admitted.id);
        }
    }

    /// How many wait to be told of their work.
    #[cfg(test)]
    pub(crate) fn waiting_count(&self) -> usize {
        self.waiting.len()
    }

    pub(crate) fn program(&self) -> &FaultProgram {
        self.run.program()
    }

    pub(crate) fn preset(&self) -> Option<Preset> {
        self.preset
    }
}
