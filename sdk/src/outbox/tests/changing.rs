use tidegate_core::outbox::{OutboxChange, OutboxError};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::server::{count, request, request_of, stored};
use super::world::{Tab, URL, browser};
use crate::{EntryId, Error, Queue};

async fn text(request: &web_sys::Request) -> String {
    let text = JsFuture::from(request.text().unwrap()).await.unwrap();
    text.as_string().unwrap()
}

#[wasm_bindgen_test]
async fn what_a_person_has_merged_goes_in_the_place_of_a_conflict_with_another_key() {
    browser("409\n200").await;
    let tab = Tab::open();
    let headers = "{\"idempotency-key\": \"mine\", \"content-type\": \"application/json\"}";
    let id = tab
        .queue("PUT", URL, "{\"a\":1}", headers, Queue::new())
        .await
        .unwrap();
    tab.hears(id, OutboxChange::Dead).await;
    let outbox = tab.client.outbox();
    let before = outbox.request(id).await.unwrap();
    assert_eq!((&*before.method(), &*before.url()), ("PUT", URL));
    assert_eq!(before.headers().get("idempotency-key").unwrap(), None);
    assert_eq!(text(&before).await, "{\"a\":1}");
    let merged = request_of("PUT", URL, "{\"a\":2}", "{\"content-type\": \"text/x\"}");
    outbox.edit(id, merged).await.unwrap();
    tab.hears(id, OutboxChange::Edited).await;
    tab.hears(id, OutboxChange::Done).await;
    let (first, second) = (request(1).await, request(2).await);
    assert_eq!((&*second.body, &*second.kind), ("{\"a\":2}", "text/x"));
    assert_eq!((&*first.key, second.key.len()), ("mine", 36));
}

#[wasm_bindgen_test]
async fn what_waits_is_changed_where_it_is_and_keeps_its_key() {
    browser("503\n200").await;
    let tab = Tab::with(|settings| settings.outbox.base_ms = 600_000);
    let first = tab.put("1").await.unwrap();
    let key = "{\"idempotency-key\": \"mine\"}";
    let second = tab.queue("PUT", URL, "2", key, Queue::new()).await.unwrap();
    tab.hears(first, OutboxChange::Resting).await;
    let outbox = tab.client.outbox();
    outbox
        .edit(second, request_of("PUT", URL, "", ""))
        .await
        .unwrap();
    assert_eq!(
        stored("bodies")
            .await
            .map(|all| js_sys::Array::from(&all).length()),
        Ok(2)
    );
    outbox.again(first).await.unwrap();
    tab.hears(second, OutboxChange::Done).await;
    let sent = request(3).await;
    assert_eq!((&*sent.key, &*sent.body), ("mine", ""));
}

#[wasm_bindgen_test]
async fn what_is_not_there_is_being_sent_or_may_have_been_applied_is_not_changed() {
    browser("hang").await;
    let tab = Tab::with(|settings| settings.outbox.base_ms = 600_000);
    let outbox = tab.client.outbox();
    let edit = |id| outbox.edit(id, request_of("PUT", URL, "y", ""));
    let refused = |error| Err(Error::Outbox(error));
    assert_eq!(edit(EntryId(7)).await, refused(OutboxError::Gone));
    let gone = outbox.request(EntryId(7)).await;
    assert_eq!(gone.unwrap_err().code(), "outbox-gone");
    let id = tab.put("x").await.unwrap();
    request(1).await;
    assert_eq!(edit(id).await, refused(OutboxError::Sending));
    browser("refuse").await;
    let tab = Tab::with(|settings| settings.outbox.base_ms = 600_000);
    let id = tab.put("x").await.unwrap();
    tab.hears(id, OutboxChange::Resting).await;
    let edited = tab
        .client
        .outbox()
        .edit(id, request_of("PUT", URL, "y", ""))
        .await;
    assert_eq!(edited, refused(OutboxError::InDoubt));
    assert_eq!(count(), 1);
}
