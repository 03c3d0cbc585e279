use proptest::prelude::*;

use super::*;
use crate::http::tests::{NOW, ago, borrowed, config, pairs, written};
use crate::testing::test;

fn length(status: u16, fields: &[(&str, &str)]) -> u64 {
    Lifetime::of(status, Fields::new(fields), NOW).length.0 / 1_000
}

#[test]
fn max_age_counts_before_expires() {
    let with = |said, expires: &str| length(200, &[("cache-control", said), ("expires", expires)]);
    assert_eq!(with("max-age=3600", &ago(10_000)), 3_600);
    assert_eq!(with("max-age=3600", "0"), 3_600);
    assert_eq!(with("max-age=0", &written(Wall(NOW.0 + 10_000_000))), 0);
}

#[test]
fn expires_is_measured_from_the_date_and_without_one_from_the_arrival() {
    let expires = written(Wall(NOW.0 + 60_000));
    assert_eq!(
        length(200, &[("Expires", &expires), ("Date", &ago(40))]),
        100
    );
    assert_eq!(length(200, &[("Expires", &expires)]), 60);
    assert_eq!(length(200, &[("Expires", &expires), ("Date", "now")]), 60);
    assert_eq!(length(200, &[("Expires", &ago(1)), ("Date", &ago(0))]), 0);
}

#[test]
fn an_expires_that_is_no_date_has_passed_and_leaves_nothing_to_guess() {
    let changed = ago(100_000);
    for expires in [
        "0",
        "",
        "Thu, 18 Aug 2050 02:01:18 UTC",
        "Thu, 18 Aug 2050 02:01:18 AEST",
        "Thu, 18 Aug 50 02:01:18 GMT",
        "Thu 18 Aug 2050 02:01:18 GMT",
        "Thu, 18  Aug  2050 02:01:18 GMT",
        "Thu, 18-Aug-2050 02:01:18 GMT",
        "Thu, 18 Aug 2050 02.01.18 GMT",
        "Thu, 18 Aug 2050 2:01:18 GMT",
    ] {
        let fields = [("expires", expires), ("last-modified", changed.as_str())];
        assert_eq!(length(200, &fields), 0, "{expires}");
    }
}

#[test]
fn two_expires_have_passed_on_one_line_or_two() {
    let future = "Thu, 18 Aug 2050 02:01:18 GMT";
    assert!(length(200, &[("expires", future)]) > 0);
    assert_eq!(length(200, &[("expires", future), ("Expires", future)]), 0);
    let joined = [future, ", ", future].concat();
    assert_eq!(length(200, &[("expires", &joined)]), 0);
}

#[test]
fn without_a_word_it_is_a_tenth_of_the_time_since_the_last_change() {
    let changed = |at: &str, date: u64| length(200, &[("last-modified", at), ("date", &ago(date))]);
    assert_eq!(changed(&ago(600), 0), 60);
    assert_eq!(changed(&ago(600), 100), 50);
    assert_eq!(changed(&ago(300_000_000), 0), 604_800);
    assert_eq!(changed("long ago", 0), 0);
    assert!(Lifetime::of(200, Fields::default(), NOW).heuristic);
}

#[test]
fn a_lifetime_is_guessed_for_the_statuses_of_the_standard_and_what_says_public() {
    let changed = ago(600);
    let fields = [
        ("last-modified", changed.as_str()),
        ("cache-control", "public"),
    ];
    let listed = [200, 203, 204, 206, 300, 301, 308, 404, 405, 410, 414, 501];
    for status in 100..=599 {
        let expected = if listed.contains(&status) { 60 } else { 0 };
        assert_eq!(length(status, &fields[..1]), expected, "{status}");
        assert_eq!(length(status, &fields), 60, "{status}");
    }
}

#[test]
fn what_is_for_shared_caches_gives_no_lifetime() {
    let said = |line| length(200, &[("cache-control", line)]);
    assert_eq!(said("s-maxage=3600, max-age=1"), 1);
    assert_eq!(said("s-maxage=3600"), 0);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_lifetime_is_longer_than_can_be_counted_and_no_guess_longer_than_a_week(
        status in any::<u16>(),
        pairs in pairs(),
        received in any::<u64>(),
    ) {
        let pairs = borrowed(&pairs);
        let lifetime = Lifetime::of(status, Fields::new(&pairs), Wall(received));
        prop_assert!(lifetime.length <= LONGEST);
        prop_assert!(!lifetime.heuristic || lifetime.length <= HEURISTIC_CAP);
    }
}
