//! What is usual, and what is late: the running median of a route.

use alloc::vec::Vec;

use crate::testing::test;
use crate::usual::Usual;
use crate::{Evidence, Millis, Rng};

/// The usual time of a route that has answered so often, in so many milliseconds each time.
fn steady(answers: u32, took: u64) -> Usual {
    let mut usual = Usual::default();
    (0..answers).for_each(|_| usual.add(Millis(took)));
    usual
}

/// The estimate in milliseconds, for medians of 125 to 625 ms: what is late is eight of them.
fn median(usual: Usual) -> u64 {
    usual.late().0 / 8
}

/// The estimates after so many answers of 100 to 500 ms, evenly: their median is 300 ms.
fn estimates(draws: u32) -> Vec<u64> {
    let estimate = |seed| {
        let (mut rng, mut usual) = (Rng::new(seed), Usual::default());
        (0..draws).for_each(|_| usual.add(Millis(100 + rng.below(401))));
        median(usual)
    };
    (0..1_000).map(estimate).collect()
}

#[test]
fn after_two_hundred_answers_it_is_mostly_within_a_quarter_of_the_median() {
    let estimates = estimates(200);
    let near = estimates.iter().filter(|each| (225..=375).contains(*each));
    let mean = estimates.iter().sum::<u64>() / 1_000;
    let share = near.count() / 10;
    assert!(share >= 85, "{share} %");
    assert!((270..=330).contains(&mean), "{mean} ms");
}

#[test]
fn one_answer_of_a_minute_moves_it_by_a_quarter() {
    let mut usual = steady(200, 320);
    usual.add(Millis(60_000));
    assert_eq!(median(usual), 400);
}

#[test]
fn it_follows_a_backend_that_becomes_slower_for_good() {
    let mut usual = steady(200, 200);
    (0..20).for_each(|_| usual.add(Millis(400)));
    assert_eq!(median(usual), 400);
}

#[test]
fn nothing_is_usual_and_nobody_late_before_the_first_answer() {
    let unknown = Usual::default();
    assert_eq!(unknown.late(), Millis(u64::MAX));
    assert_eq!(unknown.compare(Millis(10)), Evidence::Strained);
    assert_eq!(steady(1, 10).compare(Millis(10)), Evidence::Works);
}

#[test]
fn nobody_is_late_within_a_second_nor_within_twice_what_is_usual() {
    for (took, late) in [
        (0, 1_000),
        (10, 1_000),
        (300, 2_400),
        (2_000, 5_000),
        (6_000, 12_000),
        (u64::MAX, 120_000),
    ] {
        assert_eq!(steady(10, took).late(), Millis(late), "{took} ms");
    }
}

#[test]
fn a_quarter_of_it_is_quick_and_three_of_it_are_strained() {
    let usual = steady(10, 400);
    for (took, evidence) in [
        (99, Evidence::Quick),
        (100, Evidence::Works),
        (1_200, Evidence::Works),
        (1_201, Evidence::Strained),
    ] {
        assert_eq!(usual.compare(Millis(took)), evidence, "{took} ms");
    }
}
