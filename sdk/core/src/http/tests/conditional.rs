use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::http::tests::{borrowed, config, pairs};
use crate::testing::test;

const DAY: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const OTHER_DAY: &str = "Mon, 07 Nov 1994 08:49:37 GMT";

/// Which of copies with these fields, each received a second after the one before it, a 304 selects.
fn picks(kept: &[&[(&str, &str)]], answer: &[(&str, &str)]) -> Vec<usize> {
    let kept: Vec<_> = kept
        .iter()
        .enumerate()
        .map(|(index, pairs)| (Fields::new(pairs), Wall(index as u64 * 1_000)))
        .collect();
    selected(&kept, Fields::new(answer))
}

#[test]
fn validators_go_back_as_they_came() {
    for tag in ["\"a\"", "W/\"a\"", "unquoted", "\"\"", "w/\"a\""] {
        assert_eq!(
            conditions(Fields::new(&[("ETag", tag)])),
            [("if-none-match", tag)]
        );
    }
    assert_eq!(
        conditions(Fields::new(&[("Last-Modified", DAY)])),
        [("if-modified-since", DAY)]
    );
}

#[test]
fn without_a_validator_that_can_be_sent_there_are_no_conditions() {
    assert!(conditions(Fields::new(&[("Date", DAY)])).is_empty());
    assert!(conditions(Fields::new(&[("ETag", ""), ("Last-Modified", " ")])).is_empty());
    assert!(conditions(Fields::new(&[("ETag", "\"a\r\nX: y\"")])).is_empty());
}

#[test]
fn one_request_can_ask_for_all_variants_that_have_a_tag() {
    let kept = [
        &[("ETag", "\"a\"")][..],
        &[("ETag", "W/\"b\"")],
        &[("Last-Modified", DAY)],
        &[("ETag", "\"a\"")],
        &[("ETag", "un, quoted")],
        &[("ETag", "\"c\"d\"")],
    ];
    let kept = kept.iter().map(|pairs| Fields::new(pairs));
    assert_eq!(if_none_match(kept).as_deref(), Some("\"a\", W/\"b\""));
    assert_eq!(if_none_match([Fields::default()]), None);
}

#[test]
fn a_callers_own_conditions_are_noticed() {
    for name in [
        "If-None-Match",
        "if-modified-since",
        "If-Match",
        "if-unmodified-since",
        "If-Range",
    ] {
        assert!(is_conditional(Fields::new(&[(name, "x")])), "{name}");
    }
    assert!(!is_conditional(Fields::new(&[("Range", "bytes=0-")])));
}

#[test]
fn across_origins_the_browser_asks_unless_a_preflight_is_known_to_pass() {
    let tagged = Fields::new(&[("ETag", "\"a\"")]);
    let dated = Fields::new(&[("Last-Modified", DAY)]);
    let bare = Fields::default();
    let cases = [
        (tagged, false, false, Revalidation::Conditions),
        (dated, false, true, Revalidation::Conditions),
        (bare, false, false, Revalidation::Plain),
        (tagged, true, true, Revalidation::Conditions),
        (tagged, true, false, Revalidation::Browser),
        (dated, true, false, Revalidation::Browser),
        (bare, true, false, Revalidation::Browser),
        (bare, true, true, Revalidation::Browser),
    ];
    for (kept, cross_origin, preflighted, expected) in cases {
        let way = Revalidation::of(kept, cross_origin, preflighted);
        assert_eq!(way, expected, "{kept:?} {cross_origin} {preflighted}");
    }
}

#[test]
fn every_status_means_something() {
    let cases = [
        (&[200, 203, 204, 206, 299, 301][..], Validated::Replaced),
        (&[304], Validated::Holds),
        (&[401, 403, 404, 410], Validated::Withdrawn),
        (&[412, 416], Validated::Repeat),
        (&[408, 425, 429, 500, 502, 503, 504, 599], Validated::Failed),
        (
            &[0, 100, 400, 402, 409, 422, 501, 505, 600, u16::MAX],
            Validated::Forwarded,
        ),
    ];
    for (statuses, expected) in cases {
        for status in statuses {
            assert_eq!(Validated::by(*status), expected, "{status}");
        }
    }
}

#[test]
fn a_strong_tag_confirms_every_copy_that_has_it_and_no_other() {
    let kept: [&[_]; 4] = [
        &[("ETag", "\"a\"")],
        &[("ETag", "\"b\"")],
        &[("ETag", "\"a\"")],
        &[("ETag", "W/\"a\"")],
    ];
    assert_eq!(picks(&kept, &[("ETag", "\"a\"")]), [0, 2]);
    assert!(picks(&kept, &[("ETag", "\"c\"")]).is_empty());
    assert_eq!(picks(&kept[..1], &[("ETag", "\"a-gzip\"")]), [0]);
}

