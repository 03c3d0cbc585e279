use futures::future::{join, join_all};
use js_sys::{Array, Reflect};
use tidegate_core::outbox::{OutboxChange, OutboxError};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;

use super::server::{
    commits_abort, count, durabilities, exists, network_is, next_replan_fails, nobody_tells,
    opens_throw, request, request_of, request_with, stored, take_connection_away, undo,
};
use super::world::{Tab, URL, browser, entry_of};
use crate::{Error, Queue, Rules, Source};

#[wasm_bindgen_test]
async fn who_queues_nothing_has_no_database() {
    browser("200").await;
    let tab = Tab::open();
    let answer = tab.client.fetch(request_of("PUT", URL, "x", "")).await;
    assert_eq!(answer.unwrap().explanation.source, Source::Network);
    tab.client.set_identity(Some("ann"));
    assert!(exists().await.is_falsy());
}

#[wasm_bindgen_test]
async fn it_is_on_the_disk_before_its_caller_is_told() {
    browser("hang").await;
    let tab = Tab::open();
    let request = request_of("PUT", URL, "x", "");
    let outgoing = tab.client.request(request).queue(Queue::new());
    let answer = outgoing.send().await.unwrap();
    let rows: Array = stored("rows").await.unwrap().unchecked_into();
    assert_eq!(rows.length(), 2);
    assert_eq!(answer.response.status(), 202);
    assert_eq!(answer.explanation.source, Source::Queue);
    assert_eq!(entry_of(&answer).await.0, 1);
}

/// How durable the transactions are that write to the queue meanwhile.
async fn durabilities_of(deed: impl Future<Output = ()>) -> Array {
    let watched = durabilities();
    deed.await;
    let of = |name: &str| Reflect::get(&watched, &name.into()).unwrap();
    undo(of("undo").unchecked_ref());
    of("all").unchecked_into()
}

#[wasm_bindgen_test]
async fn every_write_to_the_queue_is_strictly_durable() {
    browser("200").await;
    let all = durabilities_of(async {
        let tab = Tab::open();
        let id = tab.put("x").await.unwrap();
        tab.hears(id, OutboxChange::Done).await;
    });
    let all = all.await;
    assert_eq!(all.length(), 3, "queued, claimed, done");
    assert!(all.iter().all(|it| it == "strict"));
}

#[wasm_bindgen_test]
async fn tabs_that_queue_without_a_pause_are_not_in_each_others_way() {
    browser("200").await;
    let (first, second) = (Tab::open(), Tab::open());
    network_is(false);
    first.put("known").await.unwrap();
    second.states().await;
    let all = durabilities_of(async {
        let twenty = (0..10).flat_map(|_| [first.put("x"), second.put("x")]);
        let queued = join_all(twenty).await;
        assert!(queued.iter().all(Result::is_ok));
    });
    assert_eq!(all.await.length(), 20, "one each");
    network_is(true);
}

#[wasm_bindgen_test]
async fn two_tabs_that_queue_at_once_have_an_entry_each() {
    browser("hang").await;
    let (first, second) = (Tab::open(), Tab::open());
    let (one, two) = join(first.put("1"), second.put("2")).await;
    assert_ne!(one.unwrap(), two.unwrap());
    assert_eq!(first.states().await.len(), 2);
    let bodies: Array = stored("bodies").await.unwrap().unchecked_into();
    assert_eq!(bodies.length(), 2);
}

#[wasm_bindgen_test]
async fn what_is_not_stored_is_not_queued() {
    browser("200").await;
    let tab = Tab::open();
    let broken = commits_abort();
    let refused = tab.put("x").await;
    undo(&broken);
    assert!(
        matches!(refused, Err(Error::NotDurable { .. })),
        "{refused:?}"
    );
    assert_eq!(tab.states().await, []);
    assert_eq!(count(), 0);
    tab.put("x").await.unwrap();
    assert_eq!(request(1).await.body, "x");
}

