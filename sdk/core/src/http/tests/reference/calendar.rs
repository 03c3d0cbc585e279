//! Dates, by cutting text at its spaces and walking through the calendar one day after the other.

use alloc::string::String;
use alloc::vec::Vec;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const DAYS: [&str; 7] = [
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
];
/// 365.2425 days.
const YEAR_MS: u64 = 31_556_952_000;

/// RFC 9110, section 5.6.7, in any case (RFC 9111, section 4.2).
pub(super) fn date(text: &str, now: u64) -> Option<u64> {
    let text: String = text.trim_matches([' ', '\t']).to_ascii_lowercase();
    let parts: Vec<&str> = text.split(' ').collect();
    match parts[..] {
        // Sun, 06 Nov 1994 08:49:37 GMT
        [weekday, day, month, year, time, "gmt"] => {
            let weekday = weekday.strip_suffix(',')?;
            DAYS.iter().find(|name| name[..3] == *weekday)?;
            at(number(year, 4)?, month, number(day, 2)?, time)
        }
        // Sunday, 06-Nov-94 08:49:37 GMT
        [weekday, date, time, "gmt"] => {
            let weekday = weekday.strip_suffix(',')?;
            DAYS.iter().find(|name| **name == weekday)?;
            let [day, month, year] = date.split('-').collect::<Vec<_>>()[..] else {
                return None;
            };
            let (day, short) = (number(day, 2)?, number(year, 2)?);
            // One that appears to be more than 50 years in the future is the most recent past year with the same last two digits.
            (1970..2200_u64)
                .rev()
                .filter(|year| year % 100 == short)
                .filter_map(|year| at(year, month, day, time))
                .find(|date| *date <= now + 50 * YEAR_MS)
        }
        // Sun Nov  6 08:49:37 1994
        [weekday, month, "", day, time, year] => {
            DAYS.iter().find(|name| name[..3] == *weekday)?;
            at(number(year, 4)?, month, number(day, 1)?, time)
        }
        [weekday, month, day, time, year] => {
            DAYS.iter().find(|name| name[..3] == *weekday)?;
            at(number(year, 4)?, month, number(day, 2)?, time)
        }
        _ => None,
    }
}

/// This many digits.
fn number(text: &str, length: usize) -> Option<u64> {
    let fine = text.len() == length && text.chars().all(|letter| letter.is_ascii_digit());
    fine.then(|| text.parse().unwrap())
}

fn at(year: u64, month: &str, day: u64, time: &str) -> Option<u64> {
    let [hour, minute, second] = time.split(':').collect::<Vec<_>>()[..] else {
        return None;
    };
    let (hour, minute, second) = (number(hour, 2)?, number(minute, 2)?, number(second, 2)?);
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    let days = days_until(year, month, day)?;
    Some((((days * 24 + hour) * 60 + minute) * 60 + second) * 1_000)
}

/// How many days lie between the first of 1970 and this one; `None` where there is no such day.
fn days_until(year: u64, month: &str, day: u64) -> Option<u64> {
    let wanted = (year, MONTHS.iter().position(|name| *name == month)?, day);
    let mut today = (1970, 0, 1);
    let mut passed = 0;
    while today < wanted {
        today = next_day(today);
        passed += 1;
    }
    (today == wanted).then_some(passed)
}

fn next_day((year, month, day): (u64, usize, u64)) -> (u64, usize, u64) {
    let leap = if year % 400 == 0 {
        true
    } else if year % 100 == 0 {
        false
    } else {
        year % 4 == 0
    };
    let length = match MONTHS[month] {
        "feb" if leap => 29,
        "feb" => 28,
        "apr" | "jun" | "sep" | "nov" => 30,
        _ => 31,
    };
    if day < length {
        (year, month, day + 1)
    } else if month < 11 {
        (year, month + 1, 1)
    } else {
        (year + 1, 0, 1)
    }
}
