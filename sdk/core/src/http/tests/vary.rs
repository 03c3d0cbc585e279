use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::http::tests::{borrowed, config, pairs};
use crate::testing::test;

/// Whether what one request got may be given to another.
fn shared(vary: &[&str], one: &[(&str, &str)], other: &[(&str, &str)]) -> bool {
    let answer: Vec<_> = vary.iter().map(|value| ("Vary", *value)).collect();
    Selecting::of(Fields::new(&answer), Fields::new(one), &[])
        .is_some_and(|selecting| selecting.matches(Fields::new(other)))
}

#[test]
fn only_a_request_that_says_the_same_gets_the_answer() {
    assert!(shared(&["Foo"], &[("Foo", "1")], &[("foo", "1")]));
    assert!(!shared(&["Foo"], &[("Foo", "1")], &[("Foo", "2")]));
    assert!(!shared(&["Foo"], &[("Foo", "1")], &[]));
    assert!(!shared(&["Foo"], &[], &[("Foo", "1")]));
    assert!(shared(&["Foo"], &[], &[]));
    assert!(!shared(&["Foo"], &[("Foo", "")], &[]));
    assert!(!shared(&["Foo"], &[], &[("Foo", "")]));
}

#[test]
fn fields_that_it_does_not_vary_in_do_not_matter() {
    let (one, other) = (
        [("Foo", "1"), ("Other", "2")],
        [("Foo", "1"), ("Other", "3")],
    );
    assert!(shared(&["Foo"], &one, &other));
    assert!(shared(&[], &one, &[]));
}

#[test]
fn every_field_on_every_line_counts() {
    let one = [("Foo", "1"), ("Bar", "abc"), ("Baz", "789")];
    let other = [("Baz", "789"), ("Bar", "abc"), ("Foo", "1")];
    assert!(shared(&["Foo, Bar, Baz"], &one, &other));
    assert!(shared(&["foo", "BAR,baz", "foo"], &one, &other));
    let other = [("Foo", "1"), ("Bar", "abcde"), ("Baz", "789")];
    assert!(!shared(&["Foo, Bar, Baz"], &one, &other));
    assert!(!shared(&["Foo", "Bar, Baz"], &one, &other));
    assert!(!shared(&["Foo, Bar"], &one, &[("Foo", "1")]));
    let omitted = [("Foo", "1"), ("Baz", "789")];
    assert!(shared(&["Foo, Bar, Baz"], &omitted, &omitted));
}

#[test]
fn a_star_anywhere_matches_nothing() {
    let one = [("Foo", "1"), ("Baz", "789")];
    for vary in [
        &["*"][..],
        &["*, *"],
        &["*", "*"],
        &[", *"],
        &["", "*"],
        &["*, Foo"],
        &["Foo, *"],
    ] {
        assert!(!shared(vary, &one, &one), "{vary:?}");
    }
}

#[test]
fn what_is_no_list_of_names_matches_nothing() {
    for vary in ["foo bar", "foo:", "\"foo\"", "foo=1", "föö"] {
        assert!(!shared(&[vary], &[], &[]), "{vary}");
    }
    assert!(shared(&["", " , "], &[], &[]));
}

#[test]
fn what_varies_in_more_than_anybody_sends_varies_in_everything() {
    let names = |count: u32| -> Vec<_> { (0..count).map(|n| alloc::format!("f{n}")).collect() };
    assert!(shared(&[&names(64).join(",")], &[], &[]));
    assert!(!shared(&[&names(65).join(",")], &[], &[]));
}

#[test]
fn white_space_and_lines_make_no_difference() {
    assert!(shared(&["Foo"], &[("Foo", "1,2")], &[("Foo", " 1, 2 ")]));
    let lines = [("Foo", "1"), ("Foo", "2")];
    assert!(shared(&["Foo"], &[("Foo", "1, 2")], &lines));
    assert!(!shared(&["Foo"], &[("Foo", "1, 2")], &[("Foo", "2, 1")]));
    assert!(!shared(&["Foo"], &[("Foo", "a b")], &[("Foo", "ab")]));
    assert!(!shared(&["Foo"], &[("Foo", "a")], &[("Foo", "A")]));
}

