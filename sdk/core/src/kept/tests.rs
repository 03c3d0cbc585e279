mod question;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;

use super::{Kept, Received};
use crate::http::{Answered, Asked, Fields, Owner, Stored, Unstorable};
use crate::testing::test;
use crate::time::{Instant, Millis, Wall};

pub(super) const NOW: Wall = Wall(784_111_777_000);
const LIFE: u64 = 77;

pub(super) fn received() -> Received<'static> {
    Received {
        url: "https://a.example/items",
        redirected: false,
        status_text: "OK",
        cross_origin: false,
        took: Millis(20),
        wall: NOW,
        now: Instant::from_millis(5_000),
    }
}

pub(super) fn asked<'a>(fields: &'a [(&'a str, &'a str)]) -> Asked<'a> {
    Asked {
        method: "GET",
        url: "https://a.example/items",
        fields: Fields::new(fields),
    }
}

pub(super) fn kept(status: u16, fields: &[(&str, &str)]) -> Kept {
    let answered = Answered {
        status,
        fields: Fields::new(fields),
    };
    Kept::of(asked(&[]), answered, received()).unwrap().0
}

#[test]
fn an_answer_with_credentials_is_its_askers_alone() {
    let answered = Answered {
        status: 200,
        fields: Fields::new(&[("Set-Cookie", "a=b"), ("ETag", "\"1\"")]),
    };
    let asked = asked(&[("Authorization", "Bearer secret")]);
    let (kept, owner) = Kept::of(asked, answered, received()).unwrap();
    assert_eq!(owner, Owner::Identity);
    assert_eq!(kept.pairs(), [("ETag", "\"1\"")]);
    assert!(!kept.to_text(LIFE).contains("secret"));
}

#[test]
fn what_may_not_be_kept_says_why() {
    let answered = Answered {
        status: 200,
        fields: Fields::new(&[("Vary", "*")]),
    };
    let refused = Kept::of(asked(&[]), answered, received());
    assert_eq!(refused, Err(Unstorable::Varies));
}

#[test]
fn a_confirmed_answer_is_young_again() {
    let old = kept(200, &[("Age", "500"), ("ETag", "\"1\""), ("X-A", "1")]);
    let later = Received {
        wall: Wall(NOW.0 + 60_000),
        now: Instant::from_millis(65_000),
        ..received()
    };
    let young = old.confirmed(Fields::new(&[("x-a", "2")]), later);
    assert_eq!(young.pairs(), [("ETag", "\"1\""), ("x-a", "2")]);
    assert_eq!(old.age(later.wall, later.now).millis, Millis(560_020));
    assert_eq!(young.age(later.wall, later.now).millis, Millis(20));
}

#[test]
fn a_part_and_its_rest_are_a_whole_if_their_tag_is_the_same() {
    let part = kept(
        206,
        &[
            ("Content-Range", "bytes 0-4/10"),
            ("ETag", "\"1\""),
            ("Cache-Control", "max-age=9"),
        ],
    );
    assert_eq!(part.rest().as_deref(), Some("bytes=5-"));
    let rest = [("content-range", "bytes 5-9/10"), ("etag", "\"1\"")];
    let whole = part.completed(Fields::new(&rest), 5).unwrap();
    assert_eq!((whole.status, whole.part), (200, None));
    assert_eq!(
        whole.pairs(),
        [("ETag", "\"1\""), ("Cache-Control", "max-age=9")]
    );
    for other in [("etag", "\"2\""), ("etag", "W/\"1\"")] {
        let rest = [("content-range", "bytes 5-9/10"), other];
        assert_eq!(part.completed(Fields::new(&rest), 5), None);
    }
    for range in ["bytes 6-9/10", "bytes 5-8/10", "bytes 5-9/*"] {
        let rest = [("content-range", range), ("etag", "\"1\"")];
        assert_eq!(part.completed(Fields::new(&rest), 5), None, "{range}");
    }
}

