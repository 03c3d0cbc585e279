//! What is counted while a fleet runs, second by second.

use serde::Serialize;
use tidegate_contract::{Micros, hash};
use tidegate_core::{Instant, Outcome, mix};

use crate::policy::End;
use crate::scenario::Spec;
use crate::tidegate::is_well;

/// The bins in which arrivals are looked at for herds: 100 ms.
pub(crate) const BIN: u64 = 100_000;

/// One second of a run.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Second {
    /// Users' requests that began in it.
    pub begun: u64,
    /// Of these, those whose client had not begun one since the incident began.
    pub first: u64,
    /// Of these, those that were answered in the end.
    pub answered: u64,
    /// Of these, those that failed in the end without an attempt.
    pub refused: u64,
    /// The attempts for these, whenever they were sent.
    pub attempts: u64,
    /// Attempts sent in it for users' requests, whenever these began.
    pub sent: u64,
    /// Probes sent in it.
    pub probes: u64,
    /// Answers that reached a user in it.
    pub useful: u64,
    /// Failures that users saw in it.
    pub failures: u64,
    /// Failures at endpoints that were well.
    pub failures_of_the_healthy: u64,
    /// The pool's work that ended in it, in microseconds.
    pub work: u64,
    /// The part of it that was for nobody.
    pub waste: u64,
}

/// A run.
#[derive(Clone, Debug)]
pub struct Record {
    /// What was run.
    pub spec: Spec,
    /// Every second, also those after the last request began.
    pub seconds: Vec<Second>,
    /// How long the requests took that began in the incident and were answered.
    pub latencies: Vec<Micros>,
    /// Retries and probes of different clients in each 100 ms of the incident's last half.
    pub bins: Vec<u32>,
    /// Requests and attempts that had not ended at the end: none.
    pub under_way: u64,
    /// How many things happened.
    pub events: u64,
    /// A hash of everything that happened, in order.
    pub trace: u64,
}

#[derive(Debug)]
pub(crate) struct Meter {
    record: Record,
    /// The first microsecond of the incident's last half.
    half: u64,
}

impl Meter {
    pub(crate) fn new(spec: Spec) -> Meter {
        let incident = spec.incident();
        let half = (incident.from + incident.to) * 1_000_000 / 2;
        let bins = (incident.to * 1_000_000 - half) / BIN;
        Meter {
            half,
            record: Record {
                spec,
                seconds: Vec::new(),
                latencies: Vec::new(),
                bins: vec![0; bins as usize],
                under_way: 0,
                events: 0,
                trace: hash::fnv1a(spec.scenario.name().as_bytes()),
            },
        }
    }

    pub(crate) fn begun(&mut self, now: Instant, first: bool) {
        self.note(now, 1);
        let second = self.second(now);
        second.begun += 1;
        second.first += u64::from(first);
    }

    /// `herd`: it is a retry or a probe, and the first of its client in this bin.
    pub(crate) fn sent(&mut self, now: Instant, begun: Instant, probe: bool, herd: bool) {
        self.note(now, 2);
        if probe {
            self.second(now).probes += 1;
        } else {
            self.second(now).sent += 1;
            self.second(begun).attempts += 1;
        }
        if herd && let Some(since) = now.as_micros().checked_sub(self.half) {
            let bin = self.record.bins.get_mut((since / BIN) as usize);
            if let Some(bin) = bin {
                *bin += 1;
            }
        }
    }

    pub(crate) fn landed(&mut self, now: Instant, probe: bool, outcome: Outcome) {
        let well = is_well(outcome);
        self.note(now, 3 + u64::from(well));
        if well && !probe {
            self.second(now).useful += 1;
        }
    }

    pub(crate) fn worked(&mut self, at: Instant, served: Micros, gone: bool) {
        self.note(at, 5 + u64::from(gone));
        let second = self.second(at);
        second.work += served.0;
        if gone {
            second.waste += served.0;
        }
    }

    pub(crate) fn ended(
        &mut self,
        now: Instant,
        begun: Instant,
        end: End,
        attempts: u32,
        healthy: bool,
    ) {
        self.note(now, 7);
        match end {
            End::Answered | End::Kept => {
                self.second(begun).answered += 1;
                if self.record.spec.incident().has(begun) {
                    self.record.latencies.push(Micros::since(now, begun));
                }
            }
            End::Failed => {
                self.second(now).failures += 1;
                self.second(begun).refused += u64::from(attempts == 0);
                self.second(begun).failures_of_the_healthy += u64::from(healthy);
            }
        }
    }

    /// Something happened.
    pub(crate) fn happened(&mut self) {
        self.record.events += 1;
    }

    pub(crate) fn finish(mut self, under_way: u64) -> Record {
        self.record.under_way = under_way;
        self.record
    }

    fn second(&mut self, at: Instant) -> &mut Second {
        let index = (at.as_millis() / 1_000) as usize;
        if self.record.seconds.len() <= index {
            self.record.seconds.resize(index + 1, Second::default());
        }
        &mut self.record.seconds[index]
    }

    fn note(&mut self, at: Instant, what: u64) {
        let happened = at.as_micros().wrapping_mul(8).wrapping_add(what);
        self.record.trace = mix(self.record.trace.rotate_left(5) ^ happened);
    }
}
