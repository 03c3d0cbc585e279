use alloc::string::ToString;
use alloc::vec::Vec;

use super::{NOW, kept, received};
use crate::http::{Answered, Cut, Fields, Stored};
use crate::kept::{
    CacheMode, Choice, Kept, Place, Question, Received, Rulebook, Rules, Share, StrategyName,
};
use crate::settings::CacheSettings;
use crate::testing::test;
use crate::{Found, Instant, Lookup, Millis, Reason, Wall};

fn question(strategy: StrategyName, fields: &[(&str, &str)], mode: CacheMode) -> Question {
    let fields = fields.iter().map(|(n, v)| (n.to_string(), v.to_string()));
    let rules = Rules {
        strategy: Some(strategy),
        ..Rules::default()
    };
    Question::of(fields.collect(), mode, rules, &CacheSettings::default())
}

fn by(strategy: StrategyName) -> Question {
    question(strategy, &[], CacheMode::Default)
}

/// So many seconds after it was kept.
fn after(seconds: u64) -> (Wall, Instant) {
    (
        Wall(NOW.0 + seconds * 1_000),
        received().now + Millis(seconds * 1_000),
    )
}

fn looked(question: &Question, kept: &Kept, seconds: u64) -> Found {
    let (wall, now) = after(seconds);
    question.look(kept, wall, now)
}

fn is_hit(found: Found) -> bool {
    matches!(found, Found::Hit { .. })
}

#[test]
fn a_cache_by_the_standard_serves_what_is_fresh_and_asks_for_the_rest() {
    let minute = kept(200, &[("cache-control", "max-age=60")]);
    let standard = by(StrategyName::StaleIfError);
    assert_eq!(standard.lookup(), Lookup::First);
    assert!(matches!(
        looked(&standard, &minute, 59),
        Found::Hit { fresh: true, .. }
    ));
    assert_eq!(looked(&standard, &minute, 61), Found::Miss);
    let (wall, now) = after(61);
    assert!(is_hit(standard.fallback(
        &minute,
        Reason::Timeout,
        wall,
        now
    )));
}

#[test]
fn a_copy_that_is_renewed_unseen_is_served_first() {
    let minute = kept(200, &[("cache-control", "max-age=60")]);
    let found = looked(&by(StrategyName::StaleWhileRevalidate), &minute, 61);
    assert!(
        matches!(
            found,
            Found::Renew {
                age: Millis(61_020)
            }
        ),
        "{found:?}"
    );
}

#[test]
fn what_is_kept_comes_first_where_it_is_preferred_however_stale() {
    let found = looked(&by(StrategyName::CacheFirst), &kept(200, &[]), 3_600);
    assert!(
        matches!(found, Found::Hit { fresh: false, .. }),
        "{found:?}"
    );
}

#[test]
fn nothing_is_served_past_what_the_route_allows() {
    let old = kept(200, &[("cache-control", "max-age=60")]);
    let mut question = by(StrategyName::NetworkFirst);
    let (wall, now) = after(120);
    assert!(is_hit(question.fallback(&old, Reason::Status, wall, now)));
    let rules = Rules {
        stale: Some(Millis(30_000)),
        ..Rules::default()
    };
    question = Question::of(
        Vec::new(),
        CacheMode::Default,
        rules,
        &CacheSettings::default(),
    );
    assert_eq!(
        question.fallback(&old, Reason::Status, wall, now),
        Found::Miss
    );
}

#[test]
fn the_server_may_forbid_what_the_strategy_would_serve() {
    for said in [
        "no-cache",
        "max-age=60, must-revalidate",
        "max-age=60, stale-if-error=5",
    ] {
        let kept = kept(200, &[("cache-control", said)]);
        let (wall, now) = after(120);
        let question = by(StrategyName::NetworkFirst);
        assert_eq!(
            question.fallback(&kept, Reason::Status, wall, now),
            Found::Miss,
            "{said}"
        );
    }
}

#[test]
fn a_request_has_a_say_of_its_own() {
    let fresh = kept(200, &[("cache-control", "max-age=60")]);
    let ask = |mode| question(StrategyName::NetworkFirst, &[], mode);
    assert_eq!(ask(CacheMode::ForceCache).lookup(), Lookup::First);
    assert!(is_hit(looked(&ask(CacheMode::ForceCache), &fresh, 600)));
    assert_eq!(ask(CacheMode::OnlyIfCached).lookup(), Lookup::Only);
    assert_eq!(ask(CacheMode::Reload).lookup(), Lookup::Never);
    assert!(ask(CacheMode::Reload).stores());
    assert_eq!(ask(CacheMode::NoStore).lookup(), Lookup::Never);
    assert!(!ask(CacheMode::NoStore).stores());
    let standard = question(StrategyName::StaleIfError, &[], CacheMode::NoCache);
    assert_eq!(looked(&standard, &fresh, 1), Found::Miss);
    let (wall, now) = after(1);
    assert!(is_hit(standard.fallback(
        &fresh,
        Reason::Unreachable,
        wall,
        now
    )));
    let field = question(
        StrategyName::NetworkFirst,
        &[("Cache-Control", "no-store")],
        CacheMode::Default,
    );
    assert_eq!((field.lookup(), field.stores()), (Lookup::Never, false));
}

fn varied(language: &str, at: u64) -> Kept {
    let fields = [("accept-language", language)];
    let asked = super::asked(&fields);
    let answered = Answered {
        status: 200,
        fields: Fields::new(&[("vary", "accept-language")]),
    };
    Kept::of(
        asked,
        answered,
        Received {
            wall: Wall(NOW.0 + at),
            ..received()
        },
    )
    .unwrap()
    .0
}

