//! The layer in a real router.
#![cfg(feature = "axum")]

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use axum::routing::get;
use http_body_util::BodyExt;
use tidegate_hint::{Gauge, Hint, HintLayer, Readiness};
use tokio::sync::oneshot;
use tower::ServiceExt;

async fn call(app: &Router, path: &str) -> Response<Body> {
    let request = Request::get(path)
        .body(Body::empty())
        .expect("the tests ask for proper paths");
    app.clone()
        .oneshot(request)
        .await
        .expect("a router always answers")
}

fn hint(answer: &Response<Body>) -> Option<Hint> {
    let value = answer.headers().get(Hint::HEADER)?;
    value.to_str().ok()?.parse().ok()
}

#[tokio::test]
async fn every_answer_has_the_hint() {
    let app = Router::new()
        .route("/fine", get(async || "fine"))
        .layer(HintLayer::new(|| Hint::new(700, 1_200, 5).ok()));
    for path in ["/fine", "/nowhere"] {
        let answer = call(&app, path).await;
        assert_eq!(hint(&answer), Hint::new(700, 1_200, 5).ok(), "{path}");
        let exposed = &answer.headers()["access-control-expose-headers"];
        assert_eq!(exposed, "tidegate-hint");
    }
}

#[tokio::test]
async fn nothing_to_say_adds_nothing() {
    let app = Router::new()
        .route("/", get(async || "fine"))
        .layer(HintLayer::new(|| None));
    let answer = call(&app, "/").await;
    assert_eq!(answer.headers().get(Hint::HEADER), None);
    assert!(
        !answer
            .headers()
            .contains_key("access-control-expose-headers")
    );
}

#[tokio::test]
async fn a_hint_from_further_in_stays() {
    let handler = get(async || [(Hint::HEADER, "level=10")]);
    let app = Router::new()
        .route("/", handler)
        .layer(HintLayer::new(|| Hint::new(900, 0, 5).ok()));
    assert_eq!(hint(&call(&app, "/").await), Hint::new(10, 0, 5).ok());
}

#[tokio::test]
async fn a_gauge_counts_requests_until_they_are_answered_or_given_up() {
    let gauge = Gauge::new(1);
    let (go, gone) = oneshot::channel::<()>();
    let gone = std::sync::Arc::new(tokio::sync::Mutex::new(Some(gone)));
    let handler = get(async move || {
        if let Some(gone) = gone.lock().await.take() {
            let _ = gone.await;
        }
        "done"
    });
    let app = Router::new()
        .route("/", handler)
        .layer(HintLayer::new(gauge.clone()));
    let first = tokio::spawn({
        let app = app.clone();
        async move { call(&app, "/").await }
    });
    tokio::task::yield_now().await;
    let debug = format!("{gauge:?}");
    assert!(debug.contains("inside: 1"), "{debug}");
    go.send(()).unwrap();
    assert_eq!(hint(&first.await.unwrap()), Hint::new(1_000, 0, 5).ok());
    let debug = format!("{gauge:?}");
    assert!(debug.contains("inside: 0"), "{debug}");
}

#[tokio::test]
async fn readiness_is_an_answer_that_no_cache_keeps() {
    let hint = Hint::new(340, 1_200, 5).unwrap();
    let app = Router::new().route(
        "/api/ready",
        get(async move || Readiness { ready: false, hint }),
    );
    let answer = call(&app, "/api/ready").await;
    assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(
        answer.headers()["tidegate-hint"],
        "level=340, wait=1200, ttl=5"
    );
    let body = answer.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(
        &body[..],
        br#"{"ready":false,"level":340,"wait_ms":1200,"ttl":5}"#
    );
}
