use futures::FutureExt;
use gloo_net::http::Request;
use js_sys::{Object, Reflect};
use tidegate::{Client, Event, Settings, Source, StorageMode};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::AbortController;

use super::stub::scenario;

#[wasm_bindgen_test]
async fn what_one_page_kept_the_next_one_finds() {
    let test = scenario(|_| {}).await;
    test.keep(1).await;
    assert_eq!(test.client.health().storage.mode, StorageMode::IndexedDb);
    test.preset("outage").await;
    let next = Client::new(Settings::default()).unwrap();
    assert_eq!(
        next.get(&test.url(1)).await.unwrap().explanation.source,
        Source::Cache
    );
}

#[wasm_bindgen_test]
async fn what_one_page_sealed_the_next_one_opens() {
    let test = scenario(|settings| settings.cache.encrypt = 1).await;
    test.keep(1).await;
    assert_eq!(test.client.health().storage.mode, StorageMode::IndexedDb);
    test.preset("outage").await;
    // Whatever it would write itself.
    let next = Client::new(Settings::default()).unwrap();
    let answer = next.get(&test.url(1)).await.unwrap();
    assert_eq!(answer.explanation.source, Source::Cache);
}

#[wasm_bindgen_test]
async fn the_oldest_answers_make_room() {
    let test = scenario(|settings| settings.cache.entries = 2).await;
    for page in 1..=3 {
        test.keep(page).await;
    }
    test.preset("outage").await;
    let mut kept = Vec::new();
    for page in 1..=3 {
        kept.push(test.client.get(&test.url(page)).await.is_ok());
    }
    assert_eq!(kept, [false, true, true]);
}

#[wasm_bindgen_test]
async fn a_body_over_the_limit_is_not_kept() {
    let test = scenario(|settings| settings.cache.entry_bytes = 10).await;
    test.client.get(&test.url(1)).await.unwrap();
    test.preset("outage").await;
    assert!(test.client.get(&test.url(1)).await.is_err());
}

#[wasm_bindgen_test]
async fn memory_takes_over_where_the_database_is_refused() {
    for broken in [Breakage::Gone, Breakage::Throws, Breakage::Hangs] {
        let _broken = broken.install();
        let test = scenario(|_| {}).await;
        test.keep(1).await;
        let storage = test.client.health().storage;
        assert_eq!(storage.mode, StorageMode::Memory, "{broken:?}");
        assert!(
            storage
                .reason
                .is_some_and(|reason| reason.contains(broken.word())),
            "{broken:?}"
        );
        test.preset("outage").await;
        assert_eq!(
            test.client
                .get(&test.url(1))
                .await
                .unwrap()
                .explanation
                .source,
            Source::Cache,
            "{broken:?}"
        );
    }
}

#[wasm_bindgen_test]
async fn answers_that_come_together_are_all_kept_in_memory() {
    let _broken = Breakage::Hangs.install();
    let test = scenario(|_| {}).await;
    let urls = [1, 2, 3, 4].map(|page| test.url(page));
    let all_kept = test.event(|event| matches!(event, Event::Kept(_)));
    futures::future::join_all(urls.iter().map(|url| test.client.get(url))).await;
    all_kept.await;
    while test.client.health().counters.kept < 4 {
        test.event(|event| matches!(event, Event::Kept(_))).await;
    }
    test.preset("outage").await;
    for url in &urls {
        let answer = test.client.get(url).await.unwrap();
        assert_eq!(answer.explanation.source, Source::Cache);
    }
}

#[wasm_bindgen_test]
async fn an_abort_is_heard_while_a_slow_disk_is_read() {
    let _broken = Breakage::Hangs.install();
    let test = scenario(|settings| settings.retry.attempts = 1).await;
    test.preset("outage").await;
    let controller = AbortController::new().unwrap();
    let request = Request::get(&test.url(1))
        .abort_signal(Some(&controller.signal()))
        .build()
        .unwrap();
    let mut call = Box::pin(test.client.fetch(request));
    // Once the attempt is over, what is left to wait for is the disk.
    while test
        .client
        .health()
        .scopes
        .first()
        .is_none_or(|scope| scope.calls == 0)
    {
        assert!(call.as_mut().now_or_never().is_none());
        test.arrivals(0).await;
    }
    controller.abort();
    assert_eq!(call.await.unwrap_err().code(), "aborted");
}

#[wasm_bindgen_test]
async fn a_cache_without_entries_is_off() {
    let test = scenario(|settings| settings.cache.entries = 0).await;
    test.client.get(&test.url(1)).await.unwrap();
    assert_eq!(test.client.health().storage.mode, StorageMode::Off);
    test.preset("outage").await;
    assert!(test.client.get(&test.url(1)).await.is_err());
}

/// How a browser refuses its database.
#[derive(Clone, Copy, Debug)]
enum Breakage {
    Gone,
    Hangs,
    Throws,
}

impl Breakage {
    /// Replaces `indexedDB` until the guard is dropped.
    fn install(self) -> Guard {
        let body = match self {
            Breakage::Gone => "return undefined",
            Breakage::Hangs => "return { open: () => ({}) }",
            Breakage::Throws => {
                "return { open() { throw new DOMException('no', 'SecurityError') } }"
            }
        };
        let property = Object::new();
        Reflect::set(
            &property,
            &"get".into(),
            &js_sys::Function::new_no_args(body),
        )
        .unwrap();
        Reflect::set(&property, &"configurable".into(), &JsValue::TRUE).unwrap();
        Reflect::define_property(&js_sys::global(), &"indexedDB".into(), &property).unwrap();
        Guard
    }

    fn word(self) -> &'static str {
        match self {
            Breakage::Gone => "no IndexedDB",
            Breakage::Hangs => "does not answer",
            Breakage::Throws => "SecurityError",
        }
    }
}

struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        // The browser's own getter is on the prototype.
        let _ = Reflect::delete_property(&js_sys::global(), &"indexedDB".into());
    }
}
