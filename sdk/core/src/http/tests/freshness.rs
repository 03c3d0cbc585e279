use super::*;
use crate::http::Fields;
use crate::http::tests::ALLOWANCE;
use crate::testing::test;

const CALM: Situation = Situation::Calm;
const FAILING: [Situation; 5] = [
    Situation::Failing(Reason::CircuitOpen),
    Situation::Failing(Reason::Offline),
    Situation::Failing(Reason::Status),
    Situation::Failing(Reason::Timeout),
    Situation::Failing(Reason::Unreachable),
];
const FRESH: Usability = Usability::Fresh;
const MUST: Usability = Usability::MustRevalidate;

/// A copy that is this many seconds old and says this.
fn kept(seconds: u64, said: &str) -> KeptHead {
    let fields = [("cache-control", said)];
    let fields = Fields::new(&fields);
    KeptHead {
        age: Age {
            millis: Millis::from_secs(seconds),
            doubt: None,
        },
        lifetime: Lifetime::of(200, fields, crate::Wall(0)),
        said: ResponseDirectives::of(fields),
    }
}

fn asking(said: &str) -> RequestDirectives {
    RequestDirectives::of(Fields::new(&[("cache-control", said)]))
}

fn stale(seconds: u64) -> Usability {
    Usability::Stale {
        by: Millis::from_secs(seconds),
    }
}

fn calm(seconds: u64, said: &str, asked: &str) -> Usability {
    kept(seconds, said).usability(&asking(asked), ALLOWANCE, CALM)
}

/// The same whatever it is that fails.
fn failing(seconds: u64, said: &str, asked: &str) -> Usability {
    let usability = |situation| kept(seconds, said).usability(&asking(asked), ALLOWANCE, situation);
    let first = usability(FAILING[0]);
    for situation in FAILING {
        assert_eq!(usability(situation), first, "{situation:?}");
    }
    first
}

#[test]
fn a_copy_is_fresh_until_its_lifetime_ends_and_not_at_its_end() {
    assert_eq!(calm(59, "max-age=60", ""), FRESH);
    assert_eq!(calm(60, "max-age=60", ""), MUST);
    assert_eq!(calm(0, "max-age=0", ""), MUST);
    assert_eq!(failing(59, "max-age=60", ""), FRESH);
}

#[test]
fn a_stale_copy_helps_out_whatever_fails() {
    assert_eq!(failing(90, "max-age=60", ""), stale(30));
    assert_eq!(failing(0, "", ""), stale(0));
}

#[test]
fn a_copy_that_is_stale_for_longer_than_the_page_allows_helps_nobody() {
    assert_eq!(failing(86_460, "max-age=60", ""), stale(86_400));
    assert_eq!(failing(86_461, "max-age=60", ""), MUST);
    assert_eq!(
        failing(86_461, "max-age=60, stale-if-error=999999", "max-stale"),
        MUST
    );
}

#[test]
fn the_servers_word_on_errors_shortens_the_pages_allowance() {
    assert_eq!(failing(70, "max-age=60, stale-if-error=10", ""), stale(10));
    assert_eq!(failing(71, "max-age=60, stale-if-error=10", ""), MUST);
    assert_eq!(failing(60, "max-age=60, stale-if-error=0", ""), MUST);
}

#[test]
fn so_does_the_requests() {
    assert_eq!(failing(70, "max-age=60", "stale-if-error=10"), stale(10));
    assert_eq!(failing(71, "max-age=60", "stale-if-error=10"), MUST);
    assert_eq!(
        failing(71, "max-age=60, stale-if-error=10", "stale-if-error=20"),
        MUST
    );
}

#[test]
fn a_window_on_errors_means_nothing_while_nothing_fails() {
    assert_eq!(calm(61, "max-age=60, stale-if-error=10", ""), MUST);
}

#[test]
fn what_may_be_shown_while_it_is_asked_for_is_shown_for_as_long_as_the_server_says() {
    let said = "max-age=60, stale-while-revalidate=30";
    assert_eq!(calm(90, said, ""), stale(30));
    assert_eq!(calm(91, said, ""), MUST);
    // What may be shown while nothing fails may be shown when something does.
    let said = "max-age=60, stale-while-revalidate=30, stale-if-error=0";
    assert_eq!(failing(90, said, ""), stale(30));
}

#[test]
fn the_pages_own_window_counts_where_the_server_says_nothing() {
    let allowance = Allowance {
        while_revalidating: Millis::from_secs(10),
        ..ALLOWANCE
    };
    let usability = |said| kept(65, said).usability(&asking(""), allowance, CALM);
    assert_eq!(usability("max-age=60"), stale(5));
    assert_eq!(usability("max-age=60, stale-while-revalidate=0"), MUST);
    assert_eq!(usability("max-age=60, stale-while-revalidate=4"), MUST);
}

#[test]
fn no_cache_is_never_served_unconfirmed() {
    for said in [
        "no-cache",
        "max-age=10000, no-cache",
        "max-age=10000, immutable, no-cache",
    ] {
        assert_eq!(calm(1, said, "max-stale"), MUST, "{said}");
        assert_eq!(failing(1, said, "max-stale"), MUST, "{said}");
    }
}

