use proptest::prelude::*;

use super::*;
use crate::http::tests::{NOW, config, written};
use crate::testing::test;

const MOMENT: Option<Wall> = Some(Wall(784_111_777_000));

#[test]
fn the_three_forms_of_the_standard_mean_the_same_moment() {
    assert_eq!(parse_date("Sun, 06 Nov 1994 08:49:37 GMT", NOW), MOMENT);
    assert_eq!(parse_date("Sunday, 06-Nov-94 08:49:37 GMT", NOW), MOMENT);
    assert_eq!(parse_date("Sun Nov  6 08:49:37 1994", NOW), MOMENT);
    assert_eq!(
        parse_date("Wed Nov 16 08:49:37 1994", NOW),
        Some(Wall(784_975_777_000))
    );
}

#[test]
fn letters_are_read_in_any_case() {
    for text in [
        "SUN, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 NOV 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 gMT",
        "sUNDAY, 06-nov-94 08:49:37 gmt",
        "sun nov  6 08:49:37 1994",
        " \tSun, 06 Nov 1994 08:49:37 GMT ",
    ] {
        assert_eq!(parse_date(text, NOW), MOMENT, "{text}");
    }
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
        "Sun, 06 Nov 1994 08:49:37 AEST",
        "Sun, 06 Nov 1994 08:49:37",
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sun 06 Nov 1994 08:49:37 GMT",
        "Sun,06 Nov 1994 08:49:37 GMT",
        "Sun, 06  Nov  1994 08:49:37 GMT",
        "Sun, 06-Nov-1994 08:49:37 GMT",
        "Sun, 06-Nov-94 08:49:37 GMT",
        "Sunday, 06-Nov-1994 08:49:37 GMT",
        "Someday, 06-Nov-94 08:49:37 GMT",
        "Xxx, 06 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08.49.37 GMT",
        "Sun, 06 Nov 1994 8:49:37 GMT",
        "Sun, 06 Nov 1994 24:00:00 GMT",
        "Sun, 06 Nov 1994 08:60:00 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT",
        "Sun, +6 Nov 1994 08:49:37 GMT",
        "Sun, 31 Feb 1994 08:49:37 GMT",
        "Sun, 06 Nov 1994 08:49:37 GMT+1",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 1969 08:49:37 GMT",
        "Sun, 06-Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov-1994 08:49:37 GMT",
        "Sun, 06 Nov 1994-08:49:37 GMT",
        "Sunday, 06-Nov 94 08:49:37 GMT",
        "Sun-Nov- 6-08:49:37-1994",
        "Xxx Nov  6 08:49:37 1994",
        "Sun Nov 6 08:49:37 1994",
        "Sun  Nov 6 08:49:37 1994",
        "Sun Nov  6 08:49:37 1994 GMT",
        "Sün, 06 Nov 1994 08:49:37 GM",
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
    assert_eq!(parse_date("Mon, 29 Feb 2100 00:00:00 GMT", NOW), None);
    assert_eq!(
        parse_date("Thu, 01 Jan 1970 00:00:00 GMT", NOW),
        Some(Wall(0))
    );
}

#[test]
fn a_two_digit_year_is_at_most_fifty_years_ahead() {
    let year = |text, now| parse_date(text, now).map(|date| 1970 + date.0 / YEAR);
    // It is November 2026.
    assert_eq!(year("Friday, 01-May-76 12:00:00 GMT", NOW), Some(2076));
    assert_eq!(year("Friday, 31-Dec-76 12:00:00 GMT", NOW), Some(1976));
    assert_eq!(year("Friday, 01-May-77 12:00:00 GMT", NOW), Some(1977));
    assert_eq!(year("Friday, 01-May-01 12:00:00 GMT", NOW), Some(2001));
    // Just before a century ends, the next one is near.
    let late = Wall(129 * YEAR + YEAR / 2);
    assert_eq!(year("Friday, 01-May-03 12:00:00 GMT", late), Some(2103));
    assert_eq!(year("Friday, 01-May-60 12:00:00 GMT", late), Some(2060));
}

#[test]
fn no_clock_makes_a_date_of_what_four_digits_cannot_say() {
    for now in [8_028 * YEAR, u64::MAX] {
        let date = parse_date("Sunday, 06-Nov-01 08:49:37 GMT", Wall(now));
        assert_eq!(date.map(|date| 1970 + date.0 / YEAR), Some(9901), "{now}");
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_second_until_the_year_9999_is_read_as_it_is_written(seconds in 0..253_402_300_800_u64) {
        let wall = Wall(seconds * 1_000);
        prop_assert_eq!(parse_date(&written(wall), NOW), Some(wall));
    }

    #[test]
    fn no_text_and_no_clock_make_it_panic(
        text in prop_oneof![".*", "(Sun|Sunday|sun),? [0-9 -]{0,3}[ -](Nov|feb)[ -][0-9]{0,4} [0-9:]{0,9}( GMT| [0-9]{4})?"],
        now in any::<u64>(),
    ) {
        let _ = parse_date(&text, Wall(now));
    }

    #[test]
    fn a_two_digit_year_is_within_the_century_that_ends_in_fifty_years(now in 0..4_000 * YEAR, short in 0..100_u64) {
        let text = alloc::format!("Monday, 15-Jun-{short:02} 00:00:00 GMT");
        if let Some(date) = parse_date(&text, Wall(now)) {
            prop_assert!(date.0 <= now + 50 * YEAR && date.0 + 50 * YEAR + 2 * 86_400_000 >= now);
        }
    }
}
