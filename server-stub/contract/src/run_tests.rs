//! Tests of `run.rs`, in their own file because the contract's promises are many.

use super::*;
use crate::preset::Preset;
use crate::spread::Spread;
use crate::when::{Count, Load, Window};

fn get(client: &str) -> RequestHead<'_> {
    RequestHead {
        method: "GET",
        path: "/api/assets",
        query: "kind=table&page=2",
        headers: &[("accept", "application/json")],
        client,
        preflight: false,
    }
}

fn status(code: u16) -> Fault {
    Fault::Status {
        code,
        retry_after: None,
    }
}

fn delay(ms: u64) -> Fault {
    Fault::Delay {
        time: Spread::FixedMs(ms),
    }
}

/// What happens to one request of a program that has just begun.
fn decide(program: FaultProgram) -> Decision {
    FaultRun::start(program).decide(Instant::START, IDLE, &get("ann"), &[])
}

const IDLE: Busyness = Busyness {
    in_flight: 0,
    wait_ms: 0,
};

#[test]
fn interleaving_does_not_change_anybodys_verdicts() {
    let mut alone = FaultRun::start(Preset::Brownout.program(7));
    let expected: Vec<Decision> = (0..200)
        .map(|_| alone.decide(Instant::START, IDLE, &get("ann"), &[]))
        .collect();

    let mut crowded = FaultRun::start(Preset::Brownout.program(7));
    let mut others = tidegate_core::Rng::new(3);
    let found: Vec<Decision> = (0..200)
        .map(|_| {
            for _ in 0..others.below(4) {
                let _ = crowded.decide(Instant::START, IDLE, &get("bob"), &[]);
            }
            crowded.decide(Instant::START, IDLE, &get("ann"), &[])
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn a_share_is_met_over_many_draws() {
    for share in [0, 1, 300, 999, 1_000] {
        let rule = Rule::new("busy", status(503)).with_share(share);
        let mut run = FaultRun::start(FaultProgram::new(1).with_rule(rule));
        let hits = (0..20_000)
            .filter(|_| {
                run.decide(Instant::START, IDLE, &get("ann"), &[])
                    .is_ended()
            })
            .count();
        let expected = 20 * share as usize;
        // Five standard deviations of a binomial with 20,000 draws are at most 354.
        assert!(hits.abs_diff(expected) <= 354, "{share}: {hits}");
        assert!(share != 0 || hits == 0);
        assert!(share != 1_000 || hits == 20_000);
    }
}

#[test]
fn what_rules_do_happens_in_their_order_until_the_first_end() {
    let program = FaultProgram::new(1)
        .with_rule(Rule::new("slow", delay(100)))
        .with_rule(Rule::new(
            "odd",
            Fault::Content {
                variant: Content::Html,
            },
        ))
        .with_rule(Rule::new("busy", status(503)).and_then(delay(5)))
        .with_rule(Rule::new("dead", Fault::Hang));
    let decision = decide(program);
    let end = Ending::Status {
        code: 503,
        retry_after: None,
        rule: "busy".to_owned(),
    };
    let slow = Step::Delay(Micros::from_millis(100));
    assert_eq!(decision.steps, [slow, Step::End(end)]);
    assert_eq!(decision.shapes, [Shape::Content(Content::Html)]);
    assert_eq!(decision.rules, ["slow", "odd", "busy"]);
    assert_eq!(decision.faults, ["delay", "content", "status"]);
}

#[test]
fn work_is_done_where_the_first_rule_says_and_once() {
    let lost = Rule::new("lost", Fault::Effect).and_then(delay(1));
    let again = Rule::new("again", Fault::Effect).and_then(Fault::Reset);
    let decision = decide(FaultProgram::new(1).with_rule(lost).with_rule(again));
    let late = Step::Delay(Micros::from_millis(1));
    assert_eq!(
        decision.steps,
        [Step::Effect, late, Step::End(Ending::Reset)]
    );
}

#[test]
fn drawn_delays_differ_and_keep_to_their_spread() {
    let time = Spread::UniformMs { from: 8, to: 12 };
    let rule = Rule::new("slow", Fault::Delay { time });
    let mut run = FaultRun::start(FaultProgram::new(1).with_rule(rule));
    let delays: Vec<u64> = (0..500)
        .map(
            |_| match run.decide(Instant::START, IDLE, &get("ann"), &[]).steps[..] {
                [Step::Delay(delay)] => delay.as_millis(),
                ref other => panic!("{other:?}"),
            },
        )
        .collect();
    assert_eq!(delays.iter().min(), Some(&8));
    assert!(delays.iter().max() <= Some(&12) && delays.contains(&11));
}

#[test]
fn headers_query_client_and_load_are_conditions() {
    let hits = |rule: Rule, busyness| {
        let mut run = FaultRun::start(FaultProgram::new(1).with_rule(rule));
        run.decide(Instant::START, busyness, &get("ann"), &[])
            .is_ended()
    };
    let rule = || Rule::new("busy", status(503));
    let with = |header: (&str, &str), query: (&str, &str)| {
        let mut rule = rule();
        rule.when.headers.insert(header.0.into(), header.1.into());
        rule.when.query.insert(query.0.into(), query.1.into());
        rule
    };
    let json = ("accept", "*json");
    assert!(hits(with(json, ("page", "2")), IDLE));
    assert!(!hits(with(json, ("page", "3")), IDLE));
    assert!(!hits(with(json, ("pag", "*")), IDLE));
    assert!(!hits(with(("accept", "text/*"), ("page", "2")), IDLE));
    assert!(!hits(with(("accept-language", "*"), ("page", "2")), IDLE));

    assert!(hits(rule().for_client("a*"), IDLE));
    assert!(!hits(rule().for_client("bob"), IDLE));

    let load = Load {
        in_flight_over: None,
        wait_over_ms: Some(500),
    };
    let busy = Busyness {
        in_flight: 1,
        wait_ms: 501,
    };
    assert!(!hits(rule().under(load), IDLE));
    assert!(hits(rule().under(load), busy));
}

#[test]
fn counts_are_each_clients_own() {
    let rule = Rule::new("first", status(503)).for_count(Count::first(2));
    let mut run = FaultRun::start(FaultProgram::new(1).with_rule(rule));
    for client in ["ann", "bob"] {
        let fates: Vec<bool> = (0..4)
            .map(|_| {
                run.decide(Instant::START, IDLE, &get(client), &[])
                    .is_ended()
            })
            .collect();
        assert_eq!(fates, [true, true, false, false], "{client}");
    }
}

#[test]
fn what_a_request_asks_for_comes_first() {
    let program = FaultProgram::new(1).with_rule(Rule::new("busy", status(503)));
    let decision = FaultRun::start(program).decide(
        Instant::START,
        IDLE,
        &get("ann"),
        &[delay(3), Fault::Reset],
    );
    let first = Step::Delay(Micros::from_millis(3));
    assert_eq!(decision.steps, [first, Step::End(Ending::Reset)]);
    assert_eq!(decision.rules, [REQUESTED]);
}

#[test]
fn a_preflight_is_only_met_by_a_rule_that_asks_for_options() {
    let preflight = RequestHead {
        method: "OPTIONS",
        preflight: true,
        ..get("ann")
    };
    let any = Rule::new("any", Fault::Reset);
    let options = any.clone().on_method("OPTIONS");
    let mut run = FaultRun::start(FaultProgram::new(1).with_rule(any));
    assert_eq!(run.decide(Instant::START, IDLE, &preflight, &[]).steps, []);
    let mut run = FaultRun::start(FaultProgram::new(1).with_rule(options));
    assert_eq!(
        run.decide(Instant::START, IDLE, &preflight, &[]).steps,
        [Step::End(Ending::Reset)]
    );
}

#[test]
fn a_rule_keeps_to_its_path_and_window() {
    let rule = Rule::new("busy", status(503))
        .on_path("/api/assets*")
        .during(Window::between(10, 20).every(100));
    let mut run = FaultRun::start(FaultProgram::new(1).with_rule(rule));
    for (ms, expected) in [(9, false), (10, true), (19, true), (20, false), (115, true)] {
        let decision = run.decide(Instant::from_millis(ms), IDLE, &get("ann"), &[]);
        assert_eq!(decision.is_ended(), expected, "at {ms} ms");
    }
    let health = RequestHead {
        path: "/api/health",
        ..get("ann")
    };
    let decision = run.decide(Instant::from_millis(15), IDLE, &health, &[]);
    assert_eq!(decision, Decision::default());
}

#[test]
fn clients_beyond_the_table_cost_no_memory() {
    let rule = Rule::new("busy", status(503)).with_share(500);
    let mut run = FaultRun::start(FaultProgram::new(1).with_rule(rule));
    for client in 0..MAX_CLIENTS + 100 {
        let _ = run.decide(Instant::START, IDLE, &get(&client.to_string()), &[]);
    }
    assert_eq!(run.ordinals.len(), MAX_CLIENTS);
    assert_eq!(run.latecomers, [100]);
}

/// Recorded tests rely on it: a change here changes everybody's runs and belongs in the changelog.
#[test]
fn the_verdicts_of_a_seed_never_change() {
    let mut run = FaultRun::start(Preset::Flaky30.program(1));
    let verdicts: String = (0..20)
        .map(|_| {
            match run
                .decide(Instant::START, IDLE, &get("ann"), &[])
                .is_ended()
            {
                false => '.',
                true => 'x',
            }
        })
        .collect();
    assert_eq!(verdicts, "...xx....xxx.....xxx");
}
