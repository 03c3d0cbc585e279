//! The overload model: what a backend does when more is asked of it than it can do.
//!
//! A cheap *front*, behind it a *pool* of *K* connections and a *queue* of *Q* places. Work takes *S* on average, so the pool does *K* / *S*
//! a second and whoever joins a full queue waits *Q* x *S* / *K*. When that reaches the time after which clients give up, everything that
//! is done is done for people who have left, and who have asked again: the exhaustion loop. Nothing in this file makes the loop. It
//! comes of the queue, the patience of clients, and work that is finished for whoever has gone.
//!
//! The rules, in the order in which an attempt meets them:
//!
//! 1. The front spends its time on it, or refuses the connection when too much lies before it.
//! 2. Its idempotency key, if keys are on: done, the same answer again; not done yet, a conflict.
//! 3. The cache, if it is a read. The luck is the intent's, not the attempt's.
//! 4. A free connection, else a place in the queue, else it is refused; refused at once, if so set, when it would wait too long.
//! 5. Work for a drawn time that is fixed when it starts. It is finished whether or not the client is there.
//!
//! What is decided on arrival is decided on what is known on arrival, although the front gets to it a little later; the answer waits for
//! the front. The machine is told the time and never asks for it; all luck comes with the [`Attempt`].

mod attempt;
mod cache;
mod front;
mod keys;
mod level;
mod line;
mod settings;
mod totals;
mod work;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tidegate_core::Instant;

pub use self::attempt::{Admission, Attempt, AttemptEvent, AttemptId, Lapse, Notice, Refusal};
pub use self::settings::{BackendSettings, Cancel, QueueOrder};
pub use self::totals::{BackendTotals, DroppedTotals, RefusedTotals};

use self::cache::Cache;
use self::front::Front;
use self::keys::{Keys, Known};
use self::level::{Level, READY};
use self::line::{Limit, Line};
use crate::micros::Micros;

/// A backend under load.
///
/// The driver tells it what arrives and who leaves. After each call, and at [`Backend::deadline`], it polls until there is no notice
/// left: they are kept until then.
///
/// ```
/// use tidegate_contract::{Admission, Attempt, Backend, BackendSettings, Draw, AttemptEvent, Spread};
/// use tidegate_core::Instant;
/// let settings = BackendSettings { service: Spread::FixedMs(250), ..BackendSettings::default() };
/// let mut backend = Backend::new(settings, Instant::START);
/// let luck = Draw::from_seed(1);
/// let Admission::Admitted(id) = backend.arrive(Instant::START, Attempt::read(luck, luck)) else { panic!() };
/// assert!(matches!(backend.poll(Instant::START).unwrap().what, AttemptEvent::Started { .. }));
/// assert_eq!(backend.poll(Instant::START), None);
/// let done = backend.deadline().unwrap();
/// assert_eq!(done, Instant::from_millis(250));
/// assert_eq!(backend.poll(done).unwrap().id, id);
/// ```
#[derive(Debug)]
pub struct Backend {
    settings: BackendSettings,
    /// The mean service time of the settings, which takes logarithms to compute.
    service: Micros,
    now: Instant,
    front: Front,
    cache: Cache,
    keys: Keys,
    level: Level,
    line: Line,
    jobs: BTreeMap<AttemptId, Job>,
    /// Who has a connection, and until when. Its length is the number of connections in use: there is no second count to go wrong.
    ends: BTreeSet<(Instant, AttemptId)>,
    notices: VecDeque<Notice>,
    last: u64,
    totals: BackendTotals,
}

/// An attempt that was admitted.
#[derive(Debug)]
struct Job {
    arrived: Instant,
    attempt: Attempt,
    gone: bool,
    state: State,
    /// When the front is through with it.
    through: Instant,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Running { started: Instant, ends: Instant },
    Waiting { limit: Option<Limit> },
}

impl Backend {
    /// A backend with a warm cache and nothing to do.
    #[must_use]
    pub fn new(settings: BackendSettings, now: Instant) -> Backend {
        Backend {
            service: settings.mean_service(),
            settings,
            now,
            front: Front::new(),
            cache: Cache::Warm,
            keys: Keys::default(),
            level: Level::new(now),
            line: Line::new(now),
            jobs: BTreeMap::new(),
            ends: BTreeSet::new(),
            notices: VecDeque::new(),
            last: 0,
            totals: BackendTotals::default(),
        }
    }

