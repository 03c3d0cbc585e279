//! How busy a service is, from nothing but its requests' comings and goings.
//!
//! Everybody beyond the stated concurrency K is taken to wait. A request that is the n-th in the house shares K servers with n - 1 others,
//! so of the time it took, a share of K / n was its own service (Little's law, first come first served); the mean of these, exponentially
//! weighted over about 16 requests, is S. A newcomer then waits for `(n - K) / K x S`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::hint::Hint;
use crate::level::Level;
use crate::readiness::Readiness;

/// Seconds that are made up for when nobody asked: a level has long arrived at one of its ends by then.
const MAX_STEPS: u64 = 60;

/// Counts the requests in a service and derives a hint from them; clones share everything.
///
/// ```
/// use tidegate_hint::Gauge;
/// let gauge = Gauge::new(20);
/// let visit = gauge.enter();
/// // ... the work ...
/// visit.done();
/// assert_eq!(gauge.hint().level(), 1000);
/// assert!(gauge.readiness().ready);
/// ```
#[derive(Clone, Debug)]
pub struct Gauge {
    born: Instant,
    house: Arc<Mutex<House>>,
}

impl Gauge {
    /// A gauge of a service that works on so many requests at once: the size of its smallest pool.
    #[must_use]
    pub fn new(concurrency: u32) -> Gauge {
        Gauge {
            born: Instant::now(),
            house: Arc::new(Mutex::new(House::new(concurrency))),
        }
    }

    /// A request has come in.
    pub fn enter(&self) -> Visit {
        Visit {
            gauge: self.clone(),
            since: Instant::now(),
            place: self.house().enter(),
        }
    }

    /// What to tell clients now.
    #[must_use]
    pub fn hint(&self) -> Hint {
        self.house().hint(self.born.elapsed())
    }

    /// Whether newcomers are welcome now, with the hint: for a readiness route, which must not pass through what it measures.
    #[must_use]
    pub fn readiness(&self) -> Readiness {
        let hint = self.hint();
        Readiness {
            ready: hint.wait_ms() < Level::MAX_WAIT_MS,
            hint,
        }
    }

    fn house(&self) -> MutexGuard<'_, House> {
        // Counters at worst are off by one, and a hint is no reason to go down.
        self.house.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request that is inside; dropping it counts it out.
#[derive(Debug)]
#[must_use = "a visit ends when this is dropped"]
pub struct Visit {
    gauge: Gauge,
    since: Instant,
    /// How many were inside with it when it came, itself included.
    place: u32,
}

impl Visit {
    /// The request has been answered: its time counts. One that is only dropped, because its client left, says nothing about the service.
    pub fn done(self) {
        self.gauge.house().learn(self.place, self.since.elapsed());
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.gauge.house().leave();
    }
}

/// The pure part: time is handed in, since the gauge was made.
#[derive(Debug)]
struct House {
    concurrency: u32,
    inside: u32,
    service: Option<Duration>,
    level: Level,
    /// Whole seconds for which the level has been moved.
    moved: u64,
}

impl House {
    fn new(concurrency: u32) -> House {
        House {
            concurrency: concurrency.max(1),
            inside: 0,
            service: None,
            level: Level::default(),
            moved: 0,
        }
    }

    fn enter(&mut self) -> u32 {
        self.inside = self.inside.saturating_add(1);
        self.inside
    }

    fn learn(&mut self, place: u32, took: Duration) {
        let sharers = place.max(self.concurrency);
        let own = took / sharers * self.concurrency;
        self.service = Some(match self.service {
            None => own,
            Some(mean) => mean - mean / 16 + own / 16,
        });
    }

    fn leave(&mut self) {
        self.inside = self.inside.saturating_sub(1);
    }

    fn wait(&self) -> Duration {
        let waiting = self.inside.saturating_sub(self.concurrency);
        let service = self.service.unwrap_or_default();
        service.saturating_mul(waiting) / self.concurrency
    }

    fn hint(&mut self, now: Duration) -> Hint {
        let wait = self.wait().as_millis().min(Hint::MAX_WAIT_MS.into()) as u32;
        let steps = now.as_secs().saturating_sub(self.moved).min(MAX_STEPS);
        (0..steps).for_each(|_| self.level.step(wait));
        self.moved = self.moved.max(now.as_secs());
        Hint::new(self.level.permille(), wait, Hint::DEFAULT_TTL)
            .expect("a level is at most full and the wait was capped")
    }
}

#[cfg(test)]
#[path = "gauge_tests.rs"]
mod tests;
