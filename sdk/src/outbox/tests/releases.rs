//! Releases that come and go while entries wait.

use tidegate_core::outbox::{EntryState, OutboxChange};
use wasm_bindgen_test::wasm_bindgen_test;

use super::server::{count, request, serve, upgrade, without_locks};
use super::world::{Tab, URL, browser};
use crate::Queue;

const ELSEWHERE: &str = "https://api.example/other";

/// Two entries wait, and their page is closed.
async fn left_behind() {
    browser("503").await;
    let page = Tab::with(|settings| settings.outbox.base_ms = 600_000);
    let first = page.put("first").await.unwrap();
    page.queue("PUT", ELSEWHERE, "second", "", Queue::new())
        .await
        .unwrap();
    page.hears(first, OutboxChange::Resting).await;
    page.client.shut_down();
}

async fn all_go() {
    serve("200");
    let page = Tab::open();
    assert_eq!(page.states().await.len(), 2);
    let mut bodies = [request(1).await.body, request(2).await.body];
    bodies.sort();
    assert_eq!(bodies, ["first", "second"]);
}

#[wasm_bindgen_test]
async fn what_a_later_release_has_added_to_is_gone_on_with() {
    left_behind().await;
    upgrade(150, "later").await.unwrap();
    all_go().await;
}

#[wasm_bindgen_test]
async fn a_later_release_finds_all_that_waits_while_this_one_has_it_open() {
    browser("503").await;
    let page = Tab::with(|settings| settings.outbox.base_ms = 600_000);
    let id = page.put("first").await.unwrap();
    page.hears(id, OutboxChange::Resting).await;
    assert_eq!(
        upgrade(150, "later").await.unwrap(),
        2,
        "the queue's own record, and an entry"
    );
    assert_eq!(
        page.states().await,
        [EntryState::Resting],
        "it is opened again"
    );
    page.put("second").await.unwrap();
    assert_eq!(page.states().await.len(), 2);
}

#[wasm_bindgen_test]
async fn what_this_release_does_not_understand_is_left_alone() {
    left_behind().await;
    assert_eq!(upgrade(200, "other").await.unwrap(), 3);
    serve("200");
    let page = Tab::open();
    assert_eq!(page.put("third").await.unwrap_err().code(), "not-durable");
    page.client.shut_down();
    assert_eq!(upgrade(201, "another").await.unwrap(), 3);
    assert_eq!(count(), 0);
}

#[wasm_bindgen_test]
async fn without_locks_every_tab_drains_and_each_entry_goes_once() {
    browser("200").await;
    let locks = without_locks();
    let (first, second) = (Tab::open(), Tab::open());
    let mut ids = Vec::new();
    for number in 0..6 {
        let tab = if number % 2 == 0 { &first } else { &second };
        let url = [URL, "/", &number.to_string()].concat();
        let key = ["{\"idempotency-key\": \"", &number.to_string(), "\"}"].concat();
        ids.push(
            tab.queue("PUT", &url, "x", &key, Queue::new())
                .await
                .unwrap(),
        );
    }
    let mut keys = Vec::new();
    for number in 1..=6 {
        keys.push(request(number).await.key);
    }
    keys.sort();
    assert_eq!(keys, ["0", "1", "2", "3", "4", "5"]);
    while !first.states().await.is_empty() {}
    super::server::undo(&locks);
    assert_eq!(count(), 6);
}
