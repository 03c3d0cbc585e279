//! The overload model behind HTTP.

use tidegate_contract::{JournalEntry, Problem, WorkSource, paths};
use tokio::time::Instant;

use crate::sever::Severed;
use crate::stub::Stub;
use crate::testing::{
    Answer, call, journal, metrics, program, settle, spawn_call, stub_by_hand, stub_with,
};

const READ: &str = "GET /api/assets/ds-00001";

/// A stub with this backend, given as JSON without its braces.
async fn backend(parts: &str) -> Stub {
    stub_with(program(&format!(r#""backend":{{{parts}}}"#))).await
}

fn problem(answer: &Answer) -> (u16, String) {
    let kind = answer.json::<Problem>().kind;
    let word = kind.rsplit(':').next().unwrap().to_owned();
    (answer.status.as_u16(), word)
}

/// Clients that leave after 100 ms; how many were there when the work was done, and how many were not.
async fn abandoned(cancel: &str) -> (Stub, Vec<JournalEntry>) {
    let parts = format!(r#""connections":10,"service":{{"fixedMs":250}},"cancel":"{cancel}""#);
    let stub = backend(&parts).await;
    let calls: Vec<_> = (0..100).map(|_| spawn_call(&stub, READ, &[])).collect();
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    calls.iter().for_each(|call| call.abort());
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    let entries = journal(&stub).entries;
    assert_eq!(entries.len(), 100);
    assert!(entries.iter().all(JournalEntry::client_gone));
    (stub, entries)
}

#[tokio::test(start_paused = true)]
async fn a_pool_does_so_much_at_a_time_and_no_more() {
    let stub = backend(r#""connections":4,"service":{"fixedMs":250}"#).await;
    let start = Instant::now();
    let calls: Vec<_> = (0..12).map(|_| spawn_call(&stub, READ, &[])).collect();
    settle().await;
    assert_eq!(stub.world().backend().in_use(), 4);
    assert_eq!(stub.world().backend().waiting(), 8);
    for call in calls {
        assert_eq!(call.await.unwrap().status, 200);
    }
    assert_eq!(start.elapsed().as_millis(), 750);
}

#[tokio::test(start_paused = true)]
async fn a_full_queue_refuses_at_once_and_says_when_to_come_back() {
    let stub = backend(r#""connections":1,"queue":3,"service":{"fixedMs":1000}"#).await;
    (0..4).for_each(|_| drop(spawn_call(&stub, READ, &[])));
    settle().await;
    let start = Instant::now();
    let answer = call(&stub, READ, &[]).await;
    assert_eq!(problem(&answer), (503, "queue-full".to_owned()));
    assert_eq!(answer.header("retry-after"), "3");
    assert_eq!(start.elapsed().as_millis(), 0);
    assert_eq!(metrics(&stub).totals.refused["queue-full"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_wait_has_a_limit() {
    let stub = backend(r#""connections":1,"waitLimitMs":400,"service":{"fixedMs":1000}"#).await;
    spawn_call(&stub, READ, &[]);
    settle().await;
    let start = Instant::now();
    let answer = call(&stub, READ, &[]).await;
    assert_eq!(problem(&answer), (503, "pool-timeout".to_owned()));
    assert!((400..=401).contains(&start.elapsed().as_millis()));
    assert_eq!(metrics(&stub).totals.refused["wait-limit"], 1);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_waits_for_is_done_all_the_same() {
    let (stub, entries) = abandoned("never").await;
    let nobody = |entry: &&JournalEntry| entry.work.is_some_and(|work| !work.client_there);
    assert_eq!(entries.iter().filter(nobody).count(), 100);
    let totals = metrics(&stub).totals;
    assert_eq!((totals.completed_wasted, totals.completed_useful), (100, 0));
    assert_eq!(totals.clients_gone, 100);
}

#[tokio::test(start_paused = true)]
async fn where_leaving_is_noticed_nearly_nothing_is_done_for_nobody() {
    // Those who had a connection when they left keep it to the end, unless running work is given up as well.
    for (cancel, wasted) in [("waiting", 10), ("running", 0)] {
        let (stub, entries) = abandoned(cancel).await;
        let done = entries.iter().filter(|entry| entry.work.is_some()).count();
        assert_eq!(done, wasted, "{cancel}");
        let totals = metrics(&stub).totals;
        assert_eq!(totals.completed_wasted, wasted as u64, "{cancel}");
        assert_eq!(totals.refused["client-gone"], 100 - wasted as u64);
    }
}

#[tokio::test(start_paused = true)]
async fn what_would_wait_too_long_is_refused_early() {
    let parts = r#""connections":1,"earlyRefusalMs":2500,"service":{"fixedMs":1000}"#;
    let stub = backend(parts).await;
    (0..4).for_each(|_| drop(spawn_call(&stub, READ, &[])));
    settle().await;
    let answer = call(&stub, READ, &[]).await;
    assert_eq!(problem(&answer), (503, "refused-early".to_owned()));
    assert_eq!(answer.header("retry-after"), "3");
    // One who says to have more time may wait.
    let patient = [(paths::PATIENCE_HEADER, "10000")];
    assert_eq!(call(&stub, READ, &patient).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_that_cannot_be_met_is_not_worked_for() {
    let parts = r#""connections":1,"dropExpired":true,"service":{"fixedMs":1000}"#;
    let stub = backend(parts).await;
    spawn_call(&stub, READ, &[]);
    settle().await;
    let hurried = spawn_call(&stub, READ, &[(paths::PATIENCE_HEADER, "1500")]);
    settle().await;
    let start = Instant::now();
    let patient = call(&stub, READ, &[(paths::PATIENCE_HEADER, "5000")]).await;
    assert_eq!(patient.status, 200);
    assert!((1_990..=2_000).contains(&start.elapsed().as_millis()));
    let hurried = hurried.await.unwrap();
    assert_eq!(problem(&hurried), (503, "pool-timeout".to_owned()));
    assert_eq!(metrics(&stub).totals.refused["deadline"], 1);
}

#[tokio::test(start_paused = true)]
async fn the_cache_answers_while_the_pool_is_full() {
    let parts =
        r#""connections":1,"queue":0,"hitPermille":500,"hitMs":3,"service":{"fixedMs":600000}"#;
    let stub = backend(parts).await;
    let calls: Vec<_> = (0..100)
        .map(|client| spawn_call(&stub, READ, &[("x-client", &format!("c{client}"))]))
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    calls.iter().for_each(|call| call.abort());
    let entries = journal(&stub).entries;
    let source = |entry: &&JournalEntry| {
        entry
            .work
            .is_some_and(|work| work.source == WorkSource::Cache)
    };
    let hits = entries.iter().filter(source).count();
    assert!((35..=65).contains(&hits), "{hits}");
    assert_eq!(metrics(&stub).totals.hits, hits as u64);
    let refused = entries.iter().filter(|e| e.status() == Some(503)).count();
    assert_eq!(refused, 100 - hits - 1);
}

#[tokio::test(start_paused = true)]
async fn preflights_cost_the_front_as_much_as_anything() {
    let front = program(r#""backend":{"frontCostUs":100000,"frontBacklogMs":500}"#);
    let stub = stub_by_hand(front).await;
    let headers = [
        ("origin", "http://localhost:8080"),
        ("access-control-request-method", "GET"),
    ];
    let preflights: Vec<_> = (0..20)
        .map(|_| spawn_call(&stub, "OPTIONS /api/assets", &headers))
        .collect();
    crate::testing::pass(&stub, 1_000).await;
    let (mut answered, mut reset) = (0, 0);
    for preflight in preflights {
        let answer = preflight.await.unwrap();
        answered += usize::from(answer.status == 204);
        reset += usize::from(answer.severed == Some(Severed::Reset));
    }
    // The front has half a second of them before it, and takes nobody else on.
    assert_eq!((answered, reset), (6, 14));
    assert_eq!(journal(&stub).counts.preflights, 20);
}
