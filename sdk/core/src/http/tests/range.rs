use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::http::tests::{NOW, ago, config};
use crate::testing::test;

const WHOLE: Stored = Stored::whole(11);

fn part(first: u64, last: u64) -> Option<Cut> {
    Some(Cut::Part { first, last })
}

fn stored(content_range: &str) -> Option<Stored> {
    Stored::of_part(Fields::new(&[("Content-Range", content_range)]))
}

#[test]
fn one_range_is_cut_from_a_whole_body() {
    assert_eq!(WHOLE.cut("bytes=0-1"), part(0, 1));
    assert_eq!(WHOLE.cut("bytes=1-"), part(1, 10));
    assert_eq!(WHOLE.cut("bytes=-1"), part(10, 10));
    assert_eq!(WHOLE.cut("bytes=5-5"), part(5, 5));
    assert_eq!(WHOLE.cut(" Bytes= 0-10 "), part(0, 10));
}

#[test]
fn a_range_that_goes_past_the_end_is_cut_short() {
    assert_eq!(WHOLE.cut("bytes=5-99999999999999999999999"), part(5, 10));
    assert_eq!(WHOLE.cut("bytes=-99999999999999999999999"), part(0, 10));
}

#[test]
fn a_range_that_begins_past_the_end_cannot_be_satisfied() {
    for range in [
        "bytes=11-",
        "bytes=11-12",
        "bytes=99999999999999999999999-",
        "bytes=-0",
    ] {
        assert_eq!(WHOLE.cut(range), Some(Cut::Unsatisfiable), "{range}");
    }
    assert_eq!(Stored::whole(0).cut("bytes=0-"), Some(Cut::Unsatisfiable));
}

#[test]
fn of_nothing_a_suffix_is_nothing_to_cut() {
    assert_eq!(Stored::whole(0).cut("bytes=-5"), None);
}

#[test]
fn several_ranges_other_units_and_nonsense_are_not_cut() {
    for range in [
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=3-2",
        "bytes=20-5",
        "bytes=0-1,3-4",
        "bytes=0-1, -1",
        "bytes=0--1",
        "bytes=+0-1",
        "bytes=0 - 1",
        "bytes 0-1",
        "bytes =0-1",
        "lines=0-1",
        "=0-1",
        "bytes=1",
    ] {
        assert_eq!(WHOLE.cut(range), None, "{range}");
    }
}

#[test]
fn a_part_serves_what_lies_within_it() {
    let kept = stored("bytes 4-9/10").unwrap();
    assert_eq!(kept.cut("bytes=6-8"), part(6, 8));
    assert_eq!(kept.cut("bytes=6-"), part(6, 9));
    assert_eq!(kept.cut("bytes=-5"), part(5, 9));
    assert_eq!(kept.cut("bytes=-6"), part(4, 9));
    assert_eq!(kept.cut("bytes=6-99"), part(6, 9));
    assert_eq!(kept.cut("bytes=3-8"), None);
    assert_eq!(kept.cut("bytes=-7"), None);
    assert_eq!(kept.cut("bytes=10-"), Some(Cut::Unsatisfiable));
    let kept = stored("bytes 0-4/10").unwrap();
    assert_eq!(kept.cut("bytes=0-"), None);
    assert_eq!(kept.cut("bytes=-1"), None);
}

#[test]
fn a_part_of_unknown_length_serves_only_what_names_its_end() {
    let kept = stored("bytes 4-9/*").unwrap();
    assert_eq!(kept.cut("bytes=4-9"), part(4, 9));
    for range in ["bytes=4-", "bytes=-1", "bytes=4-10", "bytes=99-100"] {
        assert_eq!(kept.cut(range), None, "{range}");
    }
}

#[test]
fn what_says_no_one_possible_range_is_no_part() {
    assert_eq!(
        stored("BYTES 0-4/5"),
        Some(Stored {
            first: 0,
            length: 5,
            complete: Some(5)
        })
    );
    for text in [
        "",
        "bytes",
        "bytes */5",
        "bytes 0-4",
        "bytes 4-0/5",
        "bytes 0-5/5",
        "bytes 0-x/5",
        "bytes 0-4/x",
        "lines 0-4/5",
        "bytes 0-18446744073709551615/*",
    ] {
        assert_eq!(stored(text), None, "{text}");
    }
}

fn with_body(said: Stored, bytes: u64, told: Option<u64>) -> Option<Stored> {
    let told = told.map(|told| told.to_string());
    let field = told.as_deref().map(|told| ("Content-Length", told));
    said.with_body(bytes, Fields::new(field.as_slice()))
}

#[test]
fn a_part_that_says_it_is_the_end_and_came_as_it_was_sent_ends_where_its_body_does() {
    let said = stored("bytes 4-9/10").unwrap();
    let counted = with_body(said, 5, Some(5)).unwrap();
    assert_eq!(counted.cut("bytes=-5"), part(4, 8));
    assert_eq!(counted.cut("bytes=6-8"), part(6, 8));
    assert_eq!(counted.cut("bytes=6-"), part(6, 8));
    assert_eq!(counted.cut("bytes=9-"), Some(Cut::Unsatisfiable));
}