    /// How it behaves from now on.
    ///
    /// Work that runs keeps its end: a database does not forget what it has begun when it gets faster. Connections beyond a smaller
    /// number are given up as their work ends; whoever waits keeps the place and the limit under which it joined.
    pub fn configure(&mut self, now: Instant, settings: BackendSettings) {
        self.advance(now);
        self.keys.trim(settings.idempotency_keys);
        self.service = settings.mean_service();
        self.settings = settings;
        self.start_waiting();
    }

    /// The cache is empty, as after a restart, and fills again.
    pub fn go_cold(&mut self, now: Instant) {
        self.advance(now);
        self.cache = Cache::Warming { since: self.now };
    }

    /// An attempt reaches the backend.
    pub fn arrive(&mut self, now: Instant, attempt: Attempt) -> Admission {
        self.advance(now);
        self.totals.arrived += 1;
        let Some(ready_at) = self.front.pass(self.now, &self.settings) else {
            let retry_after = self.front.backlog(self.now);
            return self.refuse(Refusal::Backlog, self.now, retry_after);
        };
        let key = attempt.key.filter(|_| self.settings.idempotency_keys > 0);
        match key.and_then(|key| self.keys.find(key)) {
            Some(Known::Done) => {
                self.totals.replays += 1;
                return Admission::Replay { ready_at };
            }
            Some(Known::Taken) => {
                self.totals.conflicts += 1;
                return Admission::Conflict { ready_at };
            }
            None => {}
        }
        if self.cache.answers(self.now, &attempt, &self.settings) {
            self.totals.hits += 1;
            let ready_at = ready_at + Micros::from_millis(self.settings.hit_ms);
            return Admission::Hit { ready_at };
        }
        if let Some(reason) = self.objection(&attempt) {
            return self.refuse(reason, ready_at, self.wait());
        }
        self.admit(Attempt { key, ..attempt }, ready_at)
    }

    /// A request that goes no further than the front, such as a preflight: when its answer can leave, or nothing if its connection is
    /// refused.
    pub fn pass_front(&mut self, now: Instant) -> Option<Instant> {
        self.advance(now);
        self.front.pass(self.now, &self.settings)
    }

    /// The client of an attempt has gone. What follows is up to [`BackendSettings::cancel`].
    pub fn leave(&mut self, now: Instant, id: AttemptId) {
        self.advance(now);
        let Some(job) = self.jobs.get_mut(&id) else {
            return;
        };
        job.gone = true;
        let given_up = match job.state {
            State::Running { .. } => self.settings.cancel == Cancel::Running,
            State::Waiting { .. } => self.settings.cancel != Cancel::Never,
        };
        if given_up {
            self.drop_job(id, Lapse::Gone);
            self.start_waiting();
        }
    }

    /// What has happened by now and was not told yet, one notice at a time, in the order of time.
    pub fn poll(&mut self, now: Instant) -> Option<Notice> {
        self.advance(now);
        self.notices.pop_front()
    }

    /// When polling will next be worth it.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        if !self.notices.is_empty() {
            return Some(self.now);
        }
        let end = self.ends.first().map(|(at, _)| *at);
        let limit = self.line.first_limit().map(|(limit, _)| limit.at);
        end.into_iter().chain(limit).min()
    }

    /// How it behaves.
    #[must_use]
    pub fn settings(&self) -> &BackendSettings {
        &self.settings
    }

    /// How many connections are in use. More than there are, for a while, after their number was set lower.
    #[must_use]
    pub fn in_use(&self) -> usize {
        self.ends.len()
    }

    /// How many attempts wait for a connection.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.line.len()
    }

    /// How long an attempt that came now would wait for a connection: those who wait times *S* / *K*.
    pub fn estimated_wait(&mut self, now: Instant) -> Micros {
        self.advance(now);
        self.wait()
    }

    /// Whether the estimated wait is below half a second: what an honest readiness probe says. It does not stand in the queue itself.
    pub fn is_ready(&mut self, now: Instant) -> bool {
        self.estimated_wait(now) < READY
    }

    /// How many of a thousand requests clients should send, from 20 to 1000. It is set once a second, by the estimated wait: down by
    /// three tenths while that is above half a second, else up by a quarter.
    pub fn level(&mut self, now: Instant) -> u32 {
        self.advance(now);
        self.level.permille()
    }

    /// Its sums.
    #[must_use]
    pub fn totals(&self) -> BackendTotals {
        self.totals
    }
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
