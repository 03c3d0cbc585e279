//! The shipped outbox in a browser of the fleet.
//!
//! Its store is the run's own memory: what is handed out to be stored is stored at once. Each write has a lane to itself, since in this model
//! nobody changes the same thing twice.

use tidegate_core::outbox::{Claim, Outbox, Step, Write};
use tidegate_core::{Engine, Instant, Millis, Outcome, Wall};

/// When the run begins, by the calendar.
const BEGIN: Wall = Wall(1_700_000_000_000);

/// What one browser has saved.
#[derive(Debug)]
pub(super) struct Saved {
    outbox: Outbox,
    /// What may be sent now.
    ready: Vec<(u64, Claim)>,
    /// When there is something to do next.
    next: Instant,
}

/// A saved write that is out.
#[derive(Debug)]
pub(super) struct Replay {
    claim: Claim,
    /// When it is given up.
    pub(super) until: Instant,
    pub(super) sent: bool,
    pub(super) outcome: Option<Outcome>,
}

impl Saved {
    pub(super) fn new(engine: &Engine, now: Instant, seed: u64) -> Saved {
        let mut outbox = Outbox::new("", seed, seed);
        outbox.load(engine, wall(now), []);
        outbox.set_alone(true);
        Saved {
            outbox,
            ready: Vec::new(),
            next: Instant::NEVER,
        }
    }

    /// How many are saved.
    pub(super) fn len(&self) -> usize {
        self.outbox.entries().count()
    }

    /// When it wants to be asked.
    pub(super) fn next(&self) -> Instant {
        match self.ready.is_empty() {
            true => self.next,
            false => Instant::START,
        }
    }

    /// A write comes in; its key is its number, and may have been sent.
    pub(super) fn put(
        &mut self,
        engine: &mut Engine,
        now: Instant,
        url: &str,
        number: u64,
        sent: bool,
    ) {
        let key = number.to_string();
        let mut write = Write::new("POST", url, &key);
        write.keyed = true;
        write.sent = sent;
        write.lane = key;
        let batch = self.outbox.enqueue(engine, wall(now), &write);
        let batch = batch.expect("nobody saves as much as an outbox takes");
        let _ = self.outbox.applied(engine, now, wall(now), batch);
        self.next = now;
    }

    /// The next that is to be sent now.
    pub(super) fn due(&mut self, engine: &mut Engine, now: Instant) -> Option<u64> {
        if self.ready.is_empty() && self.next <= now {
            self.go_on(engine, now);
        }
        self.ready.first().map(|(number, _)| *number)
    }

    /// It goes.
    pub(super) fn launch(&mut self, now: Instant, longest: Millis) -> Option<Replay> {
        let (_, claim) = (!self.ready.is_empty()).then(|| self.ready.remove(0))?;
        Some(Replay {
            claim,
            until: now + longest,
            sent: false,
            outcome: None,
        })
    }

    pub(super) fn settle(
        &mut self,
        engine: &Engine,
        now: Instant,
        replay: &Replay,
        outcome: Outcome,
    ) {
        self.outbox.settle(engine, now, replay.claim, outcome);
        self.next = now;
    }

    fn go_on(&mut self, engine: &mut Engine, now: Instant) {
        loop {
            match self.outbox.poll(engine, now, wall(now)) {
                Step::Store(batch) => {
                    let claims = self.outbox.applied(engine, now, wall(now), batch);
                    for claim in claims {
                        let entry = self.outbox.entry(claim.id);
                        let number = entry.and_then(|entry| entry.key.parse().ok());
                        self.ready.extend(number.map(|number| (number, claim)));
                    }
                }
                Step::Wait(until) => {
                    self.next = until;
                    return;
                }
                Step::Load | Step::Read { .. } => {
                    unreachable!("everything is known here, and nothing takes from an answer")
                }
            }
        }
    }
}

fn wall(now: Instant) -> Wall {
    Wall(BEGIN.0 + now.as_millis())
}