#[test]
fn a_rest_that_is_not_as_long_as_it_says_completes_nothing() {
    let fields = [("Content-Range", "bytes 0-4/10"), ("ETag", "\"1\"")];
    let rest = [("content-range", "bytes 5-9/10"), ("etag", "\"1\"")];
    assert_eq!(kept(206, &fields).completed(Fields::new(&rest), 4), None);
}

#[test]
fn a_part_is_kept_with_a_body_of_its_length_only() {
    let fields = [("Content-Range", "bytes 0-4/10"), ("Content-Length", "4")];
    let part = kept(206, &fields);
    assert_eq!(part.clone().with_body(5), Some(part.clone()));
    assert_eq!(part.with_body(4), None);
    let whole = kept(200, &[("Content-Length", "9")]);
    assert_eq!(whole.clone().with_body(5), Some(whole));
}

#[test]
fn a_part_whose_server_counts_from_one_ends_where_its_body_ends() {
    let fields = [("Content-Range", "bytes 4-9/10"), ("Content-Length", "5")];
    let part = kept(206, &fields).with_body(5).unwrap().part.unwrap();
    assert_eq!((part.first, part.length, part.complete), (4, 5, Some(9)));
}

#[test]
fn another_life_of_the_page_knows_the_calendar_only() {
    let text = kept(200, &[]).to_text(LIFE);
    assert!(
        Kept::from_text(&text, LIFE)
            .unwrap()
            .arrival
            .instant
            .is_some()
    );
    assert_eq!(Kept::from_text(&text, 78).unwrap().arrival.instant, None);
}

#[test]
fn a_later_release_may_add_a_line() {
    let text = kept(200, &[]).to_text(LIFE);
    let (_, rest) = text.split_once('\n').unwrap();
    let longer = ["colour blue\n", rest].concat();
    let text = alloc::format!("tidegate 1 {:016x}\n{longer}", super::text::sum(&longer));
    assert!(Kept::from_text(&text, LIFE).is_some());
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,20}", "[a-z]{1,8}", "\\PC{0,8}"]
}

prop_compose! {
    fn any_kept()(
        url in line(), words in line(), status in 200_u16..600, redirected: bool,
        names in prop::collection::vec("[a-zA-Z-]{1,12}", 0..6), value in line(), tags in prop::collection::vec("[a-z ]{1,6}", 0..3),
        part in prop::option::of((0_u64..100, 1_u64..100, prop::option::of(100_u64..300))), took in 0_u64..10_000,
    ) -> Kept {
        let mut all = kept(200, &[("vary", "accept-language, x-b")]);
        all.url = url;
        all.status_text = words;
        all.status = status;
        all.redirected = redirected;
        all.fields = names.into_iter().map(|name| (name, value.clone())).collect::<Vec<_>>();
        all.tags = tags;
        all.part = part.map(|(first, length, complete)| Stored { first, length, complete });
        all.arrival.initial.millis = Millis(took);
        all
    }
}

proptest! {
    #[test]
    fn what_is_stored_is_what_was_kept(kept in any_kept()) {
        prop_assert_eq!(Kept::from_text(&kept.to_text(LIFE), LIFE), Some(kept));
    }

    #[test]
    fn a_change_of_any_byte_is_seen(kept in any_kept(), at: prop::sample::Index, letter in "[a-z0-9\n]") {
        let text = kept.to_text(LIFE);
        let mut bytes = text.clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = letter.as_bytes()[0];
        let other = String::from_utf8_lossy(&bytes).to_string();
        prop_assume!(other != text);
        // A digit of the sum may be written in either case.
        prop_assert_eq!(Kept::from_text(&other, LIFE), None);
    }

    #[test]
    fn nothing_that_is_read_panics(text in "\\PC*", sum: u64) {
        let _ = Kept::from_text(&text, LIFE);
        let _ = Kept::from_text(&alloc::format!("tidegate 1 {sum:016x}\n{text}"), LIFE);
        let _ = Kept::from_text(&alloc::format!("tidegate 1 {:016x}\n{text}", super::text::sum(&text)), LIFE);
    }
}