#[test]
fn a_part_of_another_length_than_it_says_is_none() {
    let said = stored("bytes 4-9/10").unwrap();
    assert_eq!(with_body(said, 6, Some(5)), Some(said));
    for (bytes, told) in [
        (5, None),
        (5, Some(6)),
        (4, Some(4)),
        (7, Some(7)),
        (0, Some(0)),
    ] {
        assert_eq!(with_body(said, bytes, told), None, "{bytes}");
    }
    for before_the_end in ["bytes 4-9/11", "bytes 4-9/*"] {
        let said = stored(before_the_end).unwrap();
        assert_eq!(with_body(said, 5, Some(5)), None, "{before_the_end}");
    }
}

#[test]
fn what_is_missing_behind_a_part_can_be_asked_for() {
    let rest = |text| stored(text).and_then(Stored::rest);
    assert_eq!(rest("bytes 0-4/10").as_deref(), Some("bytes=5-"));
    assert_eq!(rest("bytes 0-4/*").as_deref(), Some("bytes=5-"));
    assert_eq!(rest("bytes 4-9/10"), None);
    assert_eq!(rest("bytes 0-9/10"), None);
    assert_eq!(Stored::whole(0).rest(), None);
}

#[test]
fn the_content_range_says_what_was_cut() {
    let cut = Cut::Part { first: 4, last: 9 };
    assert_eq!(cut.content_range(Some(10)), "bytes 4-9/10");
    assert_eq!(cut.content_range(None), "bytes 4-9/*");
    assert_eq!(Cut::Unsatisfiable.content_range(Some(11)), "bytes */11");
}

#[test]
fn a_tag_that_is_a_condition_must_be_strong_and_the_same() {
    let holds = |condition, tag| if_range_holds(condition, Fields::new(&[("ETag", tag)]), NOW);
    assert!(holds("\"a\"", "\"a\"") && holds(" \"a\" ", "\"a\""));
    assert!(!holds("\"a\"", "\"b\"") && !holds("\"a\"", "W/\"a\""));
    assert!(!holds("W/\"a\"", "W/\"a\"") && !holds("a", "a") && !holds("", ""));
    assert!(!if_range_holds("\"a\"", Fields::default(), NOW));
}

#[test]
fn a_date_that_is_a_condition_must_be_that_of_a_body_that_had_settled() {
    let (changed, later, settled) = (ago(100), ago(50), ago(99));
    let holds = |condition: &str, date: &str| {
        let kept = [("Last-Modified", changed.as_str()), ("Date", date)];
        if_range_holds(condition, Fields::new(&kept), NOW)
    };
    assert!(holds(&changed, &later) && holds(&changed, &settled));
    assert!(!holds(&changed, &changed), "changed within the second");
    assert!(!holds(&later, &later) && !holds(&changed, "x") && !holds("x", &later));
    assert!(!if_range_holds(
        &changed,
        Fields::new(&[("Last-Modified", &changed)]),
        NOW
    ));
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_range_cut_from_a_whole_body_is_the_one_that_was_asked_for(length in 1..40_u64, first in 0..50_u64, more in 0..50_u64) {
        let body: Vec<u64> = (0..length).collect();
        let expected: Vec<u64> = (first..=first + more).filter(|byte| *byte < length).collect();
        match Stored::whole(length).cut(&alloc::format!("bytes={first}-{}", first + more)) {
            Some(Cut::Part { first, last }) => prop_assert_eq!(&body[first as usize..=last as usize], &expected[..]),
            Some(Cut::Unsatisfiable) => prop_assert!(expected.is_empty()),
            None => prop_assert!(false),
        }
    }

    #[test]
    fn a_cut_lies_within_what_is_kept(
        (first, length) in any::<(u64, u64)>(),
        complete in any::<Option<u64>>(),
        range in "bytes=[0-9]{0,21}-[0-9]{0,21}",
    ) {
        let stored = Stored { first, length, complete };
        if let Some(Cut::Part { first: from, last }) = stored.cut(&range) {
            prop_assert!(first <= from && from <= last && last - first < length);
        }
    }

    #[test]
    fn a_part_has_the_bytes_of_its_body_and_no_more(
        (first, length) in any::<(u64, u64)>(),
        (complete, told) in any::<(Option<u64>, Option<u64>)>(),
        bytes: u64,
    ) {
        let said = Stored { first, length, complete };
        prop_assert!(with_body(said, bytes, told).is_none_or(|part| part.first == first && part.length == bytes));
    }

    #[test]
    fn what_a_part_serves_is_what_the_whole_would(
        (first, length, behind) in (0..20_u64, 1..20_u64, 0..20_u64),
        range in "bytes=[0-9]{0,2}-[0-9]{0,2}",
    ) {
        let complete = first + length + behind;
        let stored = Stored { first, length, complete: Some(complete) };
        if let Some(cut) = stored.cut(&range) {
            prop_assert_eq!(Some(cut), Stored::whole(complete).cut(&range));
        }
    }

    #[test]
    fn a_content_range_is_read_as_it_is_written(first in 0..1_000_u64, more in 0..1_000_u64, behind in prop::option::of(1..1_000_u64)) {
        let (last, complete) = (first + more, behind.map(|behind| first + more + behind));
        let written = Cut::Part { first, last }.content_range(complete);
        prop_assert_eq!(stored(&written), Some(Stored { first, length: more + 1, complete }));
    }
}