#[test]
fn the_most_recent_that_matches_is_chosen() {
    let copies = [
        varied("de", 1),
        varied("en", 2),
        varied("de", 3),
        varied("fr", 9),
    ];
    let copies: Vec<_> = copies.iter().map(|kept| (kept, 5)).collect();
    let german = question(
        StrategyName::CacheFirst,
        &[("Accept-Language", "de")],
        CacheMode::Default,
    );
    assert_eq!(
        german.choose(&copies, NOW),
        Some(Choice {
            index: 2,
            share: Share::Whole
        })
    );
    assert_eq!(by(StrategyName::CacheFirst).choose(&copies, NOW), None);
}

#[test]
fn a_range_is_cut_from_what_has_it() {
    let whole = kept(200, &[("etag", "\"1\"")]);
    let part = kept(
        206,
        &[
            ("content-range", "bytes 10-19/100"),
            ("cache-control", "max-age=9"),
        ],
    );
    let copies = [(&whole, 15), (&part, 10)];
    let of = |range| {
        question(
            StrategyName::CacheFirst,
            &[("Range", range)],
            CacheMode::Default,
        )
        .choose(&copies, NOW)
    };
    let cut = |first, last, stored| {
        Some(Share::Cut {
            cut: Cut::Part { first, last },
            stored,
        })
    };
    assert_eq!(
        of("bytes=2-4").map(|it| it.share),
        cut(2, 4, Stored::whole(15))
    );
    let stored = Stored {
        first: 10,
        length: 10,
        complete: Some(100),
    };
    assert_eq!(of("bytes=16-18").map(|it| it.share), cut(16, 18, stored));
    let other = [("Range", "bytes=2-4"), ("If-Range", "\"2\"")];
    let other = question(StrategyName::CacheFirst, &other, CacheMode::Default);
    assert_eq!(
        other.choose(&copies, NOW).map(|it| it.share),
        Some(Share::Whole)
    );
}

#[test]
fn a_part_that_lacks_its_end_is_better_than_nothing() {
    let part = kept(
        206,
        &[
            ("content-range", "bytes 0-9/100"),
            ("cache-control", "max-age=9"),
        ],
    );
    let middle = kept(
        206,
        &[
            ("content-range", "bytes 3-9/100"),
            ("cache-control", "max-age=9"),
        ],
    );
    let whole = kept(200, &[]);
    let choose = |copies: &[(&Kept, u64)]| by(StrategyName::StaleIfError).choose(copies, NOW);
    assert_eq!(
        choose(&[(&part, 10)]),
        Some(Choice {
            index: 0,
            share: Share::Begun
        })
    );
    assert_eq!(choose(&[(&middle, 7)]), None);
    assert_eq!(
        choose(&[(&whole, 9), (&part, 10)]).map(|it| it.share),
        Some(Share::Whole)
    );
    assert_eq!(
        choose(&[(&part, 10), (&whole, 9)]).map(|it| it.share),
        Some(Share::Whole)
    );
}

#[test]
fn that_a_server_heeds_keys_is_said_for_a_route() {
    let mut book = Rulebook::default();
    let said = |book: &Rulebook| book.of("https://a.example/api/7").idempotent;
    assert_eq!(said(&book), None);
    let place = Place::new("/api/*").unwrap();
    book.add(place, Rules::new().with_idempotent(true));
    assert_eq!(said(&book), Some(true));
}

#[test]
fn later_rules_win_wish_by_wish_and_tags_add_up() {
    let mut book = Rulebook::default();
    let rules = |strategy, patience: Option<u64>, tag: &str| Rules {
        strategy,
        patience: patience.map(Millis),
        tags: Vec::from([tag.to_string()]),
        ..Rules::default()
    };
    book.add(
        Place::new("*").unwrap(),
        rules(Some(StrategyName::CacheFirst), Some(7), "all"),
    );
    book.add(
        Place::new("/items/*").unwrap(),
        rules(None, Some(9), "items"),
    );
    book.add(
        Place::new("https://b.example/*").unwrap(),
        rules(Some(StrategyName::NetworkOnly), None, "b"),
    );
    let of = book.of("https://a.example/items/7?x=/other");
    assert_eq!(
        (of.strategy, of.patience),
        (Some(StrategyName::CacheFirst), Some(Millis(9)))
    );
    assert_eq!(of.tags, ["all", "items"]);
    assert_eq!(
        book.of("https://b.example/").strategy,
        Some(StrategyName::NetworkOnly)
    );
    book.add(Place::new("*").unwrap(), Rules::default());
    assert_eq!(book.of("https://a.example/").strategy, None);
}

#[test]
fn a_developer_may_serve_what_the_server_wants_confirmed_when_it_cannot() {
    let kept = kept(200, &[("cache-control", "max-age=0, must-revalidate")]);
    let (wall, now) = after(60);
    let strict = by(StrategyName::NetworkFirst);
    assert!(strict.is_forbidden(&kept, Reason::Status, wall, now));
    let rules = Rules::new().with_unconfirmed(true);
    let settings = CacheSettings::default();
    let lax = Question::of(Vec::new(), CacheMode::Default, rules, &settings);
    assert!(is_hit(lax.fallback(&kept, Reason::Status, wall, now)));
    assert!(!lax.is_forbidden(&kept, Reason::Status, wall, now));
    // While the server can be asked, it is.
    let standard = Question::of(
        Vec::new(),
        CacheMode::Default,
        Rules::new()
            .with_unconfirmed(true)
            .with_strategy(StrategyName::StaleIfError),
        &settings,
    );
    assert_eq!(standard.look(&kept, wall, now), Found::Miss);
}
