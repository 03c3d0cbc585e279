use futures::FutureExt;
use gloo_net::http::Request;
use tidegate::{Error, Event, Reason, Source};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{AbortController, RequestInit};

use super::stub::scenario;

#[wasm_bindgen_test]
async fn a_healthy_backend_answers_with_a_native_response() {
    let test = scenario(|_| {}).await;
    let answer = test.client.get(&test.url(1)).await.unwrap();
    assert_eq!(
        (
            answer.response.status(),
            answer.explanation.source,
            answer.explanation.attempts
        ),
        (200, Source::Network, 1)
    );
    assert!(answer.response.text().await.unwrap().contains("\"items\""));
    assert!(answer.explanation.scope.ends_with("/api/assets"));
}

#[wasm_bindgen_test]
async fn a_refused_connection_is_answered_with_what_was_kept() {
    let test = scenario(|_| {}).await;
    test.keep(1).await;
    test.preset("outage").await;
    let answer = test.client.get(&test.url(1)).await.unwrap();
    assert_eq!(
        (answer.explanation.source, answer.explanation.reason),
        (Source::Cache, Some(Reason::Unreachable))
    );
    assert!(answer.explanation.retry_at.is_some());
    assert_eq!(answer.response.url(), test.url(1));
    assert!(answer.response.headers().get("age").is_some());
    assert!(answer.response.text().await.unwrap().contains("\"items\""));
}

#[wasm_bindgen_test]
async fn without_a_kept_answer_the_rejection_is_the_browsers_own() {
    let test = scenario(|_| {}).await;
    test.preset("refuse").await;
    let Err(Error::Unreachable {
        rejection,
        retry_at,
        ..
    }) = test.client.get(&test.url(1)).await
    else {
        panic!("no answer")
    };
    assert!(rejection.is_instance_of::<js_sys::TypeError>() && retry_at.is_some());
}

#[wasm_bindgen_test]
async fn an_open_breaker_sends_nothing_and_closes_by_itself() {
    let test = scenario(|settings| {
        settings.breaker.open_ms = 300;
        settings.gate.hold_ms = 0;
    })
    .await;
    test.preset("outage").await;
    // Six failures: three attempts, two, and when the first credit is used up one.
    for page in 1..=3 {
        assert!(test.client.get(&test.url(page)).await.is_err());
    }
    let sent = test.client.health().counters.attempts;
    let refused = test.client.get(&test.url(4)).await.unwrap_err();
    assert_eq!(
        (refused.code(), test.client.health().counters.attempts),
        ("circuit-open", sent)
    );

    let recovered = test.event(|event| matches!(event, Event::Recovered(_)));
    test.preset("healthy").await;
    recovered.await;
    assert_eq!(
        test.client
            .get(&test.url(5))
            .await
            .unwrap()
            .explanation
            .source,
        Source::Network
    );
}

#[wasm_bindgen_test]
async fn a_backend_that_never_answers_is_given_up_in_time() {
    let test = scenario(|settings| settings.timeout.attempt_ms = 500).await;
    test.preset("hang").await;
    let given_up = test.client.get(&test.url(1)).await.unwrap_err();
    assert_eq!(given_up.code(), "timeout");
    assert_eq!(test.arrivals(1).await, 1);
}

#[wasm_bindgen_test]
async fn a_kept_answer_is_served_when_patience_is_over() {
    let test = scenario(|settings| settings.cache.patience_ms = 50).await;
    test.keep(1).await;
    test.preset("hang").await;
    let answer = test.client.get(&test.url(1)).await.unwrap();
    assert_eq!(
        (answer.explanation.source, answer.explanation.reason),
        (Source::Cache, Some(Reason::Slow))
    );
}

#[wasm_bindgen_test]
async fn an_abort_ends_the_wait_with_any_reason_and_counts_against_nobody() {
    let test = scenario(|_| {}).await;
    test.preset("hang").await;
    for reason in [
        JsValue::from_str("a word"),
        JsValue::NULL,
        JsValue::from_f64(7.0),
    ] {
        let controller = AbortController::new().unwrap();
        let request = Request::get(&test.url(1))
            .abort_signal(Some(&controller.signal()))
            .build()
            .unwrap();
        let call = test.client.fetch(request);
        controller.abort_with_reason(&reason);
        let Err(Error::Aborted(given)) = call.await else {
            panic!("aborted")
        };
        assert_eq!(given, reason);
    }
    let health = test.client.health();
    assert_eq!(
        (
            health.counters.cancelled,
            health.in_flight,
            health.scopes[0].calls
        ),
        (3, 0, 0)
    );
}

#[wasm_bindgen_test]
async fn a_dropped_call_is_cancelled_and_the_backend_sees_the_client_leave() {
    let test = scenario(|_| {}).await;
    test.preset("hang").await;
    let url = test.url(1);
    let mut call = Box::pin(test.client.get(&url));
    assert!(call.as_mut().now_or_never().is_none());
    assert_eq!(test.arrivals(1).await, 1);
    drop(call);
    let health = test.client.health();
    assert_eq!((health.counters.cancelled, health.in_flight), (1, 0));
}

#[wasm_bindgen_test]
async fn a_request_of_web_sys_is_sent_with_its_body_each_time() {
    let test = scenario(|settings| settings.retry.base_ms = 1).await;
    test.preset("refuse").await;
    let init = RequestInit::new();
    init.set_method("PUT");
    init.set_body(&"whole".into());
    let request = web_sys::Request::new_with_str_and_init(&test.url(1), &init).unwrap();
    let _ = test.client.fetch(request.clone().unwrap()).await;
    assert_eq!(test.client.health().counters.attempts, 3);
    assert!(!request.body_used());
}

#[wasm_bindgen_test]
async fn a_request_whose_body_was_used_is_refused_and_nothing_is_sent() {
    let test = scenario(|_| {}).await;
    let request = Request::put(&test.url(1)).body("used").unwrap();
    let _ = request.text().await;
    assert_eq!(
        test.client.fetch(request).await.unwrap_err().code(),
        "invalid-request"
    );
    assert_eq!(test.client.health().in_flight, 0);
}
