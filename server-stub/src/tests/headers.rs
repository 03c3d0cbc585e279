//! What an answer says of the backend behind it.

use std::time::{Duration, SystemTime};

use tidegate_contract::{Fault, FaultProgram, IdempotencyMode, Problem, Quota, RetryAfter, Rule};

use crate::stub::Stub;
use crate::testing::{
    call, call_with_body, pass, program, settle, spawn_call, spawn_call_with_body, stub_by_hand,
    stub_with,
};

const ANN: (&str, &str) = ("x-client", "ann");
const ASK: &str = "POST /api/access-requests";
const BODY: &str = r#"{"assetId":"ds-00001","reason":"to see"}"#;
/// One connection, a second of work.
const ONE: &str = r#""backend":{"connections":1,"service":{"fixedMs":1000}}"#;

fn busy(form: RetryAfter) -> Rule {
    let fault = Fault::Status {
        code: 503,
        retry_after: Some(form),
    };
    Rule::new("busy", fault).on_path("/api/health")
}

/// What `Retry-After` says in this form while five requests are in the way: one has the connection, four wait, for a second each.
async fn retry_after(form: RetryAfter, in_the_way: usize) -> String {
    let stub = stub_by_hand(program(ONE).with_rule(busy(form))).await;
    for _ in 0..in_the_way {
        spawn_call(&stub, "GET /api/assets/ds-00001", &[]);
    }
    settle().await;
    let answer = call(&stub, "GET /api/health", &[]).await;
    answer.header("retry-after").to_owned()
}

fn ahead(date: &str) -> Duration {
    let date = httpdate::parse_http_date(date).unwrap();
    date.duration_since(SystemTime::now()).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn retry_after_has_four_forms_and_two_of_them_are_true() {
    assert_eq!(retry_after(RetryAfter::Seconds(7), 5).await, "7");
    assert_eq!(retry_after(RetryAfter::Truth, 5).await, "4");
    assert_eq!(retry_after(RetryAfter::Truth, 0).await, "1");
    for (form, seconds) in [
        (RetryAfter::DateInSeconds(60), 60),
        (RetryAfter::TruthAsDate, 40),
    ] {
        let ahead = ahead(&retry_after(form, 41).await);
        let most = Duration::from_secs(seconds);
        assert!(
            most - Duration::from_secs(20) < ahead && ahead <= most,
            "{form:?}: {ahead:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_quota_is_told_and_kept() {
    let quota = Quota {
        limit: 2,
        window_ms: 60_000,
    };
    let stub = stub_by_hand(FaultProgram::new(1).with_quota(quota)).await;
    let ask = async || call(&stub, "GET /api/assets/ds-00001", &[ANN]).await;
    let first = ask().await;
    assert_eq!(first.header("ratelimit-policy"), "\"default\";q=2;w=60");
    assert_eq!(first.header("ratelimit"), "\"default\";r=1;t=60");
    pass(&stub, 20_000).await;
    assert_eq!(ask().await.header("ratelimit"), "\"default\";r=0;t=40");

    let third = ask().await;
    assert_eq!(third.status, 429);
    assert_eq!(third.header("ratelimit"), "\"default\";r=0;t=40");
    assert_eq!(third.header("retry-after"), "40");
    let kind = third.json::<Problem>().kind;
    assert!(kind.ends_with("quota-exceeded"), "{kind}");
    let bob = call(&stub, "GET /api/assets/ds-00001", &[("x-client", "bob")]).await;
    assert_eq!(bob.status, 200);

    pass(&stub, 39_999).await;
    assert_eq!(ask().await.header("retry-after"), "1");
    pass(&stub, 1).await;
    assert_eq!(ask().await.header("ratelimit"), "\"default\";r=1;t=60");
}

#[tokio::test(start_paused = true)]
async fn the_time_in_the_queue_and_the_time_of_the_work_are_told_apart() {
    let stub = stub_with(program(ONE)).await;
    let ask = || call(&stub, "GET /api/assets/ds-00001", &[ANN]);
    let (first, second) = tokio::join!(biased; ask(), ask());
    for (answer, queue) in [(first, 0), (second, 1_000)] {
        let timings: Vec<_> = answer.headers.get_all("server-timing").iter().collect();
        assert_eq!(timings[0], &*format!("queue;dur={queue}, svc;dur=1000"));
        assert_eq!(timings[1], &*format!("total;dur={}", queue + 1_000));
        assert_eq!(answer.header("cache-status"), "server-stub; fwd=miss");
    }
}

#[tokio::test(start_paused = true)]
async fn the_cache_says_that_it_answered() {
    let stub = stub_with(program(r#""backend":{"hitPermille":1000,"hitMs":3}"#)).await;
    let hit = call(&stub, "GET /api/assets/ds-00001", &[ANN]).await;
    assert_eq!(hit.header("cache-status"), "server-stub; hit");
    assert_eq!(hit.header("server-timing"), "cache;desc=hit");
    let write = call_with_body(&stub, ASK, &[ANN], BODY).await;
    assert_eq!(
        (write.status.as_u16(), write.header("cache-status")),
        (201, "")
    );
}

/// The answers to one write that waits in the pool's queue, and to the same write while it does.
async fn twice(mode: IdempotencyMode) -> (Stub, u16, u16) {
    let mut program = program(ONE);
    program.idempotency = mode;
    let stub = stub_with(program).await;
    spawn_call(&stub, "GET /api/assets/ds-00001", &[]);
    settle().await;
    let headers = [ANN, ("idempotency-key", "k1")];
    let first = spawn_call_with_body(&stub, ASK, &headers, BODY);
    settle().await;
    assert_eq!(stub.world().backend().waiting(), 1);
    let second = call_with_body(&stub, ASK, &headers, BODY).await.status;
    let first = first.await.unwrap().status;
    (stub, first.as_u16(), second.as_u16())
}

#[tokio::test(start_paused = true)]
async fn a_write_that_waits_in_the_queue_has_its_key() {
    let (stub, first, second) = twice(IdempotencyMode::default()).await;
    assert_eq!((first, second, stub.effects()), (201, 409, 1));
    let (stub, first, second) = twice(IdempotencyMode::Off).await;
    assert_eq!((first, second, stub.effects()), (201, 201, 2));
}
