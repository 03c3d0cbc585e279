//! The circuit breaker of one scope.
//!
//! It looks at the latest attempts, no older than a window of time, and opens when enough of them failed, took too long, or failed in a
//! row. Open, it lets nothing through until a time that it can tell; the server may have named it. Then it is half-open and lends out
//! *probes*: leases, so that a probe that never comes back does not block it for ever. When enough of them are back it closes or opens
//! again, for longer: the open time doubles with each time in a row and is halved again by every window's length that it stays closed.
//!
//! Every pass carries the breaker's *generation*, which changes with each state; a result from an earlier generation (a call that was
//! sent before the breaker opened and fails late) decides nothing. A call that was cancelled says nothing about the backend and counts as
//! neither.
//!
//! Published breakers get each of these wrong somewhere: late results that close or reopen the circuit, hung probes that wedge it,
//! one cancelled call that opens it, windows that keep hour-old samples because they only move when a timer does.

mod window;

use alloc::vec::Vec;

pub use self::window::Counts;

use self::window::Window;
use crate::backoff::Backoff;
use crate::record::words;
use crate::rng::Rng;
use crate::settings::BreakerSettings;
use crate::time::{Instant, Millis};

words! {
    /// What a breaker does with a call.
    pub enum BreakerState {
        /// Lets it through.
        Closed = "closed",
        /// Lets a few through, to see.
        HalfOpen = "half-open",
        /// Lets none through until it is released.
        Isolated = "isolated",
        /// Lets none through.
        Open = "open",
    }
}

/// What an attempt says about the backend.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Vote {
    /// It fails.
    Failure,
    /// Nothing: the attempt was cancelled.
    Neither,
    /// It works.
    Success,
}

/// Leave to make one attempt; handed back with its result.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "a pass that is not handed back keeps a probe's lease until it runs out"]
pub struct Pass {
    generation: u32,
    /// Which lease it is, if the breaker was half-open.
    lease: u32,
}

/// A change of state, for the event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Change {
    /// Before.
    pub from: BreakerState,
    /// After.
    pub to: BreakerState,
    /// What was in the window when it changed.
    pub counts: Counts,
}

#[derive(Clone, Debug)]
enum State {
    Closed {
        since: Instant,
        /// Since when more and more is let through again, and the share of a call that is saved up, in thousandths.
        ramp: Option<Ramp>,
    },
    HalfOpen {
        /// Which probes are out, and until when each may take.
        leases: Vec<(u32, Instant)>,
        lent: u32,
        good: u32,
        bad: u32,
    },
    Isolated,
    Open {
        until: Instant,
    },
}

/// Gradual re-admission.
#[derive(Clone, Copy, Debug)]
struct Ramp {
    since: Instant,
    /// In thousandths of a call.
    saved: u32,
}

/// A circuit breaker.
#[derive(Clone, Debug)]
pub struct Breaker {
    state: State,
    generation: u32,
    /// Times in a row that it opened; the open time grows with it.
    trips: u32,
    window: Window,
}

impl Breaker {
    /// A closed breaker that has seen nothing.
    #[must_use]
    pub fn new() -> Breaker {
        Breaker {
            state: State::Closed {
                since: Instant::START,
                ramp: None,
            },
            generation: 0,
            trips: 0,
            window: Window::default(),
        }
    }

    /// The state by name; an open breaker whose time is up is half-open.
    #[must_use]
    pub fn state(&self, now: Instant) -> BreakerState {
        match self.state {
            State::Closed { .. } => BreakerState::Closed,
            State::Open { until } if now < until => BreakerState::Open,
            State::HalfOpen { .. } | State::Open { .. } => BreakerState::HalfOpen,
            State::Isolated => BreakerState::Isolated,
        }
    }

