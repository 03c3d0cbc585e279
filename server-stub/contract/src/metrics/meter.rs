//! The recorder: told what happens, asked for a snapshot.
//!
//! It takes `now`, holds about 80 KiB at most and never looks at a clock, so the stub, a simulator and a page in a browser measure with
//! the same code. A request *ends* once, when its answer is sent, its client leaves or its connection is cut; its work *completes* on its
//! own schedule, possibly long after everybody has gone, which is the whole point of measuring the two apart.

use std::collections::BTreeMap;

use tidegate_core::{Instant, Millis};

use super::histogram::Histogram;
use super::snapshot::{Memory, Metrics, Pool, Recent, Times, Totals, Waiting};
use super::window::Window;

/// More reasons to refuse than the model has.
const MAX_REASONS: usize = 16;
const OTHER: &str = "other";

/// How a request ended.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// With an answer of this status.
    Answered(u16),
    /// The stub cut the connection.
    Cut,
    /// The client left before there was an answer.
    Gone,
}

/// A request that is over.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Ending {
    /// How.
    pub outcome: Outcome,
    /// From arrival to end.
    pub took: Millis,
    /// Whether it was a CORS preflight: these count among the answers and nowhere else.
    pub preflight: bool,
}

/// A piece of work that the pool has done.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Completion {
    /// How long it waited for a connection.
    pub waited: Millis,
    /// How long it held one.
    pub service: Millis,
    /// Whether the client was still there.
    pub wanted: bool,
}

/// What the meter cannot know and the stub has to look up for a snapshot.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Reading {
    /// The pool.
    pub pool: Pool,
    /// The queue before it.
    pub waiting: Waiting,
    /// Open WebSockets and event streams.
    pub sockets: u64,
    /// The process's memory.
    pub memory: Memory,
    /// The admission level in permille.
    pub level: u32,
    /// Whether newcomers are welcome.
    pub ready: bool,
}

/// Measures one space.
///
/// ```
/// use tidegate_contract::metrics::{Ending, Meter, Outcome, Reading};
/// use tidegate_core::{Instant, Millis};
/// let mut meter = Meter::default();
/// meter.on_arrival(false);
/// let ending = Ending { outcome: Outcome::Answered(503), took: Millis(20), preflight: false };
/// meter.on_end(Instant::from_millis(20), ending);
/// let metrics = meter.read(Instant::from_millis(30), "default", Reading::default());
/// assert_eq!(metrics.recent.error_permille(), 1000);
/// assert_eq!(metrics.response.p99_ms, 20);
/// ```
#[derive(Clone, Debug)]
pub struct Meter {
    totals: Totals,
    in_flight: u64,
    recent: Window<Recent, 60>,
    response: Stopwatch,
    queue_wait: Stopwatch,
    service: Stopwatch,
}

impl Default for Meter {
    fn default() -> Meter {
        Meter {
            totals: Totals::default(),
            in_flight: 0,
            recent: Window::new(Millis(1_000)),
            response: Stopwatch::default(),
            queue_wait: Stopwatch::default(),
            service: Stopwatch::default(),
        }
    }
}

impl Meter {
    /// A request has arrived.
    pub fn on_arrival(&mut self, preflight: bool) {
        self.totals.arrivals += 1;
        self.totals.preflights += u64::from(preflight);
        self.in_flight += 1;
    }

    /// A request is over. Told once for each that has arrived.
    pub fn on_end(&mut self, now: Instant, ending: Ending) {
        self.in_flight = self.in_flight.saturating_sub(1);
        let mut error = false;
        match ending.outcome {
            Outcome::Answered(status) => {
                error = status >= 500;
                self.on_answer(status);
            }
            Outcome::Cut => {
                error = true;
                self.totals.cut += 1;
            }
            Outcome::Gone => self.totals.clients_gone += 1,
        }
        if ending.preflight {
            return;
        }
        let recent = self.recent.current(now);
        recent.ended += 1;
        recent.errors += u64::from(error);
        match ending.outcome {
            Outcome::Answered(_) => self.response.record(now, ending.took),
            Outcome::Cut => {}
            Outcome::Gone => recent.gone += 1,
        }
    }

