//! The circuit breaker of one scope.
//!
//! It looks at the latest attempts, no older than a window of time, and opens when enough of them failed. Open, it lets nothing
//! through until a time that it can tell. Then it lends out one *probe*: a lease, so that a probe that never comes back does not
//! block it for ever. Every pass carries the breaker's *generation*, which changes with each state; a result from an earlier
//! generation (a call that was sent before the breaker opened and fails late) decides nothing. A call that was cancelled says nothing
//! about the backend and counts as neither.
//!
//! Published breakers get each of these wrong somewhere: late results that close or reopen the circuit, hung probes that wedge it,
//! one cancelled call that opens it, windows that keep hour-old samples because they only move when a timer does.

use alloc::collections::VecDeque;

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
        /// Lets one through, to see.
        HalfOpen = "half-open",
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
}

/// A change of state, for the event.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Change {
    /// Before.
    pub from: BreakerState,
    /// After.
    pub to: BreakerState,
    /// Failures in the window when it changed.
    pub failures: u32,
    /// Attempts in the window when it changed.
    pub calls: u32,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Closed,
    /// `lease` is the time until which a probe that is out may take.
    HalfOpen {
        lease: Instant,
    },
    Open {
        until: Instant,
    },
}

/// A circuit breaker.
#[derive(Clone, Debug)]
pub struct Breaker {
    state: State,
    generation: u32,
    /// Times in a row that it opened; the open time grows with it.
    trips: u32,
    window: VecDeque<(Instant, bool)>,
}

impl Breaker {
    /// A closed breaker that has seen nothing.
    #[must_use]
    pub fn new() -> Breaker {
        Breaker {
            state: State::Closed,
            generation: 0,
            trips: 0,
            window: VecDeque::new(),
        }
    }

    /// The state by name; an open breaker whose time is up is half-open.
    #[must_use]
    pub fn state(&self, now: Instant) -> BreakerState {
        match self.state {
            State::Closed => BreakerState::Closed,
            State::Open { until } if now < until => BreakerState::Open,
            State::HalfOpen { .. } | State::Open { .. } => BreakerState::HalfOpen,
        }
    }

    /// Until when it would refuse a call made now; `None` when it would not.
    #[must_use]
    pub fn refusal(&self, now: Instant) -> Option<Instant> {
        match self.state {
            State::Open { until } | State::HalfOpen { lease: until } => {
                (now < until).then_some(until)
            }
            State::Closed => None,
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
    ) -> Result<(Pass, Option<Change>), Instant> {
        if let Some(until) = self.refusal(now) {
            return Err(until);
        }
        let change = match self.state {
            State::Closed => None,
            State::HalfOpen { .. } => {
                self.lend(now, lease);
                None
            }
            State::Open { .. } => {
                self.lend(now, lease);
                Some(self.change(BreakerState::Open, BreakerState::HalfOpen))
            }
        };
        Ok((
            Pass {
                generation: self.generation,
            },
            change,
        ))
    }

    /// Takes a pass back with what its attempt says.
    pub fn settle(
        &mut self,
        now: Instant,
        pass: Pass,
        vote: Vote,
        settings: &BreakerSettings,
        rng: &mut Rng,
    ) -> Option<Change> {
        if !self.counts_in(pass) {
            return None;
        }
        match (self.state, vote) {
            (State::Closed, Vote::Neither) | (State::Open { .. }, _) => None,
            (State::Closed, vote) => {
                let failed = vote == Vote::Failure;
                self.window.push_back((now, failed));
                self.trim(now, settings);
                // Only a failure opens it: a success that merely makes up the minimum does not.
                (failed && self.tripped(settings))
                    .then(|| self.open(now, BreakerState::Closed, settings, rng))
            }
            (State::HalfOpen { .. }, Vote::Success) => {
                let change = self.change(BreakerState::HalfOpen, BreakerState::Closed);
                self.enter(State::Closed);
                self.trips = 0;
                self.window.clear();
                Some(change)
            }
            (State::HalfOpen { .. }, Vote::Failure) => {
                Some(self.open(now, BreakerState::HalfOpen, settings, rng))
            }
            (State::HalfOpen { .. }, Vote::Neither) => {
                self.enter(State::HalfOpen { lease: now });
                None
            }
        }
    }

    /// Failures and attempts in the window.
    #[must_use]
    pub fn counts(&self, now: Instant, settings: &BreakerSettings) -> (u32, u32) {
        let oldest = Millis(settings.window_ms.into());
        let recent = self.window.iter().filter(|(at, _)| now - *at < oldest);
        recent.fold((0, 0), |(failures, calls), (_, failed)| {
            (failures + u32::from(*failed), calls + 1)
        })
    }

    fn tripped(&self, settings: &BreakerSettings) -> bool {
        let failures = self.window.iter().filter(|(_, failed)| *failed).count() as u64;
        let calls = self.window.len() as u64;
        calls >= u64::from(settings.minimum_calls)
            && failures * 100 >= calls * u64::from(settings.failure_percent)
    }

    fn trim(&mut self, now: Instant, settings: &BreakerSettings) {
        let oldest = Millis(settings.window_ms.into());
        // At least as many as the minimum, or a window set below it could never open.
        let most = settings.window.max(settings.minimum_calls) as usize;
        while self
            .window
            .front()
            .is_some_and(|(at, _)| now - *at >= oldest || self.window.len() > most)
        {
            self.window.pop_front();
        }
    }

    fn open(
        &mut self,
        now: Instant,
        from: BreakerState,
        settings: &BreakerSettings,
        rng: &mut Rng,
    ) -> Change {
        let change = self.change(from, BreakerState::Open);
        let backoff = Backoff {
            base: Millis(settings.open_ms.into()),
            cap: Millis(settings.open_cap_ms.into()),
        };
        self.enter(State::Open {
            until: now + backoff.equal_jitter(self.trips, rng),
        });
        self.trips = self.trips.saturating_add(1);
        change
    }

    fn lend(&mut self, now: Instant, lease: Millis) {
        self.enter(State::HalfOpen { lease: now + lease });
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.generation = self.generation.wrapping_add(1);
    }

    fn change(&self, from: BreakerState, to: BreakerState) -> Change {
        let failures = self.window.iter().filter(|(_, failed)| *failed).count() as u32;
        Change {
            from,
            to,
            failures,
            calls: self.window.len() as u32,
        }
    }
}

impl Default for Breaker {
    fn default() -> Breaker {
        Breaker::new()
    }
}
