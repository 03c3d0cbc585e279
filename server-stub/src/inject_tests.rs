//! What faults look like from outside. Time is virtual: a paused clock jumps to the next timer.

use tidegate_contract::{Cors, End, Fault, FaultProgram, Preset, Problem, Rule};
use tokio::time::{Instant, timeout};

use super::*;
use crate::testing::{Answer, call, journal, stub_with};

const ORIGIN: (&str, &str) = ("origin", "http://localhost:8080");

async fn unavailable(retry_after: Option<RetryAfter>) -> Answer {
    let fault = Fault::Status {
        code: 503,
        retry_after,
    };
    let stub = stub_with(FaultProgram::new(1).with_rule(Rule::new("busy", fault))).await;
    call(&stub, "GET /api/assets", &[ORIGIN]).await
}

#[tokio::test]
async fn an_injected_status_is_readable_and_names_its_rule() {
    let answer = unavailable(None).await;
    assert_eq!(answer.status, 503);
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN.1);
    assert_eq!(answer.header("retry-after"), "");
    assert_eq!(answer.json::<Problem>().rule.as_deref(), Some("busy"));
}

#[tokio::test]
async fn retry_after_comes_in_both_forms() {
    let seconds = unavailable(Some(RetryAfter::Seconds(7))).await;
    assert_eq!(seconds.header("retry-after"), "7");

    let date = unavailable(Some(RetryAfter::DateInSeconds(60))).await;
    let date = httpdate::parse_http_date(date.header("retry-after")).unwrap();
    let ahead = date.duration_since(SystemTime::now()).unwrap();
    assert!((50..=60).contains(&ahead.as_secs()), "{ahead:?}");
}

#[tokio::test(start_paused = true)]
async fn latency_holds_the_answer() {
    let stub = stub_with(Preset::Slow.program(1)).await;
    let start = Instant::now();
    let answer = call(&stub, "GET /api/health", &[]).await;
    assert_eq!(answer.status, 200);
    let took = start.elapsed().as_millis();
    assert!((2_000..=4_001).contains(&took), "{took} ms");
    let entry = &journal(&stub).entries[0];
    assert_eq!(
        (&entry.rules[..], &entry.faults[..]),
        (&["slow".to_owned()][..], &["delay".to_owned()][..])
    );
    assert!(entry.took_ms().unwrap() >= 2_000);
}

#[tokio::test(start_paused = true)]
async fn another_program_releases_what_the_old_one_holds() {
    for preset in [Preset::Slow, Preset::Hang] {
        let stub = stub_with(preset.program(1)).await;
        let start = Instant::now();
        let (answer, ()) = tokio::join!(call(&stub, "GET /api/health", &[]), async {
            stub.reset().await.unwrap();
        });
        assert_eq!(answer.status, 200, "{preset}");
        assert_eq!(start.elapsed().as_millis(), 0, "{preset}");
    }
}

#[tokio::test]
async fn a_refused_request_has_no_answer() {
    let stub = stub_with(Preset::Refuse.program(1)).await;
    let answer = call(&stub, "GET /api/health", &[]).await;
    assert_eq!(answer.severed, Some(Severed::Reset));
    let entry = &journal(&stub).entries[0];
    assert!(matches!(entry.end, End::Cut { .. }), "{entry:?}");
}

#[tokio::test]
async fn a_refused_preflight_gives_no_permission_and_leaves_other_answers_alone() {
    let refused = Fault::Cors {
        variant: Cors::RefusePreflight,
    };
    let everywhere = Rule::new("all", refused.clone());
    let preflights = Rule::new("preflights", refused).on_method("OPTIONS");
    let program = FaultProgram::new(1)
        .with_rule(everywhere)
        .with_rule(preflights);
    let stub = stub_with(program).await;
    let asks = ("access-control-request-method", "PATCH");
    let answer = call(&stub, "OPTIONS /api/assets", &[ORIGIN, asks]).await;
    assert_eq!(answer.status, 403);
    for name in ["origin", "methods", "headers"] {
        let name = format!("access-control-allow-{name}");
        assert_eq!(answer.header(&name), "", "{name}");
    }
    assert_eq!(journal(&stub).entries[0].status(), Some(403));

    let answer = call(&stub, "GET /api/assets", &[ORIGIN]).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN.1);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_leaves_is_written_down() {
    let stub = stub_with(Preset::Hang.program(1)).await;
    let patience = Duration::from_secs(5);
    let answer = timeout(patience, call(&stub, "GET /api/health", &[])).await;
    assert!(answer.is_err());
    let journal = journal(&stub);
    assert_eq!(journal.entries[0].end, End::ClientGone { took_ms: 5_000 });
    assert_eq!(journal.counts.clients_gone, 1);
}

#[tokio::test]
async fn two_runs_of_a_seed_give_each_client_the_same_verdicts() {
    async fn statuses() -> Vec<String> {
        let stub = stub_with(Preset::Flaky30.program(9)).await;
        let calls = (0..100).map(|client| {
            let stub = stub.clone();
            tokio::spawn(async move {
                let client = format!("client-{client}");
                for _ in 0..5 {
                    call(&stub, "GET /api/health", &[("x-client", &client)]).await;
                }
            })
        });
        for call in calls.collect::<Vec<_>>() {
            call.await.unwrap();
        }
        let mut lines: Vec<_> = journal(&stub).entries;
        lines.sort_by(|a, b| (&a.client, a.seq).cmp(&(&b.client, b.seq)));
        lines
            .iter()
            .map(|line| format!("{} {:?}", line.client, line.status()))
            .collect()
    }
    assert_eq!(statuses().await, statuses().await);
}