#[test]
fn languages_are_compared_without_order_case_and_white_space() {
    let same = |one, other| {
        let (one, other) = ([("Accept-Language", one)], [("accept-language", other)]);
        shared(&["Accept-Language"], &one, &other)
    };
    assert!(same("en, de", "de, en"));
    assert!(same("en, de", "eN, De"));
    assert!(same("en;q=0.5,de", "de , en; q=0.5"));
    assert!(!same("en;q=0.5, de", "en, de"));
    assert!(!same("en", "en-GB"));
}

#[test]
fn types_are_compared_without_order_but_with_case() {
    let same = |one, other| shared(&["Accept"], &[("Accept", one)], &[("accept", other)]);
    assert!(same("text/html, a/b; q=1", "a/b;q=1,text/html"));
    assert!(!same("a/b;v=\"X\"", "a/b;v=\"x\""));
}

#[test]
fn assumed_fields_count_beside_those_that_are_named() {
    let answer = Fields::new(&[("vary", "Foo, Accept")]);
    let request = Fields::new(&[("accept", "a/b")]);
    let selecting = Selecting::of(answer, request, &["accept", "accept-language"]).unwrap();
    assert_eq!(selecting.as_str(), "accept:a/b\naccept-language\nfoo\n");
    assert!(selecting.matches(request));
    assert!(!selecting.matches(Fields::default()));
    assert_eq!(Selecting::from_stored(selecting.as_str().into()), selecting);
}

#[test]
fn of_a_secret_is_kept_whether_there_was_one_and_nothing_else() {
    let answer = Fields::new(&[("Vary", "Authorization, X-Api-Key")]);
    let request = Fields::new(&[("authorization", "Bearer abc")]);
    let selecting = Selecting::of(answer, request, &[]).unwrap();
    assert_eq!(selecting.as_str(), "authorization:\nx-api-key\n");
    // The token was renewed.
    assert!(selecting.matches(Fields::new(&[("Authorization", "Bearer xyz")])));
    assert!(!selecting.matches(Fields::default()));
    let keyed = Fields::new(&[("authorization", "Bearer abc"), ("x-api-key", "1")]);
    assert!(!selecting.matches(keyed));
    let asked = crate::http::Asked {
        method: "GET",
        url: "https://a.example/",
        fields: request,
    };
    let answered = crate::http::Answered {
        status: 200,
        fields: answer,
    };
    let owner = crate::http::may_store(asked, answered);
    assert_eq!(owner, Ok(crate::http::Owner::Identity));
}

#[test]
fn of_several_answers_the_most_recent_that_matches_is_taken() {
    let answer = Fields::new(&[("vary", "foo")]);
    let of = |value| Selecting::of(answer, Fields::new(&[("foo", value)]), &[]).unwrap();
    let (one, two, any) = (of("1"), of("2"), Selecting::default());
    let variants = [
        (&one, Wall(9)),
        (&two, Wall(5)),
        (&any, Wall(3)),
        (&one, Wall(7)),
    ];
    let taken = |value| most_recent(variants, Fields::new(&[("foo", value)]));
    assert_eq!(taken("1"), Some(0));
    assert_eq!(taken("2"), Some(1));
    assert_eq!(taken("3"), Some(2));
    assert_eq!(most_recent([(&one, Wall(9))], Fields::default()), None);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_request_that_got_an_answer_gets_it_again(
        vary in "[a-zA-Z, -]{0,20}",
        request in prop_oneof![pairs(), prop::collection::vec(("[a-cA-C]|accept", "[a-b, \"]{0,6}|.*").prop_map(|(name, value)| (name, value)), 0..6)],
    ) {
        let (answer, request) = ([("Vary", vary.as_str())], borrowed(&request));
        let request = Fields::new(&request);
        if let Some(selecting) = Selecting::of(Fields::new(&answer), request, &["accept"]) {
            prop_assert!(selecting.matches(request), "{:?}", selecting);
        }
    }

    #[test]
    fn two_requests_share_an_answer_exactly_when_their_texts_are_the_same(
        one in prop::collection::vec(("[a-b]", "[x-y, ]{0,3}"), 0..4),
        other in prop::collection::vec(("[a-b]", "[x-y, ]{0,3}"), 0..4),
    ) {
        let answer = Fields::new(&[("vary", "a, b")]);
        let (one, other) = (borrowed(&one), borrowed(&other));
        let (one, other) = (Fields::new(&one), Fields::new(&other));
        let (first, second) = (Selecting::of(answer, one, &[]), Selecting::of(answer, other, &[]));
        prop_assert_eq!(first == second, first.is_some_and(|first| first.matches(other)));
    }
}
