//! The simulator itself, on fleets that are small and incidents that are short.

use crate::contender::{CONTENDERS, Contender};
use crate::figures::Figures;
use crate::meter::Record;
use crate::scenario::{BackendKind, Scenario, Spec};
use crate::tidegate::Tidegate;

fn short(scenario: Scenario, seed: u64) -> Spec {
    Spec {
        warm: 5,
        length: 10,
        horizon: 30,
        ..Spec::new(scenario, BackendKind::Naive, 500, seed)
    }
}

fn run(name: &str, spec: Spec) -> Record {
    let tidegate = Tidegate::new([]).unwrap();
    Contender::named(name).unwrap().run(&tidegate, spec)
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for name in ["tidegate", "cockatiel"] {
        let trace = |seed| run(name, short(Scenario::O2, seed)).trace;
        assert_eq!(trace(1), trace(1));
        assert_ne!(trace(1), trace(2));
    }
}

#[test]
fn every_policy_meets_the_same_demand() {
    let demand = |name| -> Vec<u64> {
        let record = run(name, short(Scenario::O5, 1));
        record.seconds[..30].iter().map(|each| each.begun).collect()
    };
    let all = demand("none");
    assert_eq!(all, demand("tidegate"));
    assert_eq!(all, demand("sre"));
    // 280 and 2,000 a second; the root of what five and ten seconds bring is 37 and 141.
    let (before, during): (u64, u64) = (all[..5].iter().sum(), all[5..15].iter().sum());
    assert!(before.abs_diff(1_400) < 150, "{before}");
    assert!(during.abs_diff(20_000) < 600, "{during}");
}

#[test]
fn every_request_ends_exactly_once() {
    for contender in CONTENDERS {
        for scenario in [Scenario::O2, Scenario::DR, Scenario::P] {
            let spec = Spec {
                horizon: 18,
                ..short(scenario, 3)
            };
            let record = run(contender.name, spec);
            let sum = |figure: fn(&crate::meter::Second) -> u64| -> u64 {
                record.seconds.iter().map(figure).sum()
            };
            let ended = sum(|each| each.answered) + sum(|each| each.failures);
            let what = (contender.name, scenario);
            assert_eq!(sum(|each| each.begun), ended, "{what:?}");
            assert_eq!(sum(|each| each.sent), sum(|each| each.attempts), "{what:?}");
            assert_eq!(record.under_way, 0, "{what:?}");
        }
    }
}

#[test]
fn without_a_policy_five_percent_of_the_attempts_fail_for_five_percent_of_the_users() {
    let spec = Spec {
        horizon: 80,
        ..short(Scenario::E5, 1)
    };
    let figures = Figures::of(&run("none", spec));
    // Of some 20,000 requests; the standard error is 0.15.
    assert!((figures.errors - 5.0).abs() < 0.6, "{figures:?}");
    assert_eq!(figures.attempts, 1.0);
}

#[test]
fn without_an_incident_nothing_fails_and_the_backend_is_as_busy_as_users_want() {
    let figures = Figures::of(&run("none", short(Scenario::Normal, 1)));
    assert_eq!((figures.errors, figures.healthy), (0.0, 0.0));
    assert_eq!(figures.waste, 0.0);
    assert!((figures.goodput - 0.7).abs() < 0.03, "{figures:?}");
    // 40 ms on the way, 75 ms of work, and next to no queue.
    assert!((100.0..150.0).contains(&figures.p99), "{figures:?}");
}

/// Retries hold an overload up if the attempts per request, when all fail, are more than capacity by demand: here 1 / 0.7.
#[test]
fn an_overload_outlives_its_cause_where_retries_are_not_bounded() {
    let spec = Spec {
        horizon: 60,
        ..short(Scenario::O2, 1)
    };
    let (none, jitter) = (
        Figures::of(&run("none", spec)),
        Figures::of(&run("jitter", spec)),
    );
    // The queue of 2,000 is worn off at 120 a second until it is short enough for those who wait 3 s.
    assert!(none.recovery.is_some_and(|s| s <= 12.0), "{none:?}");
    assert!(jitter.attempts > 1.0 / 0.7, "{jitter:?}");
    assert_eq!(jitter.recovery, None);
    assert!(jitter.post > 99.0, "{jitter:?}");
}

/// A budget of a fifth with a floor for each client: the floors together are more than the backend has to spare.
#[test]
fn a_floor_per_client_makes_a_budget_void() {
    let spec = Spec {
        horizon: 60,
        ..short(Scenario::O2, 1)
    };
    let with_clients = |clients| run("finagle", Spec { clients, ..spec });
    assert_eq!(Figures::of(&with_clients(20)).recovery, None);
}

#[test]
fn a_breaker_for_everything_takes_healthy_endpoints_down_with_a_failing_one() {
    let healthy = |name| Figures::of(&run(name, short(Scenario::P, 1))).healthy;
    assert_eq!(healthy("none"), 0.0);
    assert!(healthy("opossum") > 50.0);
}