    /// Until when it would refuse a call made now; `None` when it would not.
    ///
    /// [`Instant::NEVER`] says that time alone changes nothing. A ramp refuses a share of the calls, and is asked by [`Breaker::admit`].
    #[must_use]
    pub fn refusal(&self, now: Instant, settings: &BreakerSettings) -> Option<Instant> {
        if settings.shadow > 0 && !matches!(self.state, State::Isolated) {
            return None;
        }
        match &self.state {
            State::Closed { .. } => None,
            State::HalfOpen { leases, lent, .. } => {
                if *lent < settings.probes {
                    return None;
                }
                // Every probe is lent; the first lease to run out is lent again.
                let first = leases.iter().map(|(_, until)| *until).min();
                first.filter(|until| now < *until)
            }
            State::Isolated => Some(Instant::NEVER),
            State::Open { until } => (now < *until).then_some(*until),
        }
    }

    /// When an open breaker lets something through again; the start of all time when it does.
    pub(crate) fn until(&self) -> Instant {
        match &self.state {
            State::Open { until } => *until,
            State::Isolated => Instant::NEVER,
            State::HalfOpen { leases, .. } => {
                let first = leases.iter().map(|(_, until)| *until).min();
                first.unwrap_or(Instant::START)
            }
            State::Closed { .. } => Instant::START,
        }
    }

    /// Whether a pass is of this generation: whether its result decides anything.
    #[must_use]
    pub fn counts_in(&self, pass: Pass) -> bool {
        pass.generation == self.generation
    }

    /// Asks for leave to make an attempt. A probe gets a lease of this length.
    ///
    /// # Errors
    /// When it is open: the time at which asking again makes sense.
    pub fn admit(
        &mut self,
        now: Instant,
        lease: Millis,
        settings: &BreakerSettings,
    ) -> Result<(Pass, Option<Change>), Instant> {
        if let Some(until) = self.refusal(now, settings) {
            return Err(until);
        }
        let mut change = None;
        if let State::Open { until } = self.state
            && now >= until
        {
            change = Some(self.change(now, BreakerState::Open, BreakerState::HalfOpen, settings));
            self.enter(State::HalfOpen {
                leases: Vec::new(),
                lent: 0,
                good: 0,
                bad: 0,
            });
        }
        let lease = match &mut self.state {
            State::Closed { ramp, .. } => {
                if let Some(each) = ramp
                    && !each.admits(now, settings)
                    && settings.shadow == 0
                {
                    return Err(now + RAMP_STEP);
                }
                0
            }
            State::HalfOpen { leases, lent, .. } => {
                leases.retain(|(_, until)| now < *until);
                *lent = lent.saturating_add(1);
                leases.push((*lent, now + lease));
                *lent
            }
            // Shadow: it would have refused.
            State::Isolated | State::Open { .. } => 0,
        };
        Ok((
            Pass {
                generation: self.generation,
                lease,
            },
            change,
        ))
    }

    /// Takes a pass back with what its attempt says, and whether it took longer than [`BreakerSettings::slow_ms`].
    pub fn settle(
        &mut self,
        now: Instant,
        pass: Pass,
        vote: Vote,
        slow: bool,
        settings: &BreakerSettings,
        rng: &mut Rng,
    ) -> Option<Change> {
        if !self.counts_in(pass) {
            return None;
        }
        let failed = vote == Vote::Failure;
        match &mut self.state {
            State::Closed { .. } if vote == Vote::Neither => None,
            State::Closed { .. } => {
                self.window.add(now, failed, slow, settings);
                // Only a bad one opens it: a success that merely makes up the minimum does not.
                let trip = self.window.counts(now, settings).trip(settings);
                ((failed || slow) && trip.is_some()).then(|| self.open(now, settings, rng))
            }
            State::HalfOpen {
                leases,
                lent,
                good,
                bad,
            } => {
                leases.retain(|(each, _)| *each != pass.lease);
                match vote {
                    Vote::Failure => *bad += 1,
                    Vote::Neither => *lent = lent.saturating_sub(1),
                    Vote::Success => *good += 1,
                }
                self.judge(now, settings, rng)
            }
            State::Isolated | State::Open { .. } => None,
        }
    }

