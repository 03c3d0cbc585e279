//! For how long an answer is fresh (RFC 9111, section 4.2.1 and 4.2.2): what `max-age` says, else `Expires`, else a tenth of the time
//! for which it had not changed.
//!
//! What is meant to say so and cannot be read says that the answer is stale: `Expires: 0`, two `Expires` lines, a `max-age` of letters.
//! `s-maxage` is for caches that people share and is not looked at.

use super::fields::LONGEST;
use super::{Fields, ResponseDirectives, parse_date};
use crate::time::{Millis, Wall};

/// The part of the time since the last change that an answer without a lifetime is taken to be fresh for: the one that RFC 9111, section
/// 4.2.2, calls typical.
const HEURISTIC_PART: u64 = 10;
/// The longest guess: past a week a page that nobody said anything about would seem broken rather than fast.
const HEURISTIC_CAP: Millis = Millis::from_secs(7 * 86_400);

/// For how long an answer is fresh.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Lifetime {
    /// How long, from when the server made it.
    pub length: Millis,
    /// It is a guess: the server said nothing.
    pub heuristic: bool,
}

impl Lifetime {
    /// Reads it off an answer that was received at this time.
    ///
    /// ```
    /// use tidegate_core::{Millis, Wall, http::{Fields, Lifetime}};
    /// let fields = Fields::new(&[("Cache-Control", "max-age=60"), ("Expires", "0")]);
    /// assert_eq!(Lifetime::of(200, fields, Wall(0)).length, Millis(60_000));
    /// ```
    #[must_use]
    pub fn of(status: u16, fields: Fields<'_>, received: Wall) -> Lifetime {
        let said = ResponseDirectives::of(fields);
        let made = fields
            .value("date")
            .and_then(|date| parse_date(date, received))
            .unwrap_or(received);
        let stated = said.max_age.or_else(|| expires(fields, made, received));
        let heuristic = stated.is_none();
        let length = match stated {
            Some(length) => length.min(LONGEST),
            None if may_guess(status) || said.public => guess(fields, made, received),
            None => Millis::ZERO,
        };
        Lifetime { length, heuristic }
    }
}

/// Whether an answer with this status may be kept, and its lifetime guessed, although nothing in it says so (RFC 9110, section 15.1).
#[must_use]
pub(super) const fn may_guess(status: u16) -> bool {
    matches!(
        status,
        200 | 203 | 204 | 206 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501
    )
}

fn expires(fields: Fields<'_>, made: Wall, received: Wall) -> Option<Millis> {
    let mut lines = fields.values("expires");
    let first = lines.next()?;
    let date = match lines.next() {
        None => parse_date(first, received),
        Some(_) => None,
    };
    Some(date.map_or(Millis::ZERO, |date| date - made))
}

fn guess(fields: Fields<'_>, made: Wall, received: Wall) -> Millis {
    let changed = fields
        .value("last-modified")
        .and_then(|date| parse_date(date, received));
    changed.map_or(Millis::ZERO, |changed| {
        Millis((made - changed).0 / HEURISTIC_PART).min(HEURISTIC_CAP)
    })
}

#[cfg(test)]
#[path = "tests/lifetime.rs"]
mod tests;
