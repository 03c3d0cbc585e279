//! How many calls a stretch of time gets.
//!
//! The *generic cell rate algorithm*: one number, the theoretical arrival time (TAT) at which the calls let through so far would
//! have used up the rate exactly. A call goes when the TAT is ahead of now by no more than the burst, and moves it on by its cost
//! (ITU-T Recommendation I.371, annex A, "virtual scheduling"; the `governor` crate describes it for programs). Nothing ticks: the
//! answer after a night asleep is as exact as after a millisecond, where counters in fixed windows let twice the rate through at
//! each border and reservoirs that a timer fills stay empty in a hidden tab.
//!
//! Time is counted in microseconds times the rate. A call then costs a whole number, the interval in microseconds, however the two
//! divide; so three per second are three per second after a year, and nothing is rounded but the instant that is told (up).
//!
//! The law: any stretch of `t` microseconds lets through at most `burst + (t + 1) * rate / interval`. The one is the clock's grain:
//! a call told to come at a third of a microsecond comes at the next whole one and does not push back those behind it.

use crate::time::{Instant, Millis};

/// `rate` calls per `interval_ms`, up to `burst` of them at once.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct RateSettings {
    /// Calls per interval; 0 is no limit.
    pub rate: u32,
    /// The interval; 0 is no limit.
    pub interval_ms: u32,
    /// Calls that may go at the same moment after a rest; 0 is as good as 1.
    pub burst: u32,
}

impl RateSettings {
    fn unlimited(&self) -> bool {
        self.rate == 0 || self.interval_ms == 0
    }

    /// What a call of this weight adds to the TAT.
    fn cost(&self, weight: u32) -> u128 {
        u128::from(weight) * u128::from(self.interval_ms) * 1_000
    }

    /// The instant on the scale of the TAT.
    fn scaled(&self, now: Instant) -> u128 {
        u128::from(now.as_micros()) * u128::from(self.rate)
    }
}

/// Leave to go at an instant, taken in advance.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[must_use = "it has been taken from the rate"]
pub struct Reservation {
    at: Instant,
    before: u128,
    after: u128,
}

impl Reservation {
    /// When the call may go.
    #[must_use]
    pub fn at(&self) -> Instant {
        self.at
    }
}

/// A rate limit.
///
/// ```
/// use tidegate_core::throttle::{Rate, RateSettings};
/// use tidegate_core::Instant;
/// let two_per_second = RateSettings { rate: 2, interval_ms: 1_000, burst: 1 };
/// let mut rate = Rate::default();
/// assert_eq!(rate.admit(Instant::START, 1, &two_per_second), Ok(()));
/// assert_eq!(rate.admit(Instant::START, 1, &two_per_second), Err(Instant::from_millis(500)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Rate {
    tat: u128,
    /// The rate and the interval that `tat` is counted in.
    scale: (u32, u32),
}

impl Rate {
    /// Lets a call go now. One that is heavier than the burst goes when the rate has rested, and is paid for afterwards.
    ///
    /// # Errors
    /// When it would be too many: the first instant at which this call could go, if no other goes before it.
    pub fn admit(
        &mut self,
        now: Instant,
        weight: u32,
        settings: &RateSettings,
    ) -> Result<(), Instant> {
        self.reserve(now, weight, Millis::ZERO, settings)
            .map(|_| ())
    }

    /// Lets a call go as soon as the rate allows, if that is within `longest`. Calls that reserve go in the order in which they do.
    ///
    /// # Errors
    /// When it would have to wait longer: the instant at which it could have gone. Nothing was taken.
    pub fn reserve(
        &mut self,
        now: Instant,
        weight: u32,
        longest: Millis,
        settings: &RateSettings,
    ) -> Result<Reservation, Instant> {
        self.rescale(now, settings);
        let before = self.tat;
        let at = self.earliest(now, weight, settings);
        if at > now + longest {
            return Err(at);
        }
        if !settings.unlimited() {
            let scaled = settings.scaled(now);
            // Less than a microsecond late is on time: the clock could not have shown it.
            let on_time = scaled < before.saturating_add(settings.rate.into());
            let start = if on_time { before } else { scaled };
            self.tat = start.saturating_add(settings.cost(weight));
        }
        let after = self.tat;
        Ok(Reservation { at, before, after })
    }

    /// Gives a reservation back that will not be used. Only the latest one frees anything: behind an earlier one others have been
    /// told their instants, and who took its room at the end would go together with them.
    pub fn withdraw(&mut self, reservation: Reservation) {
        if self.tat == reservation.after {
            self.tat = reservation.before;
        }
    }

    /// Calls of weight 1 that would go now; `u32::MAX` when there is no limit.
    #[must_use]
    pub fn available(&self, now: Instant, settings: &RateSettings) -> u32 {
        if settings.unlimited() {
            return u32::MAX;
        }
        let mut copy = self.clone();
        copy.rescale(now, settings);
        let most = settings.cost(settings.burst.max(1));
        let room = most.saturating_sub(copy.debt(now));
        u32::try_from(room / settings.cost(1)).unwrap_or(u32::MAX)
    }

    fn earliest(&self, now: Instant, weight: u32, settings: &RateSettings) -> Instant {
        if settings.unlimited() {
            return now;
        }
        let most = settings.cost(settings.burst.max(weight).max(1));
        let due = self.tat.saturating_add(settings.cost(weight));
        let micros = due.saturating_sub(most).div_ceil(settings.rate.into());
        Instant::from_micros(u64::try_from(micros).unwrap_or(u64::MAX)).max(now)
    }

    /// How far the TAT is ahead.
    fn debt(&self, now: Instant) -> u128 {
        let scaled = u128::from(now.as_micros()) * u128::from(self.scale.0);
        self.tat.saturating_sub(scaled)
    }

    /// Carries what is owed over to other settings as a number of calls: it is paid off at the new rate from here on.
    fn rescale(&mut self, now: Instant, settings: &RateSettings) {
        let scale = (settings.rate, settings.interval_ms);
        if scale == self.scale {
            return;
        }
        // Nothing is owed where there was no limit: the TAT stood still at zero.
        let (_, interval) = self.scale;
        let owed = self
            .debt(now)
            .saturating_mul(settings.interval_ms.into())
            .div_ceil(u128::from(interval).max(1));
        self.scale = scale;
        self.tat = if settings.unlimited() {
            0
        } else {
            settings.scaled(now).saturating_add(owed)
        };
    }
}
