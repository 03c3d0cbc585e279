//! What is counted while a run goes on, second by second.

use serde::Serialize;
use tidegate_contract::{Micros, hash};
use tidegate_core::{Instant, Millis, mix};

use super::case::Case;
use super::intent::{Intent, Kind};

/// One second of a run.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Second {
    /// Intents that began in it.
    pub begun: u64,
    /// Of these, those of something that was seen before, or writes.
    pub familiar: u64,
    /// Of these, those whose user first got the network's answer.
    pub fresh: u64,
    /// Of these, those of somebody, or of a page, that wants to see something.
    pub reads: u64,
    /// Of these reads, those whose user first got the network's answer.
    pub fresh_reads: u64,
    /// Of these, those whose user first got a kept copy.
    pub kept: u64,
    /// Of these, those whose user was first told that it is saved.
    pub deferred: u64,
    /// Of these, those whose user first saw an error, or reloaded.
    pub failed: u64,
    /// Of the familiar, those that failed.
    pub familiar_failed: u64,
    /// Of those that failed, those that were answered when asked for again.
    pub late: u64,
    /// Of those that failed, those that nobody asked for any more.
    pub given_up: u64,
    /// Intents that got what they first got without an attempt.
    pub refused: u64,
    /// Attempts for intents that began in it, whenever they were sent.
    pub attempts: u64,
    /// Attempts to send what these intents had saved.
    pub replays: u64,
    /// Attempts, probes and replays sent in it.
    pub sent: u64,
    /// Probes sent in it.
    pub probes: u64,
    /// Failures that users saw in it.
    pub failures: u64,
    /// Work that ended in it and was waited for.
    pub useful: u64,
    /// Work that ended in it for nobody.
    pub wasted: u64,
}

/// What an attempt is sent for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Purpose {
    Ask,
    Probe,
    Replay,
}

/// What the user of an intent gets.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Got {
    Deferred,
    Fresh,
    /// A copy of this age.
    Kept(Millis),
}

/// A run.
#[derive(Clone, Debug)]
pub struct Record {
    /// What was run.
    pub case: Case,
    /// Every second, also those after the last intent began.
    pub seconds: Vec<Second>,
    /// How long it took until their user got something, by the second in which they began.
    pub latencies: Vec<(u32, Micros)>,
    /// How old kept copies were that were shown, by the second in which their intents began.
    pub ages: Vec<(u32, Millis)>,
    /// How long after it was wanted a saved write was done, by the second in which it was wanted.
    pub delays: Vec<(u32, Micros)>,
    /// The second in which each write was wanted, and how often it was done.
    pub writes: Vec<(u32, u32)>,
    /// Saved writes that were still there at the end.
    pub undelivered: u64,
    /// Intents, requests and attempts that had not ended at the end, and browsers that still held a permit: none.
    pub under_way: u64,
    /// How often the requests of a browser woke each other without end. It must not be; the run cuts it off and counts.
    pub spins: u64,
    /// A hash of everything that happened, in order.
    pub trace: u64,
}

#[derive(Debug)]
pub(super) struct Meter {
    record: Record,
    /// The place of each intent's entry among the writes, by its number.
    effects: Vec<Option<u32>>,
}

impl Meter {
    pub(super) fn new(case: Case) -> Meter {
        let trace = hash::fnv1a(case.name.as_bytes());
        Meter {
            effects: Vec::new(),
            record: Record {
                case,
                seconds: Vec::new(),
                latencies: Vec::new(),
                ages: Vec::new(),
                delays: Vec::new(),
                writes: Vec::new(),
                undelivered: 0,
                under_way: 0,
                spins: 0,
                trace,
            },
        }
    }

    pub(super) fn begun(&mut self, intent: &Intent) {
        self.note(intent.begun, 1);
        let second = self.second(intent.begun);
        second.begun += 1;
        second.familiar += u64::from(!intent.is_novel());
        let write = intent.kind == Kind::Write;
        second.reads += u64::from(!write);
        let place = self.record.writes.len() as u32;
        self.effects.push(write.then_some(place));
        if write {
            self.record.writes.push((number(intent.begun), 0));
        }
    }

    /// `begun`: when the intent began that it is for; for a probe, now.
    pub(super) fn sent(&mut self, now: Instant, begun: Instant, purpose: Purpose) {
        self.note(now, 2);
        self.second(now).sent += 1;
        match purpose {
            Purpose::Ask => self.second(begun).attempts += 1,
            Purpose::Probe => self.second(now).probes += 1,
            Purpose::Replay => self.second(begun).replays += 1,
        }
    }

    /// A write was done.
    pub(super) fn effect(&mut self, intent: u64) {
        let place = self.effects.get(intent as usize).copied().flatten();
        let write = place.and_then(|place| self.record.writes.get_mut(place as usize));
        if let Some((_, done)) = write {
            *done += 1;
        }
    }

    pub(super) fn worked(&mut self, at: Instant, gone: bool) {
        self.note(at, 3 + u64::from(gone));
        let second = self.second(at);
        second.useful += u64::from(!gone);
        second.wasted += u64::from(gone);
    }

    /// Its user saw an error, or reloaded, for the first time.
    pub(super) fn failed(&mut self, now: Instant, intent: &Intent, refused: bool) {
        self.note(now, 5);
        self.second(now).failures += 1;
        let second = self.second(intent.begun);
        second.failed += 1;
        second.familiar_failed += u64::from(!intent.is_novel());
        second.refused += u64::from(refused);
    }

    /// Its user got something, and the intent is over.
    pub(super) fn got(&mut self, now: Instant, intent: &Intent, got: Got, refused: bool) {
        self.note(now, 6);
        let begun = number(intent.begun);
        let took = Micros::since(now, intent.begun);
        self.record.latencies.push((begun, took));
        let second = self.second(intent.begun);
        if intent.failed {
            second.late += 1;
            return;
        }
        second.refused += u64::from(refused);
        match got {
            Got::Deferred => second.deferred += 1,
            Got::Fresh => {
                second.fresh += 1;
                second.fresh_reads += u64::from(intent.kind != Kind::Write);
            }
            Got::Kept(age) => {
                second.kept += 1;
                self.record.ages.push((begun, age));
            }
        }
    }

    /// Nobody asks for it any more.
    pub(super) fn given_up(&mut self, now: Instant, intent: &Intent) {
        self.note(now, 7);
        self.second(intent.begun).given_up += 1;
    }

    /// A saved write was done.
    pub(super) fn delivered(&mut self, now: Instant, begun: Instant) {
        self.note(now, 8);
        let delay = Micros::since(now, begun);
        self.record.delays.push((number(begun), delay));
    }

    /// The requests of a browser woke each other without end.
    pub(super) fn spun(&mut self) {
        self.record.spins += 1;
    }

    pub(super) fn finish(mut self, undelivered: u64, under_way: u64) -> Record {
        self.record.undelivered = undelivered;
        self.record.under_way = under_way;
        self.record
    }

    fn second(&mut self, at: Instant) -> &mut Second {
        let index = number(at) as usize;
        if self.record.seconds.len() <= index {
            self.record.seconds.resize(index + 1, Second::default());
        }
        &mut self.record.seconds[index]
    }

    fn note(&mut self, at: Instant, what: u64) {
        let happened = at.as_micros().wrapping_mul(16).wrapping_add(what);
        self.record.trace = mix(self.record.trace.rotate_left(5) ^ happened);
    }
}

/// The second of a moment.
fn number(at: Instant) -> u32 {
    (at.as_millis() / 1_000) as u32
}
