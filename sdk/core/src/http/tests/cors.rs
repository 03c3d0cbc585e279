use super::*;
use crate::http::{Arrival, Doubt, Revalidation};
use crate::testing::test;
use crate::{Instant, Millis, Wall};

/// All that a page sees of an answer whose server exposes nothing.
const BARE: [(&str, &str); 7] = [
    ("cache-control", "max-age=60"),
    ("content-language", "en"),
    ("content-length", "2"),
    ("content-type", "application/json"),
    ("expires", "0"),
    ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
    ("pragma", "no-cache"),
];

#[test]
fn an_answer_without_a_date_is_taken_to_hide_what_a_cache_needs() {
    let bare = Fields::new(&BARE);
    assert!(hides_fields(bare));
    assert_eq!(
        expose_advice(bare).as_deref(),
        Some(
            "Access-Control-Expose-Headers: ETag, Vary, Date, Age, Retry-After, Location, Content-Location, Content-Range"
        )
    );
}

#[test]
fn where_the_date_is_shown_there_is_nothing_to_advise() {
    let shown = Fields::new(&[("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]);
    assert!(!hides_fields(shown));
    assert_eq!(expose_advice(shown), None);
}

#[test]
fn what_no_browser_hides_is_not_advised() {
    for exposed in EXPOSED {
        let hidden = BARE
            .iter()
            .all(|(name, _)| !name.eq_ignore_ascii_case(exposed.name));
        assert!(hidden && !exposed.assumed.is_empty(), "{}", exposed.name);
    }
}

#[test]
fn what_is_assumed_of_a_bare_answer_is_what_the_rules_do() {
    let bare = Fields::new(&BARE);
    let arrival = Arrival::of(bare, Millis(5), Wall(9), Instant::START);
    assert_eq!(arrival.initial.doubt, Some(Doubt::Hidden));
    assert_eq!(Revalidation::of(bare, true, false), Revalidation::Browser);
    assert_eq!(assumed_vary(bare, true), ["accept", "accept-language"]);
}

#[test]
fn a_vary_that_can_be_seen_is_taken_at_its_word() {
    let answer = Fields::new(&[("Vary", "Origin")]);
    assert!(assumed_vary(answer, true).is_empty());
    let dated = Fields::new(&[("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]);
    assert_eq!(assumed_vary(dated, true), ["accept", "accept-language"]);
    assert!(assumed_vary(dated, false).is_empty());
}
