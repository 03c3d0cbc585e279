use futures::channel::oneshot;
use futures::future::join;
use tidegate_core::outbox::{EntryState, OutboxChange};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use super::server::{count, reads_hang, request, request_of, request_with_signal, serve, undo};
use super::world::{Tab, URL, browser, entry_of};
use crate::{Answer, Error, Outgoing, Queue, Source};

fn live(tab: &Tab, body: &str) -> Outgoing {
    let request = request_of("PUT", URL, body, "");
    tab.client.request(request).queue(Queue::new().live(true))
}

async fn text(answer: &Answer) -> String {
    answer.response.text().await.unwrap()
}

#[wasm_bindgen_test]
async fn who_waits_has_the_servers_own_answer() {
    browser("503\n201 made").await;
    let tab = Tab::open();
    let answer = live(&tab, "x").send().await.unwrap();
    assert_eq!(
        (answer.response.status(), &*text(&answer).await),
        (201, "made")
    );
    let said = &answer.explanation;
    assert_eq!(
        (said.source, said.entry, said.attempts),
        (Source::Network, Some(1), 2)
    );
    assert_eq!(tab.states().await, []);
}

#[wasm_bindgen_test]
async fn what_the_server_will_not_have_is_its_callers_to_know_and_no_dead_letter() {
    browser("422 no such owner").await;
    let tab = Tab::open();
    let answer = live(&tab, "x").send().await.unwrap();
    assert_eq!(
        (answer.response.status(), &*text(&answer).await),
        (422, "no such owner")
    );
    tab.hears(crate::EntryId(1), OutboxChange::Answered).await;
    assert_eq!(tab.states().await, []);
}

#[wasm_bindgen_test]
async fn who_does_not_wait_any_more_takes_nothing_back() {
    browser("hang").await;
    let tab = Tab::open();
    let controller = AbortController::new().unwrap();
    let aborted = request_with_signal(URL, &controller.signal());
    let outgoing = tab.client.request(aborted).queue(Queue::new().live(true));
    let (told, hears) = oneshot::channel();
    spawn_local(async move { drop(told.send(outgoing.send().await)) });
    request(1).await;
    controller.abort();
    let answer = hears.await.unwrap().unwrap();
    assert_eq!(
        (answer.response.status(), entry_of(&answer).await.0),
        (202, 1)
    );
    assert_eq!(answer.explanation.source, Source::Queue);
    assert_eq!(tab.states().await, [EntryState::Sending]);
}

#[wasm_bindgen_test]
async fn nobody_waits_for_longer_than_a_call_may_take() {
    browser("503").await;
    let tab = Tab::with(|settings| settings.timeout.total_ms = 100);
    let answer = live(&tab, "x").send().await.unwrap();
    assert_eq!(answer.response.status(), 202);
    assert_eq!(tab.states().await.len(), 1);
}

#[wasm_bindgen_test]
async fn nobody_waits_for_a_person_to_sign_in() {
    browser("401").await;
    let tab = Tab::open();
    let answer = live(&tab, "x").send().await.unwrap();
    assert_eq!(answer.response.status(), 202);
    assert_eq!(tab.states().await, [EntryState::Parked]);
    let answer = live(&tab, "y").send().await.unwrap();
    assert_eq!(answer.response.status(), 202, "nothing goes before");
}

#[wasm_bindgen_test]
async fn what_a_live_request_says_of_who_sends_it_goes_with_it_and_is_not_stored() {
    browser("200").await;
    let tab = Tab::open();
    let headers = "{\"authorization\": \"Bearer mine\"}";
    let said = request_of("PUT", URL, "x", headers);
    let outgoing = tab.client.request(said).queue(Queue::new().live(true));
    outgoing.send().await.unwrap();
    assert_eq!(request(1).await.authorization, "Bearer mine");
}

#[wasm_bindgen_test]
async fn where_another_tab_sends_it_who_waits_has_the_answer() {
    browser("200 done\n503\n201 made").await;
    let (first, second) = (Tab::open(), Tab::open());
    first.put("x").await.unwrap();
    let answer = live(&second, "y").send().await.unwrap();
    assert_eq!(
        (answer.response.status(), &*text(&answer).await),
        (201, "made")
    );
    assert_eq!(
        answer.response.headers().get("cache-control").as_deref(),
        Some("max-age=60")
    );
    assert_eq!(answer.explanation.source, Source::Network);
    assert_eq!(request(3).await.body, "y");
    first.hears(crate::EntryId(2), OutboxChange::Done).await;
    assert_eq!(second.states().await, []);
}

#[wasm_bindgen_test]
async fn what_the_server_will_not_have_of_another_tab_is_no_dead_letter_if_its_caller_has_heard_it()
{
    browser("200 done\n422 no such owner").await;
    let (first, second) = (Tab::open(), Tab::open());
    first.put("x").await.unwrap();
    let answer = live(&second, "y").send().await.unwrap();
    assert_eq!(
        (answer.response.status(), &*text(&answer).await),
        (422, "no such owner")
    );
    first.hears(crate::EntryId(2), OutboxChange::Answered).await;
    assert_eq!(second.states().await, []);
}

