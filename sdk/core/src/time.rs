//! Time as the policies see it.
//!
//! There are two clocks and they never mix. [`Instant`] is monotonic and starts when the engine does: every window, deadline and
//! delay is measured with it. [`Wall`] is the calendar: it may jump, so it only serves for the age of stored answers and for
//! `Retry-After` dates. Nothing in this crate reads either clock; the driver hands both in.

use core::fmt;
use core::ops::{Add, Sub};

/// A length of time in whole milliseconds, the unit of every setting.
///
/// ```
/// use tidegate_core::Millis;
/// assert_eq!(Millis::from_secs(2), Millis(2_000));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Millis(pub u64);

impl Millis {
    /// No time at all.
    pub const ZERO: Millis = Millis(0);

    /// A length given in seconds.
    #[must_use]
    pub const fn from_secs(seconds: u64) -> Millis {
        Millis(seconds.saturating_mul(1_000))
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

/// A point on the monotonic clock: microseconds since the engine was made.
///
/// Arithmetic saturates, so a clock that misbehaves gives a late deadline and never a panic.
///
/// ```
/// use tidegate_core::{Instant, Millis};
/// let start = Instant::from_millis(10);
/// assert_eq!((start + Millis(5)) - start, Millis(5));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Instant(u64);

impl Instant {
    /// The moment the engine was made.
    pub const START: Instant = Instant(0);
    /// Later than anything that happens: "not by time alone".
    pub const NEVER: Instant = Instant(u64::MAX);

    /// The point this many microseconds after the start.
    #[must_use]
    pub const fn from_micros(micros: u64) -> Instant {
        Instant(micros)
    }

    /// The point this many milliseconds after the start.
    #[must_use]
    pub const fn from_millis(millis: u64) -> Instant {
        Instant(millis.saturating_mul(1_000))
    }

    /// Microseconds since the start.
    #[must_use]
    pub const fn as_micros(self) -> u64 {
        self.0
    }

    /// Whole milliseconds since the start.
    #[must_use]
    pub const fn as_millis(self) -> u64 {
        self.0 / 1_000
    }
}

impl Add<Millis> for Instant {
    type Output = Instant;
    fn add(self, length: Millis) -> Instant {
        Instant(self.0.saturating_add(length.0.saturating_mul(1_000)))
    }
}

impl Sub for Instant {
    type Output = Millis;
    /// The time from `earlier` to `self`; zero when `earlier` is in fact later.
    fn sub(self, earlier: Instant) -> Millis {
        Millis(Instant(self.0.saturating_sub(earlier.0)).as_millis())
    }
}

/// A point on the calendar clock: milliseconds since 1970 (UTC).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Wall(pub u64);

impl Sub for Wall {
    type Output = Millis;
    /// The time from `earlier` to `self`; zero when the clock was set back in between.
    fn sub(self, earlier: Wall) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[test]
    fn arithmetic_saturates() {
        assert_eq!(Instant::NEVER + Millis(u64::MAX), Instant::NEVER);
        assert_eq!(Instant::START - Instant::from_millis(3), Millis::ZERO);
        assert_eq!(Wall(5) - Wall(9), Millis::ZERO);
    }

    #[test]
    fn parts_of_a_millisecond_are_cut_off() {
        assert_eq!(
            Instant::from_micros(2_999) - Instant::from_micros(1_000),
            Millis(1)
        );
        assert_eq!(Instant::from_micros(1_999).as_millis(), 1);
    }
}
