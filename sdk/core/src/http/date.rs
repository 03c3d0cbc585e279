//! HTTP dates (RFC 9110, section 5.6.7): the preferred form and the two obsolete ones that a recipient must accept, nothing else.

use crate::time::Wall;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// Reads a date.
///
/// The two-digit year of the RFC 850 form is taken as the nearest one that is not more than 50 years after `now`.
///
/// ```
/// use tidegate_core::{Wall, http::parse_date};
/// let date = parse_date("Sun, 06 Nov 1994 08:49:37 GMT", Wall(0));
/// assert_eq!(date, Some(Wall(784_111_777_000)));
/// ```
#[must_use]
pub fn parse_date(text: &str, now: Wall) -> Option<Wall> {
    let text = text.trim();
    match text.split_once(',') {
        Some((weekday, rest)) if weekday.len() == 3 => imf_fixdate(rest.strip_prefix(' ')?),
        Some((_, rest)) => rfc850(rest.strip_prefix(' ')?, now),
        None => asctime(text),
    }
}

/// `06 Nov 1994 08:49:37 GMT`
fn imf_fixdate(text: &str) -> Option<Wall> {
    let mut parts = text.split(' ');
    let (day, month, year) = (
        two_digits(parts.next()?)?,
        month(parts.next()?)?,
        four_digits(parts.next()?)?,
    );
    let time = clock(parts.next()?)?;
    (parts.next() == Some("GMT") && parts.next().is_none()).then_some(())?;
    point(year, month, day, time)
}

/// `06-Nov-94 08:49:37 GMT`
fn rfc850(text: &str, now: Wall) -> Option<Wall> {
    let (date, time) = text.strip_suffix(" GMT")?.split_once(' ')?;
    let mut parts = date.split('-');
    let (day, month, short) = (
        two_digits(parts.next()?)?,
        month(parts.next()?)?,
        two_digits(parts.next()?)?,
    );
    parts.next().is_none().then_some(())?;
    let this_year = 1970 + now.0 / 31_556_952_000;
    let year = this_year - this_year % 100 + short;
    let year = if year > this_year + 50 {
        year - 100
    } else {
        year
    };
    point(year, month, day, clock(time)?)
}

/// `Sun Nov  6 08:49:37 1994`
fn asctime(text: &str) -> Option<Wall> {
    let mut parts = text.split(' ').filter(|part| !part.is_empty());
    (parts.next()?.len() == 3).then_some(())?;
    let (month, day) = (month(parts.next()?)?, number(parts.next()?)?);
    let (time, year) = (clock(parts.next()?)?, four_digits(parts.next()?)?);
    parts.next().is_none().then_some(())?;
    point(year, month, day, time)
}

fn month(name: &str) -> Option<u64> {
    MONTHS
        .iter()
        .position(|month| *month == name)
        .map(|index| index as u64 + 1)
}

fn number(text: &str) -> Option<u64> {
    text.bytes()
        .all(|b| b.is_ascii_digit())
        .then(|| text.parse().ok())
        .flatten()
}

fn two_digits(text: &str) -> Option<u64> {
    (text.len() == 2).then(|| number(text)).flatten()
}

fn four_digits(text: &str) -> Option<u64> {
    (text.len() == 4).then(|| number(text)).flatten()
}

/// Seconds since midnight. 60 is a leap second.
fn clock(text: &str) -> Option<u64> {
    let mut parts = text.split(':');
    let (h, m, s) = (
        two_digits(parts.next()?)?,
        two_digits(parts.next()?)?,
        two_digits(parts.next()?)?,
    );
    (parts.next().is_none() && h < 24 && m < 60 && s <= 60).then_some(h * 3_600 + m * 60 + s)
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
mod tests {
    use super::*;
    use crate::testing::test;

    const NOW: Wall = Wall(1_795_000_000_000);
    const MOMENT: Option<Wall> = Some(Wall(784_111_777_000));

    #[test]
    fn the_three_forms_of_the_standard_mean_the_same_moment() {
        assert_eq!(parse_date("Sun, 06 Nov 1994 08:49:37 GMT", NOW), MOMENT);
        assert_eq!(parse_date("Sunday, 06-Nov-94 08:49:37 GMT", NOW), MOMENT);
        assert_eq!(parse_date("Sun Nov  6 08:49:37 1994", NOW), MOMENT);
    }

    #[test]
    fn nothing_else_is_a_date() {
        let others = [
            "",
            "0",
            "-1",
            "soon",
            "1994-11-06T08:49:37Z",
            "Sun, 06 Nov 1994 08:49:37 UTC",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:00:00 GMT",
            "Sun, 31 Feb 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 GMT+1",
            "Sun, 00 Nov 1994 08:49:37 GMT",
        ];
        for text in others {
            assert_eq!(parse_date(text, NOW), None, "{text}");
        }
    }

    #[test]
    fn leap_days_exist_only_in_leap_years() {
        assert_eq!(
            parse_date("Thu, 29 Feb 2024 00:00:00 GMT", NOW),
            Some(Wall(1_709_164_800_000))
        );
        assert_eq!(parse_date("Wed, 29 Feb 2023 00:00:00 GMT", NOW), None);
        assert_eq!(
            parse_date("Thu, 01 Jan 1970 00:00:00 GMT", NOW),
            Some(Wall(0))
        );
    }
}
