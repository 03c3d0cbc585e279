//! The pace of an origin that is asked too much: what begins it, slows it down, speeds it up and ends it.

use crate::demand::Demand;
use crate::gate::{Gate, Sign, Turned};
use crate::pace::Pace;
use crate::testing::test;
use crate::{Evidence, GateSettings, Instant, Millis, Rng, ScopeId};

const LEASE: Millis = Millis(10_000);
const BEGIN: Instant = Instant::from_millis(1_000_000);

/// The gate of an origin whose client wants something every half second, and a clock.
struct Bench {
    gate: Gate,
    now: Instant,
    rng: Rng,
}

impl Bench {
    fn new() -> Bench {
        let mut gate = Gate::new();
        let mut now = BEGIN;
        for _ in 0..1_200 {
            gate.want(now);
            now = now + Millis(500);
        }
        Bench {
            gate,
            now,
            rng: Rng::new(7),
        }
    }

    fn says(&mut self, route: u16, evidence: Evidence) -> Option<Turned> {
        let leave = self.gate.pass(self.now, LEASE);
        let sign = Sign {
            scope: ScopeId(route),
            evidence,
            sibling: false,
        };
        let settings = GateSettings::default();
        self.gate
            .heed(self.now, leave, sign, &settings, &mut self.rng)
    }

    /// Signs enough for a pace, and too few in a row to shut the gate.
    fn overloads(&mut self) {
        for route in [1, 2, 1] {
            self.says(3, Evidence::Works);
            self.says(route, Evidence::Overload);
        }
    }

    fn is_paced(&self) -> bool {
        self.gate.pace.is_some()
    }
}

/// The time between two of a pace.
fn interval(pace: &Pace) -> Millis {
    pace.turn(2) - pace.turn(1)
}

fn pace(millis: u64) -> Pace {
    Pace::new(BEGIN, Millis(millis), Millis(5_000))
}

#[test]
fn three_signs_of_overload_of_two_routes_begin_it() {
    let mut bench = Bench::new();
    for (route, paced) in [(1, false), (2, false), (1, true)] {
        bench.says(route, Evidence::Overload);
        assert_eq!(bench.is_paced(), paced);
        bench.says(3, Evidence::Works);
    }
}

#[test]
fn it_begins_at_half_of_what_the_client_was_sending() {
    let mut bench = Bench::new();
    bench.overloads();
    let pace = bench.gate.pace.expect("a pace");
    assert_eq!(
        interval(&pace),
        Millis(bench.gate.demand.present(bench.now).0 * 2)
    );
}

#[test]
fn a_single_route_never_begins_it_however_often_it_says_overload() {
    let mut bench = Bench::new();
    for n in 0..100 {
        bench.says(1, Evidence::Overload);
        if n % 2 == 0 {
            bench.says(2, Evidence::Works);
        }
        assert!(!bench.is_paced());
    }
}

#[test]
fn only_the_latest_ten_signs_count() {
    for (between, paced) in [(7, true), (8, false)] {
        let mut bench = Bench::new();
        bench.says(1, Evidence::Overload);
        bench.says(2, Evidence::Overload);
        for _ in 0..between {
            bench.says(3, Evidence::Works);
        }
        bench.says(1, Evidence::Overload);
        assert_eq!(bench.is_paced(), paced, "{between} between");
    }
}

#[test]
fn faults_are_no_overload() {
    let mut bench = Bench::new();
    for n in 0..30 {
        bench.says(n % 2, Evidence::Fault);
        bench.says(3, Evidence::Works);
    }
    assert!(!bench.is_paced());
}

#[test]
fn a_sign_halves_it_but_not_twice_within_a_second() {
    let mut pace = pace(400);
    for (at, length) in [(999, 400), (1_000, 800), (1_999, 800), (2_000, 1_600)] {
        pace.cut(BEGIN + Millis(at), Millis(5_000));
        assert_eq!(interval(&pace), Millis(length), "after {at} ms");
    }
}

#[test]
fn it_is_never_slower_than_half_of_the_usual_rate_or_one_in_five_seconds() {
    for (slowest, floor) in [(1_200, 1_200), (600_000, 5_000)] {
        let mut pace = Pace::new(BEGIN, Millis(400), Millis(slowest));
        for n in 1..20 {
            pace.cut(BEGIN + Millis(n * 1_000), Millis(slowest));
        }
        assert_eq!(interval(&pace), Millis(floor));
        let begun = Pace::new(BEGIN, Millis(600_000), Millis(slowest));
        assert_eq!(interval(&begun), Millis(floor));
    }
}

#[test]
fn a_prompt_answer_makes_it_four_times_as_fast_and_a_strained_one_an_eighth() {
    for (prompt, length) in [(true, 1_000), (false, 3_500)] {
        let mut pace = pace(4_000);
        pace.grow(BEGIN, prompt, Demand::new());
        assert_eq!(interval(&pace), Millis(length));
    }
}

#[test]
fn it_doubles_every_five_seconds_without_a_sign() {
    let mut pace = pace(4_000);
    for (at, length) in [
        (4_999, 4_000),
        (5_000, 2_000),
        (9_999, 2_000),
        (20_000, 250),
    ] {
        pace.tick(BEGIN + Millis(at));
        assert_eq!(interval(&pace), Millis(length), "after {at} ms");
    }
    pace.cut(BEGIN + Millis(24_000), Millis(5_000));
    pace.tick(BEGIN + Millis(28_999));
    assert_eq!(
        interval(&pace),
        Millis(500),
        "the sign starts the time again"
    );
}

#[test]
fn a_day_without_a_sign_ends_its_growth_and_not_the_page() {
    let mut pace = pace(4_000);
    pace.tick(BEGIN + Millis(86_400_000));
    assert_eq!(interval(&pace), Millis::ZERO);
}

#[test]
fn it_is_gone_once_it_is_well_above_what_is_wanted() {
    let mut demand = Demand::new();
    let mut now = BEGIN;
    for _ in 0..400 {
        demand.add(now, false);
        now = now + Millis(500);
    }
    let wanted = demand.present(now).0;
    for (length, goes_on) in [(wanted * 4, true), (wanted * 3, false)] {
        let mut pace = Pace::new(now, Millis(length), Millis(5_000));
        assert_eq!(pace.grow(now, true, demand), goes_on, "{length} ms");
    }
}

#[test]
fn two_go_at_once_and_the_third_waits_its_turn() {
    let mut pace = pace(1_000);
    for wait in [0, 0, 1_000, 2_000] {
        assert_eq!(pace.turn(0) - BEGIN, Millis(wait));
        pace.take(BEGIN);
    }
}

#[test]
fn a_quick_answer_opens_a_gate_as_any_and_speeds_no_pace_up() {
    let mut bench = Bench::new();
    bench.overloads();
    let before = interval(&bench.gate.pace.expect("a pace"));
    bench.says(1, Evidence::Quick);
    assert_eq!(interval(&bench.gate.pace.expect("a pace")), before);

    for route in 1..=3 {
        bench.says(route, Evidence::Unreachable);
    }
    assert!(!bench.gate.is_clear());
    bench.now = bench.gate.trial_at().expect("shut");
    assert_eq!(bench.says(1, Evidence::Quick), Some(Turned::Opened));
}
