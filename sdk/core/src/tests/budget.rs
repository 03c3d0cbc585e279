//! What retries are paid from: at first, and in the long run.

use super::world::{OK, World, status};
use crate::budget::Budget;
use crate::recovery::Probes;
use crate::testing::test;
use crate::{Instant, Outcome, Rng, Verdict};

const CLIENTS: u64 = 2_000;

fn budget(seed: u64) -> Budget {
    Budget::new(&mut Rng::new(seed))
}

/// How often it pays in a row.
fn payments(mut budget: Budget, dear: bool) -> usize {
    (0..100).take_while(|_| budget.pay(dear)).count()
}

/// A client that can pay nothing more.
fn broke() -> Budget {
    let mut budget = budget(1);
    while budget.pay(false) {}
    budget
}

#[test]
fn one_client_in_five_can_pay_a_dear_retry_at_first_and_none_can_pay_two() {
    let paid = (0..CLIENTS).map(|seed| payments(budget(seed), true));
    let lucky = paid.inspect(|&paid| assert!(paid <= 1)).sum::<usize>();
    assert!((340..=460).contains(&lucky), "{lucky} of {CLIENTS}");
}

#[test]
fn the_first_credit_pays_for_three_cheap_retries_at_least() {
    for seed in 0..CLIENTS {
        let expected = 3 + 2 * payments(budget(seed), true);
        assert_eq!(payments(budget(seed), false), expected, "seed {seed}");
    }
}

#[test]
fn in_the_long_run_a_tenth_of_the_requests_is_repeated() {
    let mut budget = broke();
    let repeated = (0..10_000).filter(|_| {
        budget.earn(100, 10);
        budget.pay(false)
    });
    assert_eq!(repeated.count(), 1_000);
}

#[test]
fn a_dear_retry_is_paid_by_fifty_successes() {
    let mut budget = broke();
    (0..49).for_each(|_| budget.earn(100, 10));
    assert!(!budget.pay(true));
    budget.earn(100, 10);
    assert!(budget.pay(true) && !budget.pay(false));
}

#[test]
fn savings_are_capped() {
    for (most, cheap) in [(0, 1), (1, 1), (10, 10)] {
        let mut budget = broke();
        (0..10_000).for_each(|_| budget.earn(100, most));
        assert_eq!(payments(budget, false), cheap, "saved {most}");
    }
}

#[test]
fn a_time_out_is_never_repeated_by_default_whatever_was_saved() {
    let mut world = World::new();
    (0..1_000).for_each(|_| assert_eq!(world.read(&[OK]), Verdict::Network));
    world.read(&[Outcome::TimedOut, OK]);
    assert_eq!(world.engine.counters.retries, 0);
    world.read(&[status(500), OK]);
    assert_eq!(world.engine.counters.retries, 1);
}

#[test]
fn a_backend_that_fails_every_fifth_first_attempt_is_asked_again_for_a_tenth_of_the_requests() {
    let mut world = World::new();
    for call in 0..2_000 {
        // Twice as many fail as there is credit for.
        let outcomes = [if call % 5 == 0 { status(500) } else { OK }, OK];
        world.read(&outcomes);
        world.pass(1_000);
    }
    let retries = world.engine.counters.retries;
    assert!((180..=205).contains(&retries), "{retries}");
}

#[test]
fn one_client_in_five_has_a_probe_for_overload_at_first_and_all_have_three_cheap_ones() {
    let credits = (0..CLIENTS).map(|seed| Probes::new(&mut Rng::new(seed)));
    let lucky = credits
        .inspect(|probes| assert_eq!(probes.credit(false), 3 + probes.credit(true)))
        .map(|probes| probes.credit(true))
        .inspect(|&dear| assert!(dear <= 1))
        .sum::<u32>();
    assert!((340..=460).contains(&lucky), "{lucky} of {CLIENTS}");
}

#[test]
fn calls_that_were_refused_leave_three_probes_behind_at_most() {
    let mut probes = Probes::new(&mut Rng::new(1));
    (0..10).for_each(|_| probes.earn());
    assert_eq!(probes.credit(true), 3);
    (0..4).for_each(|_| probes.pay(Instant::START, true));
    assert_eq!((probes.credit(true), probes.credit(false)), (0, 3));
}
