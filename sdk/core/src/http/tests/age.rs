use proptest::prelude::*;

use super::*;
use crate::http::tests::{NOW, ago, config, written};
use crate::testing::test;

const SOON: Millis = Millis(100);
const START: Instant = Instant::from_millis(1_000);

fn arrival(fields: &[(&str, &str)]) -> Arrival {
    Arrival::of(Fields::new(fields), SOON, NOW, START)
}

fn initial(fields: &[(&str, &str)]) -> u64 {
    arrival(fields).initial.seconds()
}

/// The age after this long by the calendar and this long by the page's own clock.
fn later(arrival: Arrival, wall: i64, lived: u64) -> Age {
    arrival.age(
        Wall(NOW.0.saturating_add_signed(wall)),
        START + Millis(lived),
    )
}

#[test]
fn what_an_answer_took_counts_as_age() {
    let fields = Fields::new(&[("Age", "10")]);
    let arrival = Arrival::of(fields, Millis(2_500), NOW, START);
    assert_eq!(arrival.initial.millis, Millis(12_500));
}

#[test]
fn the_larger_of_date_and_age_counts() {
    let date = ago(60);
    assert_eq!(initial(&[("Date", &date), ("Age", "30")]), 60);
    assert_eq!(initial(&[("Date", &date), ("Age", "90")]), 90);
}

#[test]
fn a_server_whose_clock_is_ahead_makes_no_answer_younger_than_it_says() {
    let date = written(Wall(NOW.0 + 3_600_000));
    assert_eq!(initial(&[("Date", &date), ("Age", "5")]), 5);
}

#[test]
fn the_first_age_counts_on_one_line_or_two() {
    let date = ago(0);
    for (value, expected) in [
        ("7200,0", 7_200),
        ("0,7200", 0),
        ("7200, 7200", 7_200),
        (" 5 , x", 5),
    ] {
        assert_eq!(
            initial(&[("Date", &date), ("Age", value)]),
            expected,
            "{value}"
        );
    }
    let lines = |one, other| initial(&[("Date", &date), ("Age", one), ("Age", other)]);
    assert_eq!(lines("7200", "0"), 7_200);
    assert_eq!(lines("0", "7200"), 0);
}

#[test]
fn an_age_that_is_no_number_is_ignored() {
    let date = ago(0);
    for value in ["abc", "-7200", "7200.0", "7200a", "", ",7200"] {
        assert_eq!(initial(&[("Date", &date), ("Age", value)]), 0, "{value}");
    }
}

#[test]
fn an_age_too_large_to_count_is_cut() {
    assert_eq!(initial(&[("Age", "99999999999999999999")]), 1 << 31);
    let old = later(arrival(&[("Age", "2147483648")]), 5_000, 5_000);
    assert_eq!((old.seconds(), old.certain()), (1 << 31, true));
}

#[test]
fn an_answer_that_shows_neither_date_nor_age_is_of_uncertain_age() {
    let doubt = |name, value| arrival(&[(name, value)]).initial.doubt;
    assert_eq!(doubt("date", "yesterday"), Some(Doubt::Hidden));
    assert_eq!(doubt("age", "1"), None);
    assert_eq!(doubt("date", &ago(2)), None);
}

#[test]
fn an_old_date_without_an_age_is_a_doubt_and_counts_all_the_same() {
    let initial = arrival(&[("date", &ago(3_600))]).initial;
    assert_eq!(
        (initial.seconds(), initial.doubt),
        (3_600, Some(Doubt::Skewed))
    );
}

#[test]
fn while_the_page_lives_its_own_clock_counts() {
    let age = later(arrival(&[("Age", "1")]), 10_000, 10_003);
    assert_eq!((age.millis, age.certain()), (Millis(11_103), true));
}

#[test]
fn a_calendar_that_is_set_back_takes_nothing_from_the_age() {
    let age = later(arrival(&[("Age", "1")]), -86_400_000, 10_000);
    assert_eq!(
        (age.millis, age.doubt),
        (Millis(11_100), Some(Doubt::Clock))
    );
}

#[test]
fn a_machine_that_slept_counts_the_time_of_the_calendar() {
    let age = later(arrival(&[("Age", "0")]), 3_600_000, 10_000);
    assert_eq!((age.seconds(), age.doubt), (3_600, Some(Doubt::Clock)));
}

#[test]
fn in_another_life_the_calendar_counts_and_never_below_zero() {
    let stored = Arrival {
        instant: None,
        ..arrival(&[("Age", "5")])
    };
    let age = later(stored, 60_000, 0);
    assert_eq!((age.seconds(), age.certain()), (65, true));
    let age = later(stored, -1, 0);
    assert_eq!((age.seconds(), age.doubt), (5, Some(Doubt::Clock)));
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn an_age_is_at_least_what_it_was_on_arrival_whatever_the_clocks_do(
        said in "[0-9]{1,12}",
        seconds_ago in 0..10_000_000_u64,
        (wall, micros) in any::<(u64, u64)>(),
        lives in any::<bool>(),
    ) {
        let mut stored = arrival(&[("Age", &said), ("Date", &ago(seconds_ago))]);
        stored.instant = stored.instant.filter(|_| lives);
        let age = stored.age(Wall(wall), Instant::from_micros(micros));
        prop_assert!(age.millis >= stored.initial.millis && age.millis <= LONGEST);
    }

    #[test]
    fn a_page_that_lives_never_sees_an_answer_get_younger(
        steps in prop::collection::vec((0..10_000_u64, -100_000..100_000_i64), 1..20),
    ) {
        let stored = arrival(&[("Age", "3")]);
        let (mut lived, mut least) = (0, Millis::ZERO);
        for (step, jump) in steps {
            lived += step;
            let age = later(stored, lived as i64 + jump, lived);
            prop_assert!(age.millis.0 >= stored.initial.millis.0 + lived);
            // Without a jump, it gets older by exactly what has passed.
            let calm = later(stored, lived as i64, lived);
            prop_assert!(calm.millis >= least && calm.certain());
            least = calm.millis;
        }
    }
}
