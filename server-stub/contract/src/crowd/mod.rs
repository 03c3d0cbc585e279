//! Many naive clients: the other half of an exhaustion loop.
//!
//! Users want things at random times and do not wait for one before they want the next. Their client gives an attempt up after a
//! timeout and tries again at once, a few times; then the user sees an error, and clicks again, or has reloaded before. In a failing
//! state that makes about 4.5 attempts of one intent, each of which costs the backend as much as the first.
//!
//! The machine sends nothing itself. [`Crowd::poll`] says what to send and what to give up, [`Crowd::settle`] takes the outcome, and
//! all luck is drawn from the seed and the number of the intent, so that the users want the same things in every run, whatever they
//! get. A simulation runs it against a [`Backend`](crate::Backend); a stub runs it as the crowd in the background.

mod call;
mod driver;
mod settings;
mod totals;
mod work;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tidegate_core::Instant;

pub use self::call::Intent;
pub use self::driver::CrowdDriver;
pub use self::settings::CrowdSettings;
pub use self::totals::{CrowdSecond, CrowdTotals};

use self::call::{Call, State};
use self::totals::Seconds;
use crate::backend::Attempt;
use crate::draw::Draw;

// Six are open when nothing is ever answered: a minute of clicking and waiting for something wanted every ten seconds.
const OPEN_PER_USER: usize = 8;
// Which of an intent's draws is the time to the next one.
const GAP: u64 = 0;

/// An attempt of a crowd, among all of it.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Ticket {
    call: u64,
    attempt: u32,
}

/// What a crowd does.
#[derive(Clone, Copy, Debug)]
pub enum CrowdStep {
    /// An attempt reaches the backend.
    Arrive {
        /// When.
        at: Instant,
        /// What, as the overload model takes it.
        attempt: Attempt,
        /// What the user wants.
        intent: Intent,
        /// Its name, for [`Crowd::settle`].
        ticket: Ticket,
        /// Who: a number below that of the users.
        user: u32,
    },
    /// The client of an attempt has gone.
    Leave {
        /// When.
        at: Instant,
        /// Which attempt.
        ticket: Ticket,
    },
}

/// How an attempt ended for its client.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Settled {
    /// With what it asked for.
    Answered,
    /// With an error, or the connection was refused or reset.
    Refused,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Timer {
    Reload,
    Wake,
}

/// Many naive clients of one backend.
///
/// At most eight intents per user are open at a time; what they want beyond that is left out and counted.
///
/// ```
/// use tidegate_contract::{Crowd, CrowdSettings, CrowdStep, Settled};
/// use tidegate_core::Instant;
/// let mut crowd = Crowd::new(CrowdSettings::default(), 7, Instant::START);
/// while crowd.totals().answered < 100 {
///     let now = crowd.deadline().unwrap();
///     while let Some(CrowdStep::Arrive { at, ticket, .. }) = crowd.poll(now) {
///         crowd.settle(at, ticket, Settled::Answered);
///     }
/// }
/// assert_eq!(crowd.totals().attempts, crowd.totals().intents);
/// ```
#[derive(Debug)]
pub struct Crowd {
    settings: CrowdSettings,
    root: Draw,
    now: Instant,
    next: Instant,
    calls: BTreeMap<u64, Call>,
    timers: BTreeSet<(Instant, u64, Timer)>,
    steps: VecDeque<CrowdStep>,
    totals: CrowdTotals,
    seconds: Seconds,
}

impl Crowd {
    /// A crowd whose first user will want something in a moment.
    #[must_use]
    pub fn new(settings: CrowdSettings, seed: u64, now: Instant) -> Crowd {
        let mut crowd = Crowd {
            settings,
            root: Draw::from_seed(seed),
            now,
            next: now,
            calls: BTreeMap::new(),
            timers: BTreeSet::new(),
            steps: VecDeque::new(),
            totals: CrowdTotals::default(),
            seconds: Seconds::default(),
        };
        crowd.schedule(now);
        crowd
    }

    /// How it behaves from now on. What is open stays open.
    pub fn configure(&mut self, now: Instant, settings: CrowdSettings) {
        self.now = self.now.max(now);
        self.settings = settings;
        self.schedule(self.now);
    }

    /// What it does by now, one step at a time, in the order of time.
    pub fn poll(&mut self, now: Instant) -> Option<CrowdStep> {
        loop {
            if let Some(step) = self.steps.pop_front() {
                return Some(step);
            }
            let timer = self.timers.first().copied();
            match timer {
                Some((at, number, timer)) if at <= now && at <= self.next => {
                    self.now = self.now.max(at);
                    match timer {
                        Timer::Reload => self.reload(number),
                        Timer::Wake => self.wake(number),
                    }
                }
                _ if self.next <= now && self.next != Instant::NEVER => {
                    self.now = self.now.max(self.next);
                    self.begin();
                }
                _ => break,
            }
        }
        self.now = self.now.max(now);
        None
    }

    /// An attempt has ended. One that was given up before is none of its concern any more.
    pub fn settle(&mut self, now: Instant, ticket: Ticket, settled: Settled) {
        self.now = self.now.max(now);
        let number = ticket.call;
        let Some(call) = self.calls.get(&number) else {
            return;
        };
        if call.attempts != ticket.attempt || !matches!(call.state, State::Out { .. }) {
            return;
        }
        match settled {
            Settled::Answered => self.answer(number),
            Settled::Refused => {
                self.totals.refused += 1;
                self.fail(number);
            }
        }
    }

    /// When polling will next be worth it.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        if !self.steps.is_empty() {
            return Some(self.now);
        }
        let timer = self.timers.first().map_or(Instant::NEVER, |(at, ..)| *at);
        Some(timer.min(self.next)).filter(|at| *at != Instant::NEVER)
    }

    /// How it behaves.
    #[must_use]
    pub fn settings(&self) -> &CrowdSettings {
        &self.settings
    }

    /// How many intents are open.
    #[must_use]
    pub fn open(&self) -> usize {
        self.calls.len()
    }

    /// Its sums.
    #[must_use]
    pub fn totals(&self) -> CrowdTotals {
        self.totals
    }

    /// The last quarter of an hour, second by second, the oldest first.
    pub fn seconds(&self) -> impl Iterator<Item = &CrowdSecond> {
        self.seconds.all()
    }
}

#[cfg(test)]
mod tests;
