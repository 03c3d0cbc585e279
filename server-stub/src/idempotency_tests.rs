//! What a key promises.

use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::routing::post;
use tidegate_contract::{AccessRequest, BackendSettings, Cancel, FaultProgram, Spread};
use tokio::time::timeout;
use tower::ServiceExt;

use super::*;
use crate::inject::inject;
use crate::testing::{Answer, call_with_body, stub_with};

const ASK: &str = "POST /api/access-requests";
const BODY: &str = r#"{"assetId":"ds-00001","reason":"to see"}"#;

async fn stub() -> Stub {
    stub_with(FaultProgram::new(1)).await
}

async fn stub_in(mode: IdempotencyMode) -> Stub {
    let program = FaultProgram {
        idempotency: mode,
        ..FaultProgram::new(1)
    };
    stub_with(program).await
}

async fn ask(stub: &Stub, key: &str, body: &str) -> Answer {
    let headers = [("x-client", "ann"), ("idempotency-key", key)];
    call_with_body(stub, ASK, &headers, body).await
}

fn problem(answer: &Answer) -> (u16, String) {
    let problem: Problem = answer.json();
    let word = problem.kind.rsplit(':').next().unwrap().to_owned();
    (answer.status.as_u16(), word)
}

#[tokio::test]
async fn the_same_write_again_gets_the_same_answer_and_no_effect() {
    let stub = stub().await;
    let first = ask(&stub, "\"k1\"", BODY).await;
    let again = ask(&stub, "\"k1\"", BODY).await;
    assert_eq!(
        (first.status, again.status),
        (StatusCode::CREATED, StatusCode::CREATED)
    );
    assert_eq!(first.json::<AccessRequest>(), again.json::<AccessRequest>());
    for name in ["location", "etag", "content-type"] {
        assert_eq!(first.header(name), again.header(name), "{name}");
        assert!(!again.header(name).is_empty(), "{name}");
    }
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(first.effect.unwrap().key.as_deref(), Some("k1"));
    assert_eq!(again.effect, None);
    assert_eq!(stub.effects(), 1);
}

#[tokio::test]
async fn a_refusal_is_an_answer_too() {
    let stub = stub().await;
    let first = ask(&stub, "k1", "{}").await;
    let again = ask(&stub, "k1", "{}").await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (400, 400));
    assert_eq!(again.header("idempotency-replayed"), "true");
}

