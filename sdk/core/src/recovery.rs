//! Finding out that a scope works again, without spending anybody's click on it.
//!
//! Once a read got no answer from the network, the scope is *wanted*: somebody looks at an old copy or at nothing. From then on one
//! background probe at a time is due, when the breaker would let it through, at growing and jittered distances, until an attempt
//! succeeds, be it the probe's or a user's. In a simulated fleet of 2,000 browsers such probes bring the backend's users back within
//! 9 to 16 seconds where waiting for the next click takes 25 and more.

use crate::demand::Demand;
use crate::rest::rest;
use crate::rng::Rng;
use crate::settings::GateSettings;
use crate::time::{Instant, Millis};

/// A scope that is wanted back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Recovery {
    /// When the next probe is due; [`Instant::NEVER`] while one is out.
    pub(crate) due: Instant,
    /// What the server asked for: no probe comes before it.
    pub(crate) not_before: Instant,
    /// It is this scope's own affair: others of its origin work. Else it is back as soon as its origin is.
    pub(crate) own: bool,
    /// Since when.
    since: Instant,
    /// Probes that failed so far.
    tries: u32,
}

/// What kind of trouble a scope is in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// It is its own, and not its origin's.
    pub(crate) own: bool,
    /// Asking adds to it.
    pub(crate) dear: bool,
}

/// What an origin's probes are paid from.
///
/// A probe is a request, and a fleet of them is a load. Each call that was refused without being sent leaves one behind that may go in
/// its place, so that attempts and probes together are no more than the calls. To begin with there are three for trouble to which they
/// add nothing (a refused connection), and for overload one, in every fifth client. A page that is used, and whose user has stopped
/// clicking, has one for nothing after twelve seconds, another one after 24, and then one in 48.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Probes {
    earned: u32,
    cheap: u32,
    last: Instant,
    /// Sent in the present trouble without anything to pay for them.
    free: u32,
}

/// Probes that calls may leave behind.
const MOST: u32 = 3;
/// Somebody who uses the page and has stopped clicking waits for no longer than this until it is asked for the first time.
const FREE: Millis = Millis(12_000);
/// Probes that cost the backend next to nothing, to begin with.
const CHEAP: u32 = 3;

impl Probes {
    pub(crate) fn new(rng: &mut Rng) -> Probes {
        let lucky = rng.below(5) == 0;
        Probes {
            earned: u32::from(lucky),
            cheap: CHEAP,
            last: Instant::START,
            free: 0,
        }
    }

    /// The trouble is over.
    pub(crate) fn renew(&mut self) {
        self.cheap = CHEAP;
        self.free = 0;
    }

    /// What was wanted is there: the next thing that is wanted is another matter.
    pub(crate) fn answered(&mut self) {
        self.free = 0;
    }

    /// How many are paid for.
    pub(crate) fn credit(&self, dear: bool) -> u32 {
        self.earned + if dear { 0 } else { self.cheap }
    }

    /// When one may be sent; [`Instant::NEVER`] if none may.
    pub(crate) fn paid_at(&self, dear: bool, demand: &Demand) -> Instant {
        match self.credit(dear) {
            0 => self.free_at(demand),
            _ => Instant::START,
        }
    }

    /// When one may be sent that nothing pays for.
    pub(crate) fn free_at(&self, demand: &Demand) -> Instant {
        match demand.is_used() {
            true => self.last.max(demand.last()) + Millis(FREE.0 << self.free.min(2)),
            false => Instant::NEVER,
        }
    }

    /// A call was refused without being sent.
    pub(crate) fn earn(&mut self) {
        self.earned = (self.earned + 1).min(MOST);
    }

    /// One is sent.
    pub(crate) fn pay(&mut self, now: Instant, dear: bool) {
        self.last = now;
        self.free += u32::from(self.credit(dear) == 0);
        if !dear && self.cheap > 0 {
            self.cheap -= 1;
        } else {
            self.earned = self.earned.saturating_sub(1);
        }
    }
}

impl Recovery {
    /// The scope is wanted for the first time, or a probe came back without success.
    pub(crate) fn next(
        earlier: Option<Recovery>,
        now: Instant,
        refused: Option<Instant>,
        Kind { own, dear }: Kind,
        settings: &GateSettings,
        rng: &mut Rng,
    ) -> Recovery {
        let tries = earlier.map_or(0, |recovery| recovery.tries.saturating_add(1));
        let not_before = earlier.map_or(Instant::START, |recovery| recovery.not_before);
        let since = earlier.map_or(now, |recovery| recovery.since);
        let due = refused.unwrap_or_else(|| now + rest(now - since, tries, dear, settings, rng));
        Recovery {
            due: due.max(not_before),
            not_before,
            own: earlier.map_or(own, |recovery| recovery.own),
            since,
            tries,
        }
    }

    /// A probe is out.
    pub(crate) fn is_out(&self) -> bool {
        self.due == Instant::NEVER
    }

    /// A probe goes out.
    pub(crate) fn send(&mut self) {
        self.due = Instant::NEVER;
    }

    /// No probe before this time: the breaker would refuse it, or the server asked for peace.
    pub(crate) fn postpone(&mut self, until: Instant) {
        if !self.is_out() {
            self.due = self.due.max(until);
        }
    }

    /// The server asked for peace until then.
    pub(crate) fn heed(&mut self, until: Instant) {
        self.not_before = self.not_before.max(until);
        self.postpone(until);
    }

    /// The network is back: not much later than now, but not with everybody else. What failed without a network says nothing.
    pub(crate) fn hurry(&mut self, now: Instant, rng: &mut Rng) {
        if !self.is_out() {
            let soon = now + rng.jitter(Millis(1_000));
            self.due = self.due.min(soon).max(self.not_before);
            self.tries = 0;
        }
    }
}