    /// Decides a half-open breaker as soon as the probes that are still missing could not change the result.
    fn judge(&mut self, now: Instant, settings: &BreakerSettings, rng: &mut Rng) -> Option<Change> {
        let State::HalfOpen { good, bad, .. } = self.state else {
            return None;
        };
        let needed = (settings.probes * settings.probe_percent)
            .div_ceil(100)
            .max(1);
        if good >= needed {
            let change = self.change(now, BreakerState::HalfOpen, BreakerState::Closed, settings);
            self.enter(State::Closed {
                since: now,
                ramp: (settings.ramp_ms > 0).then_some(Ramp {
                    since: now,
                    saved: 0,
                }),
            });
            self.window.clear();
            return Some(change);
        }
        (bad > settings.probes - needed.min(settings.probes)).then(|| self.open(now, settings, rng))
    }

    /// The server says that nothing should come before then.
    pub fn heed(
        &mut self,
        now: Instant,
        until: Instant,
        settings: &BreakerSettings,
    ) -> Option<Change> {
        if until <= now {
            return None;
        }
        match &mut self.state {
            State::Open { until: own } => {
                *own = until.max(*own);
                None
            }
            State::Isolated => None,
            State::Closed { .. } | State::HalfOpen { .. } => {
                let change = self.change(now, self.state(now), BreakerState::Open, settings);
                self.enter(State::Open { until });
                Some(change)
            }
        }
    }

    /// Lets nothing through, by hand, until it is released.
    pub fn isolate(&mut self, now: Instant, settings: &BreakerSettings) -> Option<Change> {
        if let State::Isolated = self.state {
            return None;
        }
        let change = self.change(now, self.state(now), BreakerState::Isolated, settings);
        self.enter(State::Isolated);
        Some(change)
    }

    /// Closes it, by hand, whatever its state.
    pub fn release(&mut self, now: Instant, settings: &BreakerSettings) -> Option<Change> {
        if let State::Closed { .. } = self.state {
            return None;
        }
        let change = self.change(now, self.state(now), BreakerState::Closed, settings);
        self.trips = 0;
        self.window.clear();
        self.enter(State::Closed {
            since: now,
            ramp: None,
        });
        Some(change)
    }

    /// What is in the window.
    #[must_use]
    pub fn counts(&self, now: Instant, settings: &BreakerSettings) -> Counts {
        self.window.counts(now, settings)
    }

    fn open(&mut self, now: Instant, settings: &BreakerSettings, rng: &mut Rng) -> Change {
        let change = self.change(now, self.state(now), BreakerState::Open, settings);
        if let State::Closed { since, .. } = self.state {
            let healthy = (now - since).0 / u64::from(settings.window_ms.max(1));
            self.trips = self.trips.saturating_sub(healthy.min(32) as u32);
        }
        let backoff = Backoff {
            base: Millis(settings.open_ms.into()),
            cap: Millis(settings.open_cap_ms.into()),
        };
        let until = now + backoff.equal_jitter(self.trips, rng);
        self.trips = self.trips.saturating_add(1);
        self.enter(State::Open { until });
        change
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.generation = self.generation.wrapping_add(1);
    }

    fn change(
        &self,
        now: Instant,
        from: BreakerState,
        to: BreakerState,
        settings: &BreakerSettings,
    ) -> Change {
        Change {
            from,
            to,
            counts: self.window.counts(now, settings),
        }
    }
}

impl Default for Breaker {
    fn default() -> Breaker {
        Breaker::new()
    }
}

/// A call that a ramp refuses asks again after this.
const RAMP_STEP: Millis = Millis(250);
/// The share that is let through at once, in thousandths.
const RAMP_FROM: u64 = 250;

impl Ramp {
    /// Whether one more call is within the share of this moment.
    fn admits(&mut self, now: Instant, settings: &BreakerSettings) -> bool {
        let length = u64::from(settings.ramp_ms.max(1));
        let gone = (now - self.since).0.min(length);
        let share = RAMP_FROM + (1_000 - RAMP_FROM) * gone / length;
        self.saved += share as u32;
        let admitted = self.saved >= 1_000;
        if admitted {
            self.saved -= 1_000;
        }
        admitted
    }
}
