//! The rules of freshness beside a second, slow telling of them: straight from the standards, in the plainest way, with nothing shared but
//! the types of the results. Whatever a grammar of odd headers makes up, both say the same.

mod calendar;
mod directives;
mod grammar;
mod rules;

use proptest::prelude::{Strategy, *};

use super::{ALLOWANCE, NOW, borrowed, config};
use crate::http::{
    Age, Allowance, Arrival, Fields, KeptHead, Lifetime, RequestDirectives, ResponseDirectives,
    Situation, Usability, parse_date,
};
use crate::testing::test;
use crate::{Instant, Millis, Reason, Wall};

/// Headers that hit the corners are made up of many parts, so more of them are tried than elsewhere.
fn many() -> ProptestConfig {
    ProptestConfig {
        cases: 512,
        ..config()
    }
}

/// What of an answer is looked at, and when.
#[derive(Clone, Copy, Debug)]
struct Look {
    status: u16,
    /// How long the answer took.
    took: u64,
    /// How much later it is by the calendar, which may have been set back.
    by_wall: i64,
    /// How long the page has lived since; `None`: that was another life.
    lived: Option<u64>,
}

fn looks() -> impl Strategy<Value = Look> {
    let moments = prop_oneof![
        Just(0),
        (0..200_i64).prop_map(|seconds| seconds * 1_000),
        0..200_000_000_i64
    ];
    let drift = prop_oneof![4 => Just(0), 1 => -10_000..10_000_i64, 1 => -100_000_000..1_000_i64];
    let status = prop::sample::select(&[200, 200, 206, 201, 404, 302, 503][..]);
    let took = prop_oneof![Just(0), 0..3_000_u64];
    (status, took, moments, drift, any::<bool>()).prop_map(
        |(status, took, later, drift, same_life)| Look {
            status,
            took,
            by_wall: later + drift,
            lived: same_life.then_some(later as u64),
        },
    )
}

impl Look {
    fn arrival(self, answer: Fields<'_>) -> Arrival {
        let start = Instant::from_millis(7);
        let arrival = Arrival::of(answer, Millis(self.took), NOW, start);
        Arrival {
            instant: self.lived.map(|_| start),
            ..arrival
        }
    }

    fn age(self, answer: Fields<'_>) -> Age {
        let wall = Wall(NOW.0.saturating_add_signed(self.by_wall));
        let now = Instant::from_millis(7 + self.lived.unwrap_or(99));
        self.arrival(answer).age(wall, now)
    }
}

/// What the shipped rules say, and what the plain ones do.
fn both(
    request: &[(&str, &str)],
    answer: &[(&str, &str)],
    look: Look,
    while_revalidating: u64,
    failing: bool,
) -> (Usability, Usability) {
    let fields = Fields::new(answer);
    let kept = KeptHead {
        age: look.age(fields),
        lifetime: Lifetime::of(look.status, fields, NOW),
        said: ResponseDirectives::of(fields),
    };
    let situation = if failing {
        Situation::Failing(Reason::Unreachable)
    } else {
        Situation::Calm
    };
    let allowance = Allowance {
        while_revalidating: Millis(while_revalidating),
        ..ALLOWANCE
    };
    let asked = RequestDirectives::of(Fields::new(request));
    let shipped = kept.usability(&asked, allowance, situation);
    let plain = rules::usability(request, answer, look, allowance, failing);
    (shipped, plain)
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn a_date_is_the_one_that_counting_days_gives(text in grammar::date()) {
        let slow = calendar::date(&text, NOW.0).map(Wall);
        prop_assert_eq!(parse_date(&text, NOW), slow);
    }

    #[test]
    fn the_lifetime_is_the_standards(answer in grammar::answer(), look in looks()) {
        let answer = borrowed(&answer);
        let shipped = Lifetime::of(look.status, Fields::new(&answer), NOW);
        let (length, heuristic) = rules::lifetime(look.status, &answer, NOW.0);
        prop_assert_eq!(shipped, Lifetime { length: Millis(length), heuristic });
    }

    #[test]
    fn the_age_is_the_standards(answer in grammar::answer(), look in looks()) {
        let answer = borrowed(&answer);
        let shipped = look.age(Fields::new(&answer));
        prop_assert_eq!(shipped, rules::age(&answer, look));
    }

    #[test]
    fn what_may_be_served_and_how_is_the_standards(
        (request, answer) in (grammar::request(), grammar::answer()),
        look in looks(),
        failing in any::<bool>(),
        while_revalidating in prop::sample::select(&[0, 0, 10_000][..]),
    ) {
        let (request, answer) = (borrowed(&request), borrowed(&answer));
        let (shipped, plain) = both(&request, &answer, look, while_revalidating, failing);
        prop_assert_eq!(shipped, plain);
    }

    #[test]
    fn so_it_is_in_the_very_second_in_which_something_ends(
        asked in "(max-age|min-fresh|max-stale|stale-if-error)=[0-9](, ?(max-age|min-fresh|max-stale)=[0-9])?",
        said in "max-age=[0-9](, ?(stale-while-revalidate|stale-if-error)=[0-9]){0,2}(, ?(must-revalidate|immutable))?",
        (seconds, odd) in (0..20_i64, 0..2_i64),
        failing in any::<bool>(),
    ) {
        let by_wall = seconds * 1_000 + odd;
        let look = Look { status: 200, took: 0, by_wall, lived: Some(by_wall as u64) };
        let line = |text| [("cache-control", text)];
        let (shipped, plain) = both(&line(asked.as_str()), &line(said.as_str()), look, 0, failing);
        prop_assert_eq!(shipped, plain);
    }
}
