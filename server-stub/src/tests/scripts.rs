//! What changes by itself, and what the health endpoint says of it.

use tidegate_contract::{FaultProgram, Listener};
use tidegate_hint::Hint;

use crate::stub::Stub;
use crate::testing::{call, metrics, pass, program, settle, spawn_call, stub_by_hand, stub_with};

const ONE: &str = r#""backend":{"connections":1,"service":{"fixedMs":1000}}"#;

fn scripted(parts: &str, lines: &[&str]) -> FaultProgram {
    lines.iter().fold(program(parts), |program, line| {
        program.with_moment(line.parse().unwrap())
    })
}

/// Answers of the health endpoint at these seconds, while the pool is as busy as can be.
async fn health(mode: &str, seconds: &[u64]) -> Vec<u16> {
    let stub = stub_by_hand(program(&format!(r#"{ONE},"health":{mode}"#))).await;
    for _ in 0..100 {
        spawn_call(&stub, "GET /api/assets/ds-00001", &[]);
    }
    let mut statuses = Vec::new();
    for second in seconds {
        pass(&stub, second * 1_000 - stub.now().as_millis()).await;
        statuses.push(call(&stub, "GET /api/health", &[]).await.status.as_u16());
    }
    statuses
}

/// A stub whose only connection is taken, with so many who wait for it.
async fn crowded(parts: &str, waiting: usize) -> Stub {
    let stub = stub_by_hand(program(parts)).await;
    for _ in 0..=waiting {
        spawn_call(&stub, "GET /api/assets/ds-00001", &[]);
    }
    settle().await;
    stub
}

#[tokio::test]
async fn what_begins_with_the_program_has_begun_when_it_is_in_force() {
    let stub = stub_with(scripted(ONE, &["at 0 s pool 7", "at 0 s slow x3"])).await;
    let settings = stub.world().backend().settings().clone();
    assert_eq!((settings.connections, settings.slowdown), (7, 3_000));
}

#[tokio::test(start_paused = true)]
async fn healing_is_going_back_to_the_beginning() {
    let lines = [
        "at 1 s pool 3",
        "at 1 s slow x10",
        "at 1 s users 50",
        "at 1 s close",
        "at 9 s heal",
    ];
    let stub = stub_by_hand(scripted(ONE, &lines)).await;
    let before = stub.world().backend().settings().clone();
    pass(&stub, 5_000).await;
    let now = stub.now();
    assert_ne!(*stub.world().backend().settings(), before);
    assert!(!stub.world().is_ready(now));
    pass(&stub, 4_000).await;
    assert_eq!(*stub.world().backend().settings(), before);
    // What the others had begun comes to its end, and nothing follows.
    pass(&stub, 600_000).await;
    let after = metrics(&stub);
    assert_eq!((after.pool.in_use, after.waiting.count), (0, 0));
    pass(&stub, 60_000).await;
    assert_eq!(metrics(&stub).totals, after.totals);
    assert_eq!(stub.world().program().listener, Listener::Open);
}

#[tokio::test(start_paused = true)]
async fn health_is_honest_or_it_is_not() {
    assert_eq!(health(r#""honest""#, &[0, 60, 200]).await, [503, 503, 200]);
    assert_eq!(health(r#""alwaysFine""#, &[0, 200]).await, [200, 200]);
    assert_eq!(health(r#""alwaysFailing""#, &[0, 200]).await, [503, 503]);
    let flapping = r#"{"flapping":{"everyMs":10000}}"#;
    let turns = health(flapping, &[0, 9, 10, 19, 20]).await;
    assert_eq!(turns, [200, 200, 503, 503, 200]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_health_check_is_late() {
    let stub = stub_by_hand(program(r#""health":{"slow":{"ms":3000}}"#)).await;
    let check = spawn_call(&stub, "GET /api/health", &[]);
    pass(&stub, 2_999).await;
    assert!(!check.is_finished());
    pass(&stub, 1).await;
    assert_eq!(check.await.unwrap().status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_health_check_through_the_pool_waits_with_the_rest() {
    let stub = crowded(&format!(r#"{ONE},"health":"throughPool""#), 2).await;
    let check = spawn_call(&stub, "GET /api/health", &[]);
    pass(&stub, 3_999).await;
    assert!(!check.is_finished());
    pass(&stub, 1).await;
    assert_eq!(check.await.unwrap().status, 200);
}

#[tokio::test(start_paused = true)]
async fn answers_carry_a_hint_where_the_program_says_so() {
    let stub = crowded(&format!(r#"{ONE},"hints":true"#), 4).await;
    let answer = call(&stub, "GET /api/health", &[]).await;
    let hint: Hint = answer.header(Hint::HEADER).parse().unwrap();
    assert_eq!(hint.wait_ms(), 4_000);
    let silent = crowded(ONE, 4).await;
    let answer = call(&silent, "GET /api/health", &[]).await;
    assert_eq!(answer.header(Hint::HEADER), "");
}

#[tokio::test(start_paused = true)]
async fn readiness_is_said_before_it_is_needed() {
    let stub = crowded(ONE, 0).await;
    assert_eq!(call(&stub, "GET /api/ready", &[]).await.status, 200);
    spawn_call(&stub, "GET /api/assets/ds-00001", &[]);
    settle().await;
    let answer = call(&stub, "GET /api/ready", &[]).await;
    assert_eq!(answer.status, 503);
    let readiness: serde_json::Value = answer.json();
    assert_eq!(readiness["ready"], false, "{readiness}");
    pass(&stub, 1_000).await;
    assert_eq!(call(&stub, "GET /api/ready", &[]).await.status, 200);
}
