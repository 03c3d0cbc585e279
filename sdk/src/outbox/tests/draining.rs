use tidegate_core::outbox::{DeadReason, EntryState, OutboxChange};
use wasm_bindgen_test::wasm_bindgen_test;

use super::server::{count, network_is, request, request_of, serve};
use super::world::{Tab, URL, browser};
use crate::{Queue, Source};

#[wasm_bindgen_test]
async fn every_attempt_has_the_same_key() {
    browser("503\n500\n200").await;
    let tab = Tab::open();
    let id = tab
        .queue(
            "PUT",
            URL,
            "x",
            "{\"idempotency-key\": \"mine\"}",
            Queue::new(),
        )
        .await
        .unwrap();
    tab.hears(id, OutboxChange::Done).await;
    for number in 1..=3 {
        let sent = request(number).await;
        assert_eq!(
            (&*sent.key, &*sent.body, &*sent.redirect),
            ("mine", "x", "manual")
        );
    }
    assert_eq!(tab.states().await, []);
}

#[wasm_bindgen_test]
async fn a_network_that_comes_back_ends_every_rest() {
    browser("refuse\n200").await;
    let tab = Tab::with(|settings| {
        (settings.outbox.base_ms, settings.outbox.cap_ms) = (600_000, 3_600_000);
    });
    let id = tab.put("x").await.unwrap();
    tab.hears(id, OutboxChange::Resting).await;
    network_is(false);
    network_is(true);
    tab.hears(id, OutboxChange::Done).await;
}

#[wasm_bindgen_test]
async fn what_is_queued_without_a_network_goes_when_it_is_back() {
    browser("200").await;
    let tab = Tab::open();
    network_is(false);
    let id = tab.put("x").await.unwrap();
    assert_eq!(count(), 0);
    network_is(true);
    tab.hears(id, OutboxChange::Done).await;
}

#[wasm_bindgen_test]
async fn a_server_that_is_still_busy_with_what_was_sent_before_is_asked_again() {
    browser("409\n200").await;
    let tab = Tab::open();
    let key = "{\"idempotency-key\": \"mine\"}";
    let sent = Queue::new().sent(true);
    let id = tab.queue("PUT", URL, "x", key, sent).await.unwrap();
    tab.hears(id, OutboxChange::Done).await;
}

#[wasm_bindgen_test]
async fn the_next_page_sends_what_the_last_one_left() {
    browser("hang").await;
    let key = "{\"idempotency-key\": \"mine\"}";
    let page = Tab::open();
    page.queue("PUT", URL, "x", key, Queue::new())
        .await
        .unwrap();
    request(1).await;
    page.client.shut_down();
    serve("200");
    let next = Tab::open();
    let sent = request(1).await;
    assert_eq!((&*sent.key, &*sent.body), ("mine", "x"));
    next.hears(crate::EntryId(1), OutboxChange::Done).await;
}

#[wasm_bindgen_test]
async fn one_tab_drains_and_the_next_one_when_it_is_gone() {
    browser("hang").await;
    let (first, second) = (Tab::open(), Tab::open());
    let id = first.put("first").await.unwrap();
    request(1).await;
    second
        .queue(
            "PUT",
            "https://api.example/other",
            "second",
            "",
            Queue::new(),
        )
        .await
        .unwrap();
    assert_eq!(second.states().await[0], EntryState::Sending);
    serve("200");
    first.client.shut_down();
    second.hears(id, OutboxChange::Done).await;
    assert!((1..=2).contains(&count()));
}

#[wasm_bindgen_test]
async fn one_lane_goes_in_its_order() {
    browser("503\n200").await;
    let tab = Tab::open();
    tab.put("1").await.unwrap();
    let last = tab.put("2").await.unwrap();
    tab.hears(last, OutboxChange::Done).await;
    let mut bodies = Vec::new();
    for number in 1..=count() {
        bodies.push(request(number).await.body);
    }
    assert_eq!(bodies, ["1", "1", "2"]);
}

