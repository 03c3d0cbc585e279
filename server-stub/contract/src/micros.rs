//! A length of time as the overload model has it.
//!
//! What is set is in whole milliseconds; what is drawn and added up is in microseconds, the step of [`Instant`]: a front that spends
//! 0.25 ms on a request could not be told otherwise.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::{Deserialize, Serialize};
use tidegate_core::Instant;

/// A length of time in whole microseconds. Arithmetic saturates.
///
/// ```
/// use tidegate_contract::Micros;
/// use tidegate_core::Instant;
/// let start = Instant::from_millis(1);
/// assert_eq!(Micros::since(start + Micros(250), start), Micros(250));
/// ```
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(transparent)]
pub struct Micros(pub u64);

impl Micros {
    /// No time at all.
    pub const ZERO: Micros = Micros(0);

    /// A length given in milliseconds.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Micros {
        Micros(millis.saturating_mul(1_000))
    }

    /// The time from `earlier` to `now`; zero when `earlier` is in fact later.
    #[must_use]
    pub fn since(now: Instant, earlier: Instant) -> Micros {
        Micros(now.as_micros().saturating_sub(earlier.as_micros()))
    }

    /// Whole milliseconds, cut off.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000
    }

    /// Whole seconds, rounded up: as a `Retry-After` has to say it.
    #[must_use]
    pub const fn as_secs_up(self) -> u64 {
        self.0.div_ceil(1_000_000)
    }

    /// This length `permille` thousandths times.
    #[must_use]
    pub fn scaled(self, permille: u32) -> Micros {
        let scaled = u128::from(self.0) * u128::from(permille) / 1_000;
        Micros(u64::try_from(scaled).unwrap_or(u64::MAX))
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} µs", self.0)
    }
}

impl Add for Micros {
    type Output = Micros;
    fn add(self, other: Micros) -> Micros {
        Micros(self.0.saturating_add(other.0))
    }
}

impl AddAssign for Micros {
    fn add_assign(&mut self, other: Micros) {
        *self = *self + other;
    }
}

impl Add<Micros> for Instant {
    type Output = Instant;
    fn add(self, length: Micros) -> Instant {
        Instant::from_micros(self.as_micros().saturating_add(length.0))
    }
}

impl Sub for Micros {
    type Output = Micros;
    fn sub(self, other: Micros) -> Micros {
        Micros(self.0.saturating_sub(other.0))
    }
}
