//! Tests of `run.rs`, in their own file because the contract's promises are many.

use super::*;
use crate::preset::Preset;

fn get(client: &str) -> RequestHead<'_> {
    RequestHead {
        method: "GET",
        path: "/api/assets",
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

fn latency(ms: u64, jitter_ms: u64) -> Fault {
    Fault::Latency { ms, jitter_ms }
}

#[test]
fn interleaving_does_not_change_anybodys_verdicts() {
    let mut alone = FaultRun::start(Preset::Brownout.program(7));
    let expected: Vec<Decision> = (0..200)
        .map(|_| alone.decide(Instant::START, &get("ann")))
        .collect();

    let mut crowded = FaultRun::start(Preset::Brownout.program(7));
    let mut others = tidegate_core::Rng::new(3);
    let found: Vec<Decision> = (0..200)
        .map(|_| {
            for _ in 0..others.below(4) {
                let _ = crowded.decide(Instant::START, &get("bob"));
            }
            crowded.decide(Instant::START, &get("ann"))
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
            .filter(|_| run.decide(Instant::START, &get("ann")).fate != Fate::Served)
            .count();
        let expected = 20 * share as usize;
        // Five standard deviations of a binomial with 20,000 draws are at most 354.
        assert!(hits.abs_diff(expected) <= 354, "{share}: {hits}");
        assert!(share != 0 || hits == 0);
        assert!(share != 1_000 || hits == 20_000);
    }
}

#[test]
fn latencies_add_up_and_the_first_end_wins() {
    let program = FaultProgram::new(1)
        .with_rule(Rule::new("slow", latency(100, 0)))
        .with_rule(Rule::new("busy", status(503)))
        .with_rule(Rule::new("dead", Fault::Hang))
        .with_rule(Rule::new("slower", latency(20, 0)));
    let decision = FaultRun::start(program).decide(Instant::START, &get("ann"));
    assert_eq!(decision.delay, Millis(120));
    assert_eq!(decision.fate.name(), "status");
    assert_eq!(decision.rules, ["slow", "busy", "slower"]);
}

#[test]
fn jitter_reaches_both_ends_and_no_further() {
    let rule = Rule::new("slow", latency(10, 2));
    let mut run = FaultRun::start(FaultProgram::new(1).with_rule(rule));
    let delays: Vec<u64> = (0..500)
        .map(|_| run.decide(Instant::START, &get("ann")).delay.0)
        .collect();
    assert_eq!(delays.iter().min(), Some(&8));
    assert_eq!(delays.iter().max(), Some(&12));
}

#[test]
fn a_preflight_is_only_met_by_a_rule_that_asks_for_options() {
    let preflight = RequestHead {
        method: "OPTIONS",
        preflight: true,
        ..get("ann")
    };
    let any = Rule::new("any", Fault::Refuse);
    let options = any.clone().on_method("OPTIONS");
    let mut run = FaultRun::start(FaultProgram::new(1).with_rule(any));
    assert_eq!(run.decide(Instant::START, &preflight).fate, Fate::Served);
    let mut run = FaultRun::start(FaultProgram::new(1).with_rule(options));
    assert_eq!(run.decide(Instant::START, &preflight).fate, Fate::Refused);
}

#[test]
fn a_rule_keeps_to_its_path_and_window() {
    let rule = Rule::new("busy", status(503))
        .on_path("/api/assets*")
        .during(Window::between(10, 20).every(100));
    let mut run = FaultRun::start(FaultProgram::new(1).with_rule(rule));
    for (ms, expected) in [
        (9, "served"),
        (10, "status"),
        (19, "status"),
        (20, "served"),
        (115, "status"),
    ] {
        let fate = run.decide(Instant::from_millis(ms), &get("ann")).fate;
        assert_eq!(fate.name(), expected, "at {ms} ms");
    }
    let health = RequestHead {
        path: "/api/health",
        ..get("ann")
    };
    let fate = run.decide(Instant::from_millis(15), &health).fate;
    assert_eq!(fate, Fate::Served);
}

#[test]
fn clients_beyond_the_table_cost_no_memory() {
    let rule = Rule::new("busy", status(503)).with_share(500);
    let mut run = FaultRun::start(FaultProgram::new(1).with_rule(rule));
    for client in 0..MAX_CLIENTS + 100 {
        let _ = run.decide(Instant::START, &get(&client.to_string()));
    }
    assert_eq!(run.ordinals.len(), MAX_CLIENTS);
    assert_eq!(run.latecomers, [100]);
}

/// Recorded tests rely on it: a change here changes everybody's runs and belongs in the changelog.
#[test]
fn the_verdicts_of_a_seed_never_change() {
    let mut run = FaultRun::start(Preset::Flaky30.program(1));
    let verdicts: String = (0..20)
        .map(|_| match run.decide(Instant::START, &get("ann")).fate {
            Fate::Served => '.',
            _ => 'x',
        })
        .collect();
    assert_eq!(verdicts, "...xx....xxx.....xxx");
}