#[tokio::test]
async fn a_key_is_for_one_write() {
    let stub = stub().await;
    ask(&stub, "k1", BODY).await;
    let other = ask(&stub, "k1", r#"{"assetId":"ds-00002","reason":"to see"}"#).await;
    assert_eq!(problem(&other), (422, "other-write".to_owned()));
    let headers = [("x-client", "ann"), ("idempotency-key", "k1")];
    let elsewhere = call_with_body(&stub, "POST /api/audit", &headers, BODY).await;
    assert_eq!(problem(&elsewhere), (422, "other-write".to_owned()));
}

#[tokio::test]
async fn clients_do_not_share_keys() {
    let stub = stub().await;
    ask(&stub, "k1", BODY).await;
    let headers = [("x-client", "bob"), ("idempotency-key", "k1")];
    let bobs = call_with_body(&stub, ASK, &headers, BODY).await;
    assert!(bobs.effect.is_some());
    assert_eq!(stub.key_effects().len(), 2);
}

#[tokio::test]
async fn a_string_and_a_token_are_the_same_key() {
    let stub = stub().await;
    ask(&stub, "8e03978e-40d5-43dd-bc93-6894a57f9324", BODY).await;
    let quoted = ask(&stub, "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"", BODY).await;
    assert_eq!(quoted.header("idempotency-replayed"), "true");
    let escaped = ask(&stub, r#""a\"b c\\";v=1"#, BODY).await;
    assert_eq!(escaped.effect.unwrap().key.as_deref(), Some(r#"a"b c\"#));
}

#[tokio::test]
async fn what_is_no_key_is_refused() {
    let stub = stub().await;
    let long = "k".repeat(MAX_KEY + 1);
    for key in [
        "",
        "\"\"",
        "\"open",
        "\"a\" b",
        "a b",
        "a,b",
        "\"a\", \"b\"",
        &long,
    ] {
        let answer = ask(&stub, key, BODY).await;
        assert_eq!(problem(&answer), (400, "bad-key".to_owned()), "{key}");
    }
    let twice = [("idempotency-key", "a"), ("idempotency-key", "b")];
    let answer = call_with_body(&stub, ASK, &twice, BODY).await;
    assert_eq!(problem(&answer), (400, "bad-key".to_owned()));
    assert_eq!(stub.effects(), 0);
}

#[tokio::test]
async fn switched_off_a_repeated_write_takes_effect_again_and_is_counted() {
    let stub = stub_in(IdempotencyMode::Off).await;
    let first: AccessRequest = ask(&stub, "k1", BODY).await.json();
    let second: AccessRequest = ask(&stub, "k1", BODY).await.json();
    assert_ne!(first.id, second.id);
    let counted = stub.key_effects();
    assert_eq!(
        (&*counted[0].client, &*counted[0].key, counted[0].effects),
        ("ann", "k1", 2)
    );
}

#[tokio::test]
async fn where_keys_are_required_a_write_without_one_is_refused() {
    let stub = stub_in(IdempotencyMode::Required).await;
    let answer = call_with_body(&stub, ASK, &[], BODY).await;
    assert_eq!(problem(&answer), (400, "key-required".to_owned()));
    assert_eq!(
        call_with_body(&stub, "GET /api/audit", &[], "")
            .await
            .status,
        200
    );
    assert_eq!(ask(&stub, "k1", BODY).await.status, 201);
}

#[tokio::test]
async fn a_reset_forgets_keys() {
    let stub = stub().await;
    ask(&stub, "k1", BODY).await;
    stub.reset().await.unwrap();
    assert!(ask(&stub, "k1", BODY).await.effect.is_some());
    assert_eq!(stub.key_effects()[0].effects, 1);
}

/// A stub with one connection, which a write has for a second.
async fn busy_stub(cancel: Cancel) -> Stub {
    let backend = BackendSettings {
        connections: 1,
        service: Spread::FixedMs(1_000),
        cancel,
        ..BackendSettings::default()
    };
    stub_with(FaultProgram::new(1).with_backend(backend)).await
}

#[tokio::test(start_paused = true)]
async fn a_write_that_is_still_running_is_not_begun_again() {
    let stub = busy_stub(Cancel::Never).await;
    let (first, second) = tokio::join!(biased; ask(&stub, "k1", BODY), ask(&stub, "k1", BODY));
    assert_eq!(first.status, 201);
    assert_eq!(problem(&second), (409, "still-running".to_owned()));
}

#[tokio::test]
async fn a_write_that_failed_gives_its_key_back() {
    let stub = stub().await;
    let fail = post(|| async { StatusCode::INTERNAL_SERVER_ERROR });
    let router = Router::new()
        .route("/write", fail)
        .layer(from_fn_with_state(stub, inject));
    for _ in 0..2 {
        let request = Request::post("/write").header(paths::KEY_HEADER, "k1");
        let request = request.body(Body::empty()).unwrap();
        let answer = router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), 500);
        assert!(!answer.headers().contains_key(REPLAYED));
    }
}

#[tokio::test(start_paused = true)]
async fn a_write_that_was_given_up_gives_its_key_back() {
    let stub = busy_stub(Cancel::Waiting).await;
    tokio::join!(biased; ask(&stub, "k1", BODY), async {
        let patience = Duration::from_millis(100);
        let gone = timeout(patience, ask(&stub, "k2", BODY)).await;
        assert!(gone.is_err());
    });
    let again = ask(&stub, "k2", BODY).await;
    assert_eq!((again.status.as_u16(), stub.effects()), (201, 2));
}

#[tokio::test(start_paused = true)]
async fn a_write_whose_client_has_left_takes_effect_all_the_same() {
    let stub = busy_stub(Cancel::Never).await;
    let gone = timeout(Duration::from_millis(100), ask(&stub, "k1", BODY)).await;
    assert!(gone.is_err());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let again = ask(&stub, "k1", BODY).await;
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(stub.effects(), 1);
}
