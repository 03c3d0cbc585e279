use tidegate_core::outbox::{EntryState, OutboxChange};
use wasm_bindgen_test::wasm_bindgen_test;

use super::server::{count, request, request_of, serve};
use super::world::{Tab, URL, browser};
use crate::{Error, Queue};

#[wasm_bindgen_test]
async fn who_has_to_sign_in_finds_the_queue_waiting() {
    browser("401\n200").await;
    let tab = Tab::open();
    tab.client.set_identity(Some("ann"));
    let id = tab.put("x").await.unwrap();
    tab.hears(id, OutboxChange::Parked).await;
    assert_eq!(tab.states().await, [EntryState::Parked]);
    tab.client.set_identity(Some("ann"));
    tab.hears(id, OutboxChange::Done).await;
    assert_eq!(count(), 2);
}

#[wasm_bindgen_test]
async fn nobody_sees_or_sends_what_is_another_users() {
    browser("401\n200").await;
    let tab = Tab::open();
    tab.client.set_identity(Some("ann"));
    let id = tab.put("ann's").await.unwrap();
    tab.hears(id, OutboxChange::Parked).await;
    tab.client.set_identity(Some("bob"));
    assert_eq!(tab.states().await, []);
    let other = "https://api.example/bob";
    let bobs = tab.queue("PUT", other, "bob's", "", Queue::new()).await;
    tab.hears(bobs.unwrap(), OutboxChange::Done).await;
    assert_eq!((request(2).await.body.as_str(), count()), ("bob's", 2));
    assert_eq!(tab.client.health().outbox.others, 1);
}

#[wasm_bindgen_test]
async fn a_logout_keeps_the_queue_for_who_comes_back() {
    browser("refuse").await;
    let tab = Tab::open();
    tab.client.set_identity(Some("ann"));
    let id = tab.queue("PUT", URL, "x", "", Queue::new()).await.unwrap();
    request(1).await;
    tab.client.log_out().await.unwrap();
    assert_eq!(tab.states().await, []);
    serve("200");
    tab.client.set_identity(Some("ann"));
    tab.hears(id, OutboxChange::Done).await;
    assert_eq!(request(1).await.body, "x");
}

#[wasm_bindgen_test]
async fn who_wants_nothing_left_has_nothing_left() {
    browser("401").await;
    let tab = Tab::open();
    tab.client.set_identity(Some("ann"));
    let id = tab.put("x").await.unwrap();
    tab.hears(id, OutboxChange::Parked).await;
    tab.client.set_identity(None);
    tab.client.outbox().forget("ann").await.unwrap();
    tab.client.set_identity(Some("ann"));
    assert_eq!(tab.states().await, []);
}

#[wasm_bindgen_test]
async fn what_is_asked_in_the_turn_in_which_its_user_goes_is_not_the_next_ones() {
    browser("200").await;
    let tab = Tab::open();
    tab.client.set_identity(Some("ann"));
    let ask = |method| tab.client.request(request_of(method, URL, "", ""));
    let (write, read) = (ask("PUT").queue(Queue::new()), ask("GET"));
    tab.client.set_identity(Some("bob"));
    for outgoing in [write, read] {
        assert!(matches!(outgoing.send().await, Err(Error::Aborted(_))));
    }
    assert_eq!((tab.states().await, count()), (vec![], 0));
}
