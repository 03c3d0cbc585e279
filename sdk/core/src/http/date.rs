//! HTTP dates (RFC 9110, section 5.6.7): the preferred form and the two obsolete ones that a recipient must accept, nothing else.
//!
//! Every form has a fixed number of characters after the weekday, so each is read by position. Letters are taken in any case, as RFC 9111,
//! section 4.2, asks of caches; a zone other than GMT, a digit or a space too many, makes it no date at all, and for `Expires` that
//! means that it has passed.

use super::fields::digits as number;
use crate::time::Wall;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
/// The obsolete form with a comma has them in full, the other two their first three letters.
const WEEKDAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];
/// A mean Gregorian year in milliseconds.
const YEAR: u64 = 31_556_952_000;
/// The last second that four digits can name.
const LAST: u64 = 253_402_300_799_000;

/// Reads a date.
///
/// The two-digit year of the RFC 850 form is the latest with these digits that makes a date no more than 50 years after `now`.
/// A date before 1970 is none. Whether the weekday is that of the date is not looked at.
///
/// ```
/// use tidegate_core::{Wall, http::parse_date};
/// let date = parse_date("Sun, 06 Nov 1994 08:49:37 GMT", Wall(0));
/// assert_eq!(date, Some(Wall(784_111_777_000)));
/// ```
#[must_use]
pub fn parse_date(text: &str, now: Wall) -> Option<Wall> {
    let text = text.trim_matches([' ', '\t']);
    let Some((weekday, rest)) = text.split_once(',') else {
        return asctime(text);
    };
    let rest = rest.strip_prefix(' ')?;
    if is_weekday(weekday, 3) {
        imf_fixdate(rest)
    } else if is_weekday(weekday, usize::MAX) {
        rfc850(rest, now)
    } else {
        None
    }
}

/// `06 Nov 1994 08:49:37 GMT`
fn imf_fixdate(text: &str) -> Option<Wall> {
    let text = zoned(text, 24)?;
    let separated = text.get(2..3)? == " " && text.get(6..7)? == " " && text.get(11..12)? == " ";
    separated.then_some(())?;
    let (day, month) = (number(text.get(..2)?)?, month(text.get(3..6)?)?);
    point(
        number(text.get(7..11)?)?,
        month,
        day,
        clock(text.get(12..)?)?,
    )
}

/// `06-Nov-94 08:49:37 GMT`
fn rfc850(text: &str, now: Wall) -> Option<Wall> {
    let text = zoned(text, 22)?;
    let separated = text.get(2..3)? == "-" && text.get(6..7)? == "-" && text.get(9..10)? == " ";
    separated.then_some(())?;
    let (day, month) = (number(text.get(..2)?)?, month(text.get(3..6)?)?);
    let (short, seconds) = (number(text.get(7..9)?)?, clock(text.get(10..)?)?);
    // A clock that says more than what a date can is no clock.
    let latest = Wall(now.0.saturating_add(50 * YEAR).min(LAST));
    let year = 1970 + latest.0 / YEAR;
    let year = year - year % 100 + short;
    [year, year.saturating_sub(100)]
        .into_iter()
        .filter_map(|year| point(year, month, day, seconds))
        .find(|date| *date <= latest)
}

/// `Sun Nov  6 08:49:37 1994`
fn asctime(text: &str) -> Option<Wall> {
    let separated = text.len() == 24
        && text.get(3..4)? == " "
        && text.get(7..8)? == " "
        && text.get(10..11)? == " "
        && text.get(19..20)? == " ";
    (separated && is_weekday(text.get(..3)?, 3)).then_some(())?;
    let day = text.get(8..10)?;
    let day = number(day.strip_prefix(' ').unwrap_or(day))?;
    let month = month(text.get(4..7)?)?;
    point(
        number(text.get(20..)?)?,
        month,
        day,
        clock(text.get(11..19)?)?,
    )
}

/// Without the ` GMT` at its end, where it has this length with it.
fn zoned(text: &str, length: usize) -> Option<&str> {
    let (text, zone) = text.split_at_checked(text.len().checked_sub(4)?)?;
    (text.len() + 4 == length && zone.eq_ignore_ascii_case(" GMT")).then_some(text)
}

fn is_weekday(text: &str, letters: usize) -> bool {
    WEEKDAYS.iter().any(|name| {
        name.get(..letters)
            .unwrap_or(name)
            .eq_ignore_ascii_case(text)
    })
}

fn month(name: &str) -> Option<u64> {
    MONTHS
        .iter()
        .position(|month| month.eq_ignore_ascii_case(name))
        .map(|index| index as u64 + 1)
}

/// Seconds since midnight, from `08:49:37`. 60 is a leap second.
fn clock(text: &str) -> Option<u64> {
    let separated = text.len() == 8 && text.get(2..3)? == ":" && text.get(5..6)? == ":";
    separated.then_some(())?;
    let (h, m, s) = (
        number(text.get(..2)?)?,
        number(text.get(3..5)?)?,
        number(text.get(6..)?)?,
    );
    (h < 24 && m < 60 && s <= 60).then_some(h * 3_600 + m * 60 + s)
}

fn point(year: u64, month: u64, day: u64, seconds: u64) -> Option<Wall> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let longest = match month {
        2 => 28 + u64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    (year >= 1970 && (1..=longest).contains(&day)).then_some(())?;
    // Days since 1970-03-01 of a calendar whose years begin in March, so that the leap day comes last (Hinnant, *chrono-compatible
    // low-level date algorithms*).
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    Some(Wall((days * 86_400 + seconds) * 1_000))
}

#[cfg(test)]
#[path = "tests/date.rs"]
mod tests;