    /// A request from before the last reset is over: all that is left of it is that it is not in flight any more.
    pub fn on_forgotten_end(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// The pool has done a piece of work.
    pub fn on_completion(&mut self, now: Instant, completion: Completion) {
        let recent = self.recent.current(now);
        recent.completed += 1;
        if completion.wanted {
            self.totals.completed_useful += 1;
        } else {
            recent.wasted += 1;
            self.totals.completed_wasted += 1;
        }
        self.queue_wait.record(now, completion.waited);
        self.service.record(now, completion.service);
    }

    /// A request was turned away, or given up while it waited, before any work; it still ends on its own. Reasons are in kebab-case.
    pub fn on_refusal(&mut self, reason: &str) {
        let refused = &mut self.totals.refused;
        let known = refused.contains_key(reason) || refused.len() + 1 < MAX_REASONS;
        count(refused, if known { reason } else { OTHER });
    }

    /// A request was answered from the backend's cache.
    pub fn on_hit(&mut self) {
        self.totals.hits += 1;
    }

    /// A write took effect; `repeated` when one with the same idempotency key already had.
    pub fn on_effect(&mut self, repeated: bool) {
        self.totals.effects += 1;
        self.totals.effects_repeated += u64::from(repeated);
    }

    /// Back to nothing, but for the requests that are still in flight.
    pub fn clear(&mut self) {
        *self = Meter {
            in_flight: self.in_flight,
            ..Meter::default()
        };
    }

    /// Sums since the last reset.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// A snapshot, with what only the stub knows.
    #[must_use]
    pub fn read(&self, now: Instant, space: &str, reading: Reading) -> Metrics {
        let mut recent = Recent::default();
        for slice in self.recent.recent(now) {
            recent.ended += slice.ended;
            recent.errors += slice.errors;
            recent.gone += slice.gone;
            recent.completed += slice.completed;
            recent.wasted += slice.wasted;
        }
        Metrics {
            space: space.to_owned(),
            at_ms: now.as_millis(),
            pool: reading.pool,
            waiting: reading.waiting,
            in_flight: self.in_flight,
            sockets: reading.sockets,
            memory: reading.memory,
            level: reading.level,
            ready: reading.ready,
            recent,
            response: self.response.read(now),
            queue_wait: self.queue_wait.read(now),
            service: self.service.read(now),
            totals: self.totals.clone(),
        }
    }

    fn on_answer(&mut self, status: u16) {
        const CLASSES: [&str; 6] = [OTHER, "1xx", "2xx", "3xx", "4xx", "5xx"];
        let answered = &mut self.totals.answered;
        *answered.by_status.entry(status.min(999)).or_default() += 1;
        let class = CLASSES.get(usize::from(status / 100));
        count(&mut answered.by_class, class.unwrap_or(&OTHER));
    }
}

/// One more of these; a name is copied only when it is new.
fn count(counts: &mut BTreeMap<String, u64>, name: &str) {
    match counts.get_mut(name) {
        Some(count) => *count += 1,
        None => {
            counts.insert(name.to_owned(), 1);
        }
    }
}

/// One kind of time: percentiles of the last minute, count and sum since the last reset.
#[derive(Clone, Debug)]
struct Stopwatch {
    recent: Window<Histogram, 12>,
    count: u64,
    sum: Millis,
}

impl Default for Stopwatch {
    fn default() -> Stopwatch {
        Stopwatch {
            recent: Window::new(Millis(5_000)),
            count: 0,
            sum: Millis::ZERO,
        }
    }
}

impl Stopwatch {
    fn record(&mut self, now: Instant, time: Millis) {
        self.recent.current(now).record(time);
        self.count += 1;
        self.sum = Millis(self.sum.0.saturating_add(time.0));
    }

    fn read(&self, now: Instant) -> Times {
        let mut all = Histogram::default();
        for slice in self.recent.recent(now) {
            all.merge(slice);
        }
        Times {
            p50_ms: all.percentile(50).0,
            p95_ms: all.percentile(95).0,
            p99_ms: all.percentile(99).0,
            count: self.count,
            sum_ms: self.sum.0,
        }
    }
}

#[cfg(test)]
#[path = "meter_tests.rs"]
mod tests;
