//! What the tests of the rules share, and the laws that concern several of them.

mod reference;

use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::{Strategy, *};

use super::*;
use crate::testing::test;
use crate::{Instant, Millis, Reason, Wall};

/// A day in November 2026.
pub(super) const NOW: Wall = Wall(1_795_000_000_000);

pub(super) const ALLOWANCE: Allowance = Allowance {
    most_stale: Millis::from_secs(86_400),
    while_revalidating: Millis::ZERO,
    unconfirmed: false,
};

pub(super) fn config() -> ProptestConfig {
    // In a browser there is no file to keep a failing case in; it is printed either way.
    let mut config = ProptestConfig::with_cases(256);
    if cfg!(target_arch = "wasm32") {
        config.failure_persistence = None;
    }
    config
}

/// A moment as a server writes it.
pub(super) fn written(wall: Wall) -> String {
    let (mut days, seconds) = (wall.0 / 86_400_000, wall.0 / 1_000 % 86_400);
    let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][(days % 7) as usize];
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let (mut year, mut month) = (1970, 0);
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [
        31,
        28 + u64::from(leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    while days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    alloc::format!(
        "{}, {:02} {} {year:04} {:02}:{:02}:{:02} GMT",
        weekday,
        days + 1,
        [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
        ][month],
        seconds / 3_600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// `NOW`, this many seconds earlier, as a server writes it.
pub(super) fn ago(seconds: u64) -> String {
    written(Wall(NOW.0 - seconds * 1_000))
}

/// Fields that rules look at and others, with values that are nearly right or anything at all.
pub(super) fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    const NAMES: [&str; 18] = [
        "cache-control",
        "Cache-Control",
        "age",
        "date",
        "expires",
        "last-modified",
        "etag",
        "vary",
        "location",
        "content-location",
        "content-range",
        "connection",
        "pragma",
        "accept",
        "accept-language",
        "if-range",
        "range",
        "authorization",
    ];
    let name = prop_oneof![
        4 => prop::sample::select(&NAMES[..]).prop_map(String::from),
        1 => ".{0,8}",
    ];
    let value = prop_oneof![
        2 => r#"(max-age|s-maxage|no-store|no-cache|must-revalidate|max-stale|stale-if-error)(="?[-0-9a, ]{0,12}"?)?(, ?(private|immutable|x="[a-z,]*))?"#,
        1 => r#"(W/)?"[a-z]{0,3}""#,
        1 => "[0-9]{0,22}",
        1 => "(Sun|sunday), [0-9]{2}[ -]Nov[ -][0-9]{2,4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT",
        1 => "(bytes[ =])?[0-9]{0,20}-[0-9]{0,20}(/[0-9*]{0,3})?",
        1 => r"(https?:)?/{0,3}[a-z.@:\\]{0,8}/[a-z./?#]{0,8}",
        1 => "[*a-z, ]{0,12}",
        2 => ".*",
    ];
    prop::collection::vec((name, value), 0..8)
}

pub(super) fn borrowed(pairs: &[(String, String)]) -> Vec<(&str, &str)> {
    pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

fn kept_head(status: u16, answer: Fields<'_>, later: u64) -> KeptHead {
    let arrival = Arrival::of(answer, Millis(100), NOW, Instant::START);
    KeptHead {
        age: arrival.age(
            Wall(NOW.0.saturating_add(later)),
            Instant::from_millis(later),
        ),
        lifetime: Lifetime::of(status, answer, NOW),
        said: ResponseDirectives::of(answer),
    }
}

fn situations() -> impl Strategy<Value = Situation> {
    prop::sample::select(alloc::vec![
        Situation::Calm,
        Situation::Failing(Reason::Unreachable),
        Situation::Failing(Reason::CircuitOpen),
        Situation::Failing(Reason::Offline),
        Situation::Failing(Reason::Status),
    ])
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_that_messages_say_makes_a_rule_panic(
        (asked, answered) in (pairs(), pairs()),
        (method, target) in ("GET|POST|.*", "https?://[a-z./?#]{0,9}|.*"),
        status in any::<u16>(),
        (received, later, took) in any::<(u64, u64, u64)>(),
        text in ".*",
    ) {
        let (asked, answered) = (borrowed(&asked), borrowed(&answered));
        let (asked, answered) = (Fields::new(&asked), Fields::new(&answered));
        let arrival = Arrival::of(answered, Millis(took), Wall(received), Instant::from_micros(took));
        for arrival in [arrival, Arrival { instant: None, ..arrival }] {
            let kept = KeptHead {
                age: arrival.age(Wall(later), Instant::from_micros(later)),
                lifetime: Lifetime::of(status, answered, Wall(received)),
                said: ResponseDirectives::of(answered),
            };
            let _ = kept.usability(&RequestDirectives::of(asked), ALLOWANCE, Situation::after(status));
        }
        let _ = may_store(Asked { method: &method, url: &target, fields: asked }, Answered { status, fields: answered });
        let _ = (withheld(answered, &text), is_kept(answered, &text), is_conditional(asked));
        let _ = (conditions(answered), if_none_match([asked, answered]), merged(asked, answered));
        let _ = (Revalidation::of(answered, true, false), Validated::by(status));
        let _ = selected(&[(asked, Wall(later)), (answered, Wall(received))], answered);
        let _ = (invalidated(&method, status, &target, answered), invalidated("PUT", 200, &target, asked));
        let _ = (expose_advice(answered), assumed_vary(answered, true));
        let _ = (if_range_holds(&text, answered, Wall(received)), Selecting::from_stored(text).matches(asked));
        let odd = Stored { first: later, length: received, complete: Some(took) };
        for stored in [Stored::of_part(answered), Some(odd)].into_iter().flatten() {
            let _ = stored.rest();
            if let Some(cut) = asked.value("range").and_then(|range| stored.cut(range)) {
                let _ = cut.content_range(stored.complete);
            }
        }
    }

    #[test]
    fn an_answer_that_is_to_be_confirmed_is_served_in_no_situation(
        (asked, answered) in (pairs(), pairs()),
        word in "[nN][oO]-[cC]ache",
        later in 0..100_000_000_u64,
        situation in situations(),
    ) {
        let (asked, mut answered) = (borrowed(&asked), borrowed(&answered));
        answered.push(("Cache-Control", &word));
        let kept = kept_head(200, Fields::new(&answered), later);
        let usability = kept.usability(&RequestDirectives::of(Fields::new(&asked)), ALLOWANCE, situation);
        prop_assert!(!usability.servable(), "{:?}", usability);
    }

    #[test]
    fn a_stale_answer_with_must_revalidate_is_served_in_no_situation(
        asked in pairs(),
        lifetime in 0..10_u64,
        later in 10_000..100_000_000_u64,
        situation in situations(),
    ) {
        let said = alloc::format!("max-age={lifetime}, stale-if-error=99999, stale-while-revalidate=99999, must-revalidate");
        let asked = borrowed(&asked);
        let kept = kept_head(200, Fields::new(&[("cache-control", &said)]), later);
        let usability = kept.usability(&RequestDirectives::of(Fields::new(&asked)), ALLOWANCE, situation);
        prop_assert!(!usability.servable(), "{:?}", usability);
    }

    #[test]
    fn nothing_is_served_that_has_been_stale_for_longer_than_the_page_allows(
        (asked, answered) in (pairs(), pairs()),
        later in 86_500_000..u64::MAX,
        situation in situations(),
    ) {
        let (asked, mut answered) = (borrowed(&asked), borrowed(&answered));
        answered.push(("cache-control", "max-age=1"));
        let kept = kept_head(200, Fields::new(&answered), later);
        let usability = kept.usability(&RequestDirectives::of(Fields::new(&asked)), ALLOWANCE, situation);
        prop_assert!(!usability.servable(), "{:?}", usability);
    }

    #[test]
    fn a_failing_network_makes_no_answer_less_usable(
        (asked, answered) in (pairs(), pairs()),
        later in 0..200_000_000_u64,
    ) {
        let (asked, answered) = (borrowed(&asked), borrowed(&answered));
        let asked = RequestDirectives::of(Fields::new(&asked));
        let kept = kept_head(200, Fields::new(&answered), later);
        let usability = |situation| kept.usability(&asked, ALLOWANCE, situation);
        if usability(Situation::Calm).servable() {
            prop_assert!(usability(Situation::Failing(Reason::Unreachable)).servable());
        }
    }

    #[test]
    fn an_answer_never_gets_more_usable_with_time(
        answered in pairs(),
        (earlier, more) in (0..200_000_000_u64, 0..200_000_000_u64),
        situation in situations(),
    ) {
        let answered = borrowed(&answered);
        let servable = |later| {
            let kept = kept_head(200, Fields::new(&answered), later);
            kept.usability(&RequestDirectives::default(), ALLOWANCE, situation).servable()
        };
        prop_assert!(servable(earlier) || !servable(earlier + more));
    }
}