#[wasm_bindgen_test]
async fn what_an_answer_says_is_put_where_it_is_needed() {
    browser("201 {\"data\": {\"id\": 7}}\n200").await;
    let tab = Tab::open();
    let first = tab.put("x").await.unwrap();
    let queue = Queue::new().after(first, &[("{asset}", "data.id")]);
    let url = "https://api.example/assets/{asset}/notes";
    let headers = "{\"content-type\": \"application/json\"}";
    let body = "{\"of\": \"{asset}\"}";
    let second = tab.queue("PUT", url, body, headers, queue).await.unwrap();
    tab.hears(second, OutboxChange::Done).await;
    let sent = request(2).await;
    assert_eq!(sent.url, "https://api.example/assets/7/notes");
    assert_eq!(sent.body, "{\"of\": \"7\"}");
}

#[wasm_bindgen_test]
async fn what_the_server_will_not_have_is_kept_until_somebody_decides() {
    browser("409\n200").await;
    let tab = Tab::open();
    let heeds_keys = crate::Rules::new().with_idempotent(true);
    tab.client.route("*", heeds_keys).unwrap();
    let id = tab.put("x").await.unwrap();
    let dead = tab.hears(id, OutboxChange::Dead).await;
    assert_eq!(
        (dead.reason, dead.status),
        (Some(DeadReason::Conflict), Some(409))
    );
    assert_eq!(tab.client.health().outbox.dead, 1);
    tab.client.outbox().anew(id).await.unwrap();
    tab.hears(id, OutboxChange::Done).await;
    let (first, second) = (request(1).await, request(2).await);
    assert_eq!(first.body, second.body);
    assert_ne!(first.key, second.key);
}

#[wasm_bindgen_test]
async fn what_was_discarded_is_gone() {
    browser("409").await;
    let tab = Tab::open();
    let id = tab.put("x").await.unwrap();
    tab.hears(id, OutboxChange::Dead).await;
    tab.client.outbox().discard(id).await.unwrap();
    assert_eq!(tab.states().await, []);
    let again = tab.client.outbox().again(id).await;
    assert_eq!(again.unwrap_err().code(), "outbox-gone");
}

#[wasm_bindgen_test]
async fn what_was_read_before_a_write_was_applied_is_void() {
    browser("200 old\n200\n200 new").await;
    let tab = Tab::with(|settings| settings.cache.entries = 10);
    let rules = crate::Rules::new().with_strategy(crate::StrategyName::CacheFirst);
    tab.client.route("*", rules).unwrap();
    tab.client
        .fetch(request_of("GET", URL, "", ""))
        .await
        .unwrap();
    tab.client.cache().flush().await;
    let kept = tab.client.fetch(request_of("GET", URL, "", "")).await;
    assert_eq!(kept.unwrap().explanation.source, Source::Cache);
    let id = tab.put("x").await.unwrap();
    tab.hears(id, OutboxChange::Done).await;
    let fresh = tab.client.fetch(request_of("GET", URL, "", "")).await;
    assert_eq!(fresh.unwrap().explanation.source, Source::Network);
}

#[wasm_bindgen_test]
async fn another_origin_is_told_the_key_only_where_that_was_declared() {
    browser("200").await;
    let tab = Tab::open();
    let id = tab.put("x").await.unwrap();
    tab.hears(id, OutboxChange::Done).await;
    assert_eq!(request(1).await.key, "");
    let own = js_sys::Reflect::get(&js_sys::global(), &"origin".into()).unwrap();
    let url = [&own.as_string().unwrap(), "/assets"].concat();
    tab.queue("PUT", &url, "x", "", Queue::new()).await.unwrap();
    assert_ne!(request(2).await.key, "");
}

#[wasm_bindgen_test]
async fn what_may_have_been_applied_and_has_no_key_waits_for_a_decision() {
    browser("500\n200").await;
    let tab = Tab::with(|settings| settings.outbox.doubted = 1);
    let id = tab.queue("POST", URL, "x", "", Queue::new()).await.unwrap();
    tab.hears(id, OutboxChange::InDoubt).await;
    assert_eq!(tab.states().await, [EntryState::InDoubt]);
    tab.client.outbox().done(id).await.unwrap();
    assert_eq!((tab.states().await, count()), (vec![], 1));
}

#[wasm_bindgen_test]
async fn it_is_not_sent_to_where_the_server_would_have_it_go() {
    browser("elsewhere").await;
    let tab = Tab::open();
    let id = tab.put("x").await.unwrap();
    let dead = tab.hears(id, OutboxChange::Dead).await;
    assert_eq!(dead.reason, Some(DeadReason::Redirected));
}
