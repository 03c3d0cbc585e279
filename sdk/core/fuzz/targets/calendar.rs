//! Dates as servers write them, by counting years and months: slow, and nothing to do with how they are read.

use tidegate_core::Wall;

const MONTHS: [(&str, u64); 12] = [
    ("Jan", 31),
    ("Feb", 28),
    ("Mar", 31),
    ("Apr", 30),
    ("May", 31),
    ("Jun", 30),
    ("Jul", 31),
    ("Aug", 31),
    ("Sep", 30),
    ("Oct", 31),
    ("Nov", 30),
    ("Dec", 31),
];
const WEEKDAYS: [&str; 7] = [
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
];

/// `Sun, 06 Nov 1994 08:49:37 GMT`
pub(crate) fn imf_fixdate(date: Wall) -> String {
    let Day(weekday, day, month, year) = day(date);
    let (short, time) = (&weekday[..3], time(date));
    format!("{short}, {day:02} {month} {year:04} {time} GMT")
}

/// `Sunday, 06-Nov-94 08:49:37 GMT`
pub(crate) fn rfc850(date: Wall) -> String {
    let Day(weekday, day, month, year) = day(date);
    let (short, time) = (year % 100, time(date));
    format!("{weekday}, {day:02}-{month}-{short:02} {time} GMT")
}

/// `Sun Nov  6 08:49:37 1994`
pub(crate) fn asctime(date: Wall) -> String {
    let Day(weekday, day, month, year) = day(date);
    let (short, time) = (&weekday[..3], time(date));
    format!("{short} {month} {day:2} {time} {year:04}")
}

/// Weekday, day, month and year.
struct Day(&'static str, u64, &'static str, u64);

fn day(date: Wall) -> Day {
    let since = date.0 / 86_400_000;
    let weekday = WEEKDAYS[(since % 7) as usize];
    let (mut left, mut year) = (since, 1970_u64);
    loop {
        let leap =
            (year.is_multiple_of(4) && !year.is_multiple_of(100)) || year.is_multiple_of(400);
        for (month, length) in MONTHS {
            let length = length + u64::from(leap && month == "Feb");
            if left < length {
                return Day(weekday, left + 1, month, year);
            }
            left -= length;
        }
        year += 1;
    }
}

fn time(date: Wall) -> String {
    let seconds = date.0 / 1_000 % 86_400;
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}", seconds % 60)
}
