use futures::FutureExt;
use gloo_net::http::Request;
use tidegate::{Error, Priority, Source};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use super::stub::scenario;

#[wasm_bindgen_test]
async fn equal_reads_share_one_request_and_have_a_body_each() {
    let test = scenario(|_| {}).await;
    let url = test.url(1);
    let (one, two) = futures::future::join(test.client.get(&url), test.client.get(&url)).await;
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(
        one.response.text().await.unwrap(),
        two.response.text().await.unwrap()
    );
    assert_eq!(two.explanation.source, Source::Network);
    let counters = test.client.health().counters;
    assert_eq!(
        (counters.calls, counters.attempts, counters.coalesced),
        (1, 1, 1)
    );
    assert_eq!(test.arrivals(1).await, 1);
}

#[wasm_bindgen_test]
async fn one_who_goes_ends_nobody_elses_wait_and_the_last_one_the_request() {
    let test = scenario(|_| {}).await;
    test.preset("hang").await;
    let url = test.url(1);
    let (mut one, mut two) = (
        Box::pin(test.client.get(&url)),
        Box::pin(test.client.get(&url)),
    );
    assert!(one.as_mut().now_or_never().is_none());
    assert!(two.as_mut().now_or_never().is_none());
    assert_eq!(test.arrivals(1).await, 1);
    drop(one);
    assert_eq!(test.client.health().in_flight, 1);
    assert!(two.as_mut().now_or_never().is_none());
    drop(two);
    let health = test.client.health();
    assert_eq!((health.counters.cancelled, health.in_flight), (1, 0));
}

#[wasm_bindgen_test]
async fn a_request_has_the_route_that_it_was_given() {
    let test = scenario(|_| {}).await;
    let request = Request::get(&test.url(1)).build().unwrap();
    let outgoing = test.client.request(request);
    let answer = outgoing
        .priority(Priority::Urgent)
        .weight(3)
        .route("/by/hand")
        .coalesce(false)
        .send()
        .await
        .unwrap();
    assert!(answer.explanation.scope.ends_with("/by/hand"));
}

#[wasm_bindgen_test]
async fn settings_change_and_scopes_are_shut_while_a_client_runs() {
    let test = scenario(|_| {}).await;
    let mut settings = test.client.settings();
    settings.retry.attempts = 0;
    assert!(test.client.configure(settings.clone()).is_err());
    settings.retry.attempts = 1;
    test.client.configure(settings).unwrap();
    test.preset("refuse").await;
    assert!(test.client.get(&test.url(1)).await.is_err());
    assert_eq!(test.client.health().counters.attempts, 1);

    let scope = test.client.health().scopes[0].scope.clone();
    test.client.isolate(&scope).unwrap();
    let refused = test.client.get(&test.url(1)).await.unwrap_err();
    assert_eq!(refused.code(), "circuit-open");
    test.client.release(&scope).unwrap();
    let unknown = test.client.isolate("https://nobody.example/").unwrap_err();
    assert!(matches!(&unknown, Error::UnknownScope { .. }));
    assert_eq!(unknown.code(), "unknown-scope");
}

#[wasm_bindgen_test]
async fn a_caller_who_aborts_gets_the_reason_and_the_others_the_answer() {
    let test = scenario(|_| {}).await;
    let controller = AbortController::new().unwrap();
    let request = Request::get(&test.url(1))
        .abort_signal(Some(&controller.signal()))
        .build()
        .unwrap();
    let url = test.url(1);
    let mut mine = Box::pin(test.client.fetch(request));
    assert!(mine.as_mut().now_or_never().is_none());
    let mut theirs = Box::pin(test.client.get(&url));
    assert!(theirs.as_mut().now_or_never().is_none());
    controller.abort_with_reason(&JsValue::from_str("mine alone"));
    let (mine, theirs) = futures::future::join(mine, theirs).await;
    assert_eq!(mine.unwrap_err(), Error::Aborted("mine alone".into()));
    assert_eq!(theirs.unwrap().response.status(), 200);
    assert_eq!(test.arrivals(1).await, 1);
}
