//! Whatever is read as a date is a second that can be written down in each of the three forms and read again.
//!
//! An input is text: a line with the reader's clock in milliseconds, and a line with the date.

#![no_main]

mod calendar;

use libfuzzer_sys::fuzz_target;
use tidegate_core::http::{parse_date, retry_after};
use tidegate_core::{Millis, Wall};

/// The first moment of the year 10000: four digits say no more, but for the leap second before it.
const END: Wall = Wall(253_402_300_800_000);
/// Fifty mean years.
const FIFTY_YEARS: u64 = 50 * 31_556_952_000;
const DAY: Millis = Millis::from_secs(86_400);

fuzz_target!(|input: &str| {
    let (now, text) = input.split_once('\n').unwrap_or(("", input));
    let now = Wall(now.parse().unwrap_or_default());
    let read = parse_date(text, now);
    for written in [text.to_ascii_uppercase(), text.to_ascii_lowercase()] {
        assert_eq!(parse_date(&written, now), read, "in any case");
    }
    assert_eq!(parse_date(&format!(" \t{text}\t "), now), read);
    let waited = retry_after(text, None, now);
    assert!(waited.is_none_or(|wait| wait <= DAY));
    if let Some(date) = read {
        assert!(waited.is_some(), "a date is a wait, if a past one");
        check(text, date, now);
    }
});

fn check(text: &str, date: Wall, now: Wall) {
    assert!(date.0.is_multiple_of(1_000) && date <= END, "{date:?}");
    let short_year = text.contains('-');
    if short_year {
        assert!(date.0 <= now.0.saturating_add(FIFTY_YEARS), "{date:?}");
    } else {
        for other in [Wall(0), Wall(u64::MAX), date] {
            assert_eq!(parse_date(text, other), Some(date), "whatever the clock");
        }
    }
    if date < END {
        assert_eq!(parse_date(&calendar::imf_fixdate(date), now), Some(date));
        assert_eq!(parse_date(&calendar::asctime(date), now), Some(date));
        assert_eq!(parse_date(&calendar::rfc850(date), date), Some(date));
    }
}