#[test]
fn must_revalidate_is_served_while_fresh_and_not_after() {
    let said = "max-age=60, must-revalidate, stale-if-error=999";
    assert_eq!(calm(59, said, ""), FRESH);
    assert_eq!(calm(61, said, "max-stale"), MUST);
    assert_eq!(failing(61, said, "max-stale"), MUST);
    // It was wanted fresher than the server promises, and it is still fresh.
    assert_eq!(failing(30, said, "max-age=10"), stale(20));
}

#[test]
fn a_request_may_want_it_fresher() {
    assert_eq!(calm(1, "max-age=3600", "max-age=0"), MUST);
    assert_eq!(calm(3, "max-age=3600", "max-age=1"), MUST);
    assert_eq!(calm(1_800, "max-age=3600", "max-age=600"), MUST);
    assert_eq!(calm(599, "max-age=3600", "max-age=600"), FRESH);
    assert_eq!(calm(0, "max-age=1500", "min-fresh=2000"), MUST);
    assert_eq!(calm(1_000, "max-age=1500", "min-fresh=1000"), MUST);
    assert_eq!(calm(499, "max-age=1500", "min-fresh=1000"), FRESH);
    let said = "max-age=60, stale-while-revalidate=600";
    assert_eq!(calm(61, said, "max-age=100"), MUST);
    assert_eq!(calm(61, said, "min-fresh=0"), MUST);
}

#[test]
fn a_copy_that_stays_fresh_for_exactly_as_long_as_is_wanted_will_do() {
    assert_eq!(calm(500, "max-age=1500", "min-fresh=1000"), FRESH);
    assert_eq!(calm(501, "max-age=1500", "min-fresh=1000"), MUST);
    assert_eq!(calm(1_500, "max-age=1500", "min-fresh=0"), MUST);
}

#[test]
fn a_request_that_wants_it_fresher_gets_it_stale_when_the_network_fails() {
    assert_eq!(failing(1_800, "max-age=3600", "max-age=600"), stale(1_200));
    assert_eq!(failing(0, "max-age=1500", "min-fresh=2000"), stale(0));
}

#[test]
fn a_request_may_take_it_staler() {
    assert_eq!(calm(1_004, "max-age=4", "max-stale=1000"), stale(1_000));
    assert_eq!(calm(1_005, "max-age=4", "max-stale=1000"), MUST);
    assert_eq!(calm(2_000, "max-age=1500", "max-stale=1000"), stale(500));
    assert_eq!(calm(80_000, "max-age=1", "max-stale"), stale(79_999));
    assert_eq!(calm(15, "max-age=60", "max-age=10, max-stale=5"), stale(5));
    assert_eq!(calm(16, "max-age=60", "max-age=10, max-stale=5"), MUST);
}

#[test]
fn a_request_that_wants_it_confirmed_takes_something_old_when_nobody_can() {
    assert_eq!(calm(1, "max-age=3600", "no-cache"), MUST);
    assert_eq!(failing(5, "max-age=4", "no-cache"), stale(1));
    assert_eq!(failing(5, "max-age=4, must-revalidate", "no-cache"), MUST);
}

#[test]
fn a_reload_does_not_ask_for_what_is_immutable_and_fresh() {
    assert_eq!(calm(1, "max-age=60, immutable", "no-cache"), FRESH);
    assert_eq!(calm(1, "max-age=60, immutable", "max-age=0"), FRESH);
    assert_eq!(calm(61, "max-age=60, immutable", "no-cache"), MUST);
    assert_eq!(calm(61, "max-age=60, immutable", ""), MUST);
}

#[test]
fn no_store_has_no_part_in_it() {
    assert_eq!(calm(1, "max-age=60", "no-store"), Usability::Forbidden);
    assert_eq!(failing(1, "max-age=60", "no-store"), Usability::Forbidden);
    assert_eq!(failing(1, "max-age=60, no-store", ""), Usability::Forbidden);
    assert_eq!(calm(1, "max-age=60, must-understand, no-store", ""), FRESH);
}

#[test]
fn a_copy_of_unknown_age_is_not_fresh_and_helps_out() {
    let mut copy = kept(1, "max-age=60, stale-while-revalidate=60");
    copy.age.doubt = Some(Doubt::Clock);
    let usability = |said, situation| copy.usability(&asking(said), ALLOWANCE, situation);
    assert_eq!(usability("", CALM), MUST);
    assert_eq!(usability("max-stale=99", CALM), MUST);
    assert_eq!(usability("max-stale", CALM), stale(0));
    assert_eq!(usability("", FAILING[0]), stale(0));
    copy.said.must_revalidate = true;
    let usability = copy.usability(&asking(""), ALLOWANCE, FAILING[0]);
    assert_eq!(usability, MUST);
}

#[test]
fn an_age_that_is_only_hidden_leaves_a_copy_fresh() {
    for doubt in [Doubt::Hidden, Doubt::Skewed] {
        let mut copy = kept(1, "max-age=60");
        copy.age.doubt = Some(doubt);
        assert_eq!(copy.usability(&asking(""), ALLOWANCE, CALM), FRESH);
    }
}

#[test]
fn the_statuses_that_count_as_a_failing_network_are_the_breakers() {
    for status in [408, 425, 429, 500, 502, 503, 504, 507, 599] {
        assert_eq!(Situation::after(status), FAILING[2], "{status}");
    }
    for status in [
        0,
        200,
        304,
        400,
        401,
        403,
        404,
        410,
        501,
        505,
        600,
        u16::MAX,
    ] {
        assert_eq!(Situation::after(status), CALM, "{status}");
    }
}