#[test]
fn a_weak_tag_or_a_date_confirms_the_most_recent_copy_that_has_it() {
    let kept: [&[_]; 3] = [
        &[("ETag", "\"a\""), ("Last-Modified", DAY)],
        &[("ETag", "W/\"a\""), ("Last-Modified", DAY)],
        &[("ETag", "\"b\""), ("Last-Modified", OTHER_DAY)],
    ];
    assert_eq!(picks(&kept, &[("ETag", "W/\"a\"")]), [1]);
    assert_eq!(picks(&kept, &[("Last-Modified", DAY)]), [1]);
    assert!(picks(&kept, &[("ETag", "W/\"c\"")]).is_empty());
    assert_eq!(picks(&kept[..1], &[("ETag", "W/\"a\"")]), [0]);
    let twins = [kept[1], kept[1]];
    assert_eq!(picks(&twins, &[("ETag", "W/\"a\"")]), [1]);
}

#[test]
fn without_a_validator_to_be_seen_it_confirms_the_only_copy_there_is() {
    let kept: [&[_]; 2] = [&[("ETag", "\"a\"")], &[("ETag", "\"b\"")]];
    assert_eq!(picks(&kept[..1], &[]), [0]);
    assert!(picks(&kept, &[]).is_empty());
    assert!(picks(&[], &[]).is_empty());
}

#[test]
fn what_describes_the_body_stays_and_the_rest_is_brought_up_to_date() {
    let kept = [
        ("Content-Type", "text/html"),
        ("Content-Length", "9"),
        ("Content-Encoding", "gzip"),
        ("Cache-Control", "max-age=1"),
        ("X-Frame-Options", "deny"),
        ("X-Kept", "1"),
    ];
    let answer = [
        ("content-type", "text/plain"),
        ("Content-Length", "0"),
        ("Content-Encoding", "br"),
        ("Content-Range", "bytes 0-1/2"),
        ("Content-MD5", "x"),
        ("cache-control", "max-age=60"),
        ("X-Frame-Options", "sameorigin"),
        ("Content-Location", "/b"),
        ("Set-Cookie", "a=b"),
        ("Connection", "x-hop"),
        ("X-Hop", "1"),
    ];
    assert_eq!(
        merged(Fields::new(&kept), Fields::new(&answer)),
        [
            ("Content-Type", "text/html"),
            ("Content-Length", "9"),
            ("Content-Encoding", "gzip"),
            ("X-Kept", "1"),
            ("cache-control", "max-age=60"),
            ("X-Frame-Options", "sameorigin"),
            ("Content-Location", "/b"),
        ]
    );
}

#[test]
fn a_field_that_a_304_forbids_to_serve_unconfirmed_goes() {
    let kept = Fields::new(&[("X-User", "7"), ("X-Other", "1")]);
    let answer = Fields::new(&[("cache-control", "no-cache=\"x-user\"")]);
    let merged = merged(kept, answer);
    assert!(merged.contains(&("X-Other", "1")) && !merged.contains(&("X-User", "7")));
}

#[test]
fn several_lines_take_the_place_of_several_lines() {
    let kept = Fields::new(&[("Link", "a"), ("Link", "b"), ("Link", "c")]);
    let answer = Fields::new(&[("link", "d"), ("link", "e")]);
    assert_eq!(merged(kept, answer), [("link", "d"), ("link", "e")]);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_merge_done_twice_is_done_once((kept, answer) in (pairs(), pairs())) {
        let (kept, answer) = (borrowed(&kept), borrowed(&answer));
        let once = merged(Fields::new(&kept), Fields::new(&answer));
        let twice = merged(Fields::new(&once), Fields::new(&answer));
        prop_assert_eq!(&twice, &once);
    }

    #[test]
    fn a_merge_brings_in_nothing_that_is_never_kept((kept, answer) in (pairs(), pairs())) {
        let (kept, answer) = (borrowed(&kept), borrowed(&answer));
        for (name, _) in merged(Fields::new(&kept), Fields::new(&answer)) {
            prop_assert!(is_kept(Fields::default(), name), "{name}");
        }
    }

    #[test]
    fn a_304_selects_only_copies_that_are_there(copies in prop::collection::vec(pairs(), 0..4), answer in pairs()) {
        let copies: Vec<_> = copies.iter().map(|copy| borrowed(copy)).collect();
        let kept: Vec<_> = copies.iter().map(|copy| (Fields::new(copy), Wall(0))).collect();
        let answer = borrowed(&answer);
        let selected = selected(&kept, Fields::new(&answer));
        prop_assert!(selected.iter().all(|index| *index < kept.len()));
    }
}
