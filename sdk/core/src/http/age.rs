//! How old an answer is (RFC 9111, section 4.2.3).
//!
//! ```text
//! apparent = received − Date, where Date can be read and has passed
//! initial  = the larger of apparent and Age + what the answer took to arrive
//! age      = initial + resident, the time since it arrived
//! ```
//!
//! A page cannot trust its calendar: users set it, batteries lose it, computers sleep. So each age says whether there is a doubt, and
//! which. Resident time is measured with the monotonic clock as long as the page lives. Across lives only the calendar is left; where it
//! went backwards, nothing is known of the time in between, and it counts as none.

use super::fields::{LONGEST, seconds, trim};
use super::{Fields, parse_date};
use crate::time::{Instant, Millis, Wall};

/// How far the two clocks may differ before the calendar is said to have been set. Servers' and users' clocks that follow a time server
/// are within a second; five leave room for a page that was held up.
const CLOCKS_DIFFER: u64 = 5_000;

/// Why an age is not certain.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Doubt {
    /// Neither `Date` nor `Age` could be read, as is usual across origins: what the answer spent in caches before is not known.
    Hidden,
    /// Without an `Age`, the `Date` lies further back than the answer took: a clock is wrong, or a cache on the way has no `Age`.
    Skewed,
    /// The calendar was set since, or the machine slept: the resident time is not known. Such an age is no reason to call an answer fresh.
    Clock,
}

/// How old an answer is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Age {
    /// The best that is known, at most 2^31 seconds.
    pub millis: Millis,
    /// Why it may be wrong.
    pub doubt: Option<Doubt>,
}

impl Age {
    /// Whether it is known.
    #[must_use]
    pub const fn certain(self) -> bool {
        self.doubt.is_none()
    }

    /// The value of the `Age` field to serve an answer with: whole seconds.
    #[must_use]
    pub const fn seconds(self) -> u64 {
        self.millis.0 / 1_000
    }
}

/// When an answer arrived, and how old it was then: kept along with it.
///
/// ```
/// use tidegate_core::{Instant, Millis, Wall, http::{Arrival, Fields}};
/// let fields = Fields::new(&[("Age", "30"), ("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]);
/// let received = Wall(784_111_778_000);
/// let arrival = Arrival::of(fields, Millis(200), received, Instant::START);
/// let age = arrival.age(Wall(received.0 + 2_000), Instant::from_millis(2_000));
/// assert_eq!((age.millis, age.certain()), (Millis(32_200), true));
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Arrival {
    /// How old it was.
    pub initial: Age,
    /// When, by the calendar.
    pub wall: Wall,
    /// When, by the monotonic clock; `None` where that was another life of the page, whose clock is gone.
    pub instant: Option<Instant>,
}

impl Arrival {
    /// An answer that arrives now and took this long since it was asked for.
    #[must_use]
    pub fn of(fields: Fields<'_>, took: Millis, received: Wall, now: Instant) -> Arrival {
        let date = fields
            .value("date")
            .and_then(|date| parse_date(date, received));
        let said = age_field(fields);
        let apparent = date.map_or(Millis::ZERO, |date| received - date);
        let corrected = sum(said.unwrap_or_default(), took);
        let doubt = match (date, said) {
            (None, None) => Some(Doubt::Hidden),
            (Some(_), None) if apparent.0 > sum(took, Millis(CLOCKS_DIFFER)).0 => {
                Some(Doubt::Skewed)
            }
            _ => None,
        };
        Arrival {
            initial: Age {
                millis: apparent.max(corrected).min(LONGEST),
                doubt,
            },
            wall: received,
            instant: Some(now),
        }
    }

    /// How old it is now.
    ///
    /// Where the page lived on and the calendar went further than the monotonic clock, which may stand still while a machine sleeps, the
    /// longer time counts.
    #[must_use]
    pub fn age(self, wall: Wall, now: Instant) -> Age {
        let by_wall = wall - self.wall;
        let (resident, known) = match self.instant {
            Some(then) => {
                let lived = now - then;
                let differ = wall.0.abs_diff(self.wall.0.saturating_add(lived.0));
                (lived.max(by_wall), differ <= CLOCKS_DIFFER)
            }
            None => (by_wall, wall >= self.wall),
        };
        Age {
            millis: sum(self.initial.millis, resident),
            doubt: if known {
                self.initial.doubt
            } else {
                Some(Doubt::Clock)
            },
        }
    }
}

/// The first member of the first `Age` line; what is no number is ignored (RFC 9111, section 5.1).
fn age_field(fields: Fields<'_>) -> Option<Millis> {
    fields
        .value("age")?
        .split(',')
        .next()
        .map(trim)
        .and_then(seconds)
}

fn sum(one: Millis, other: Millis) -> Millis {
    Millis(one.0.saturating_add(other.0)).min(LONGEST)
}

#[cfg(test)]
#[path = "tests/age.rs"]
mod tests;