#[wasm_bindgen_test]
async fn two_writes_with_one_key_have_each_an_answer_of_its_own_from_another_tab() {
    browser("200 done\n200 one\n200 other").await;
    let (first, second) = (Tab::open(), Tab::open());
    first.put("x").await.unwrap();
    let headers = "{\"idempotency-key\": \"k\"}";
    let ask = |url| {
        let request = request_of("PUT", url, "y", headers);
        (second
            .client
            .request(request)
            .queue(Queue::new().live(true)))
        .send()
    };
    let both = futures::future::join(ask(URL), ask("https://api.example/assets/8"));
    let (one, other) = both.await;
    let (one, other) = (text(&one.unwrap()).await, text(&other.unwrap()).await);
    assert_ne!(one, other);
}

#[wasm_bindgen_test]
async fn what_the_server_will_not_have_is_a_dead_letter_if_nobody_waits_in_another_tab_any_more() {
    browser("200 done\nhang").await;
    let (first, second) = (Tab::open(), Tab::open());
    first.put("x").await.unwrap();
    let controller = AbortController::new().unwrap();
    let aborted = request_with_signal(URL, &controller.signal());
    let outgoing = second
        .client
        .request(aborted)
        .queue(Queue::new().live(true));
    let (told, hears) = oneshot::channel();
    spawn_local(async move { drop(told.send(outgoing.send().await)) });
    request(2).await;
    controller.abort();
    assert_eq!(hears.await.unwrap().unwrap().response.status(), 202);
    serve("422 no such owner");
    drop(first);
    second.hears(crate::EntryId(2), OutboxChange::Dead).await;
}

#[wasm_bindgen_test]
async fn a_write_does_not_overtake_what_its_lane_has() {
    browser("503\n200\n200 second").await;
    let tab = Tab::open();
    let first = tab.put("1").await.unwrap();
    tab.hears(first, OutboxChange::Resting).await;
    let second = request_of("PUT", &[URL, "?now"].concat(), "2", "");
    let answer = tab.client.request(second).send().await.unwrap();
    assert_eq!(
        (answer.response.status(), &*text(&answer).await),
        (200, "second")
    );
    let (before, last) = (request(2).await, request(3).await);
    assert_eq!((&*before.body, &*last.body, count()), ("1", "2", 3));
}

#[wasm_bindgen_test]
async fn a_write_goes_at_once_where_nothing_is_in_its_lane_or_it_was_told_to() {
    browser("503\n200 second").await;
    let tab = Tab::with(|settings| settings.outbox.base_ms = 600_000);
    let first = tab.put("1").await.unwrap();
    tab.hears(first, OutboxChange::Resting).await;
    let other = request_of("PUT", "https://api.example/other", "2", "");
    let (other, same) = join(
        tab.client.request(other).send(),
        tab.client
            .request(request_of("PUT", URL, "3", ""))
            .joins(false)
            .send(),
    )
    .await;
    for answer in [other, same] {
        let said = answer.unwrap().explanation;
        assert_eq!((said.source, said.entry), (Source::Network, None));
    }
    assert_eq!(tab.states().await, [EntryState::Resting]);
}

#[wasm_bindgen_test]
async fn what_cannot_be_queued_goes_at_once_with_its_body() {
    browser("503\n200").await;
    let tab = Tab::with(|settings| settings.outbox.base_ms = 600_000);
    let first = tab.put("1").await.unwrap();
    tab.hears(first, OutboxChange::Resting).await;
    let post = request_of("POST", URL, "2", "");
    let answer = tab.client.request(post).send().await.unwrap();
    assert_eq!(answer.explanation.source, Source::Network);
    assert_eq!(request(2).await.body, "2");
}

#[wasm_bindgen_test]
async fn who_signs_out_hears_nothing_of_what_they_waited_for() {
    browser("hang").await;
    let tab = Tab::open();
    tab.client.set_identity(Some("ann"));
    let outgoing = live(&tab, "x");
    let (told, hears) = oneshot::channel();
    spawn_local(async move { drop(told.send(outgoing.send().await)) });
    request(1).await;
    tab.client.set_identity(None);
    let answer = hears.await.unwrap();
    assert!(matches!(answer, Err(Error::Aborted(_))), "{answer:?}");
    serve("200");
    tab.client.set_identity(Some("ann"));
    assert_eq!(request(1).await.body, "x");
}

#[wasm_bindgen_test]
async fn a_database_that_gives_no_answer_holds_no_write_up() {
    browser("503\n200").await;
    let tab = Tab::with(|settings| settings.outbox.base_ms = 600_000);
    let first = tab.put("1").await.unwrap();
    tab.hears(first, OutboxChange::Resting).await;
    let reads = reads_hang().await;
    let answer = tab
        .client
        .request(request_of("PUT", URL, "3", ""))
        .send()
        .await;
    undo(reads.unchecked_ref());
    assert_eq!(answer.unwrap().explanation.source, Source::Network);
}