#[wasm_bindgen_test]
async fn a_plan_that_cannot_be_made_anew_is_made_again_later() {
    browser("refuse\n200").await;
    let drains = Tab::with(|settings| {
        (settings.outbox.base_ms, settings.outbox.cap_ms) = (600_000, 3_600_000);
    });
    let first = drains.put("first").await.unwrap();
    drains.hears(first, OutboxChange::Resting).await;
    let unheard = nobody_tells();
    let other = Tab::open();
    let elsewhere = "https://api.example/other";
    let put = other.queue("PUT", elsewhere, "second", "", Queue::new());
    let second = put.await.unwrap();
    let unread = next_replan_fails();
    network_is(false);
    network_is(true);
    drains.hears(first, OutboxChange::Done).await;
    drains.hears(second, OutboxChange::Done).await;
    let of = |name: &str| Reflect::get(&unread, &name.into()).unwrap();
    undo(of("undo").unchecked_ref());
    undo(&unheard);
    assert_eq!((of("times").as_f64(), count()), (Some(1.0), 3));
}

#[wasm_bindgen_test]
async fn a_connection_that_is_taken_away_costs_nothing() {
    browser("200").await;
    let tab = Tab::open();
    for (number, says) in [(1, true), (2, false)] {
        let id = tab.put("x").await.unwrap();
        tab.hears(id, OutboxChange::Done).await;
        assert_eq!((id.0, count()), (number, number as u32));
        take_connection_away(says);
    }
    assert_eq!(tab.put("x").await.map(|id| id.0), Ok(3));
}

#[wasm_bindgen_test]
async fn without_a_database_its_caller_is_told() {
    browser("200").await;
    let broken = opens_throw();
    let tab = Tab::open();
    let refused = tab.put("x").await;
    undo(&broken);
    assert_eq!(refused.unwrap_err().code(), "not-durable");
    assert_eq!(count(), 0);
    tab.put("x").await.unwrap();
}

#[wasm_bindgen_test]
async fn bodies_of_all_kinds_arrive_as_they_were() {
    for (kind, of_type, body) in [
        ("json", "text/plain;charset=UTF-8", "{\"name\":\"x\"}"),
        ("form", "multipart/form-data", "name=\"name\"\r\n\r\nx\r\n"),
        ("blob", "image/x", "x"),
        ("stream", "", "x"),
        ("bytes", "", "x"),
        ("words", "application/x-www-form-urlencoded", "name=x"),
    ] {
        browser("200").await;
        let tab = Tab::open();
        let outgoing = tab.client.request(request_with(URL, kind));
        outgoing.queue(Queue::new()).send().await.unwrap();
        let sent = request(1).await;
        assert!(sent.body.contains(body), "{kind}: {}", sent.body);
        assert!(sent.kind.starts_with(of_type), "{kind}: {}", sent.kind);
    }
}

#[wasm_bindgen_test]
async fn a_post_is_queued_where_its_server_heeds_keys() {
    browser("200").await;
    let tab = Tab::open();
    let queue = || tab.queue("POST", URL, "x", "", Queue::new());
    assert_eq!(queue().await, Err(Error::Outbox(OutboxError::Undeclared)));
    let rules = Rules::new().with_idempotent(true);
    tab.client.route("/assets/*", rules).unwrap();
    let id = queue().await.unwrap();
    tab.hears(id, OutboxChange::Done).await;
    let sent = request(1).await;
    assert_eq!((&*sent.method, sent.key.len()), ("POST", 36));
}

#[wasm_bindgen_test]
async fn the_same_key_to_the_same_place_is_the_same_entry() {
    browser("hang").await;
    let tab = Tab::open();
    let key = "{\"idempotency-key\": \"mine\"}";
    let queue = || tab.queue("POST", URL, "x", key, Queue::new());
    let (first, second) = (queue().await.unwrap(), queue().await.unwrap());
    assert_eq!(first, second);
    assert_eq!(request(1).await.key, "mine");
}

#[wasm_bindgen_test]
async fn what_says_who_sends_it_is_not_stored() {
    browser("hang").await;
    let tab = Tab::open();
    let headers = "{\"authorization\": \"Bearer secret\", \"x-trace\": \"7\"}";
    tab.queue("PUT", URL, "x", headers, Queue::new())
        .await
        .unwrap();
    let rows: Array = stored("rows").await.unwrap().unchecked_into();
    let text = rows.get(1).as_string().unwrap();
    assert!(
        text.contains("x-trace") && !text.contains("secret"),
        "{text}"
    );
    assert_eq!(request(1).await.authorization, "");
}
