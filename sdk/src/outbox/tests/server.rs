//! A server in the page, and a database that fails.

use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/testing/storage.js")]
extern "C" {
    pub(super) fn serve(answers: &str);
    pub(super) async fn sent(number: u32) -> JsValue;
    pub(super) fn count() -> u32;
    pub(super) fn network_is(there: bool);
    #[wasm_bindgen(catch)]
    pub(super) async fn remove() -> Result<JsValue, JsValue>;
    pub(super) async fn exists() -> JsValue;
    #[wasm_bindgen(catch)]
    pub(super) async fn stored(name: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn upgrade(version: u32, store: &str) -> Result<JsValue, JsValue>;
    pub(super) async fn reads_hang() -> JsValue;
    pub(super) fn without_locks() -> js_sys::Function;
    #[wasm_bindgen(js_name = outbox_cannot_open)]
    pub(super) fn opens_throw() -> js_sys::Function;
    pub(super) fn nobody_tells() -> js_sys::Function;
    pub(super) fn next_replan_fails() -> JsValue;
    #[wasm_bindgen(js_name = outbox_commits_abort)]
    pub(super) fn commits_abort() -> js_sys::Function;
    #[wasm_bindgen(js_name = take_outbox_away)]
    pub(super) fn take_connection_away(says: bool);
    pub(super) fn durabilities() -> JsValue;
    pub(super) fn request_with(url: &str, kind: &str) -> web_sys::Request;
    pub(super) fn request_with_signal(url: &str, signal: &web_sys::AbortSignal)
    -> web_sys::Request;
    pub(super) fn request_of(
        method: &str,
        url: &str,
        body: &str,
        headers: &str,
    ) -> web_sys::Request;
}

/// A request that the server has seen.
#[derive(Debug, PartialEq)]
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) url: String,
    pub(super) key: String,
    pub(super) authorization: String,
    pub(super) kind: String,
    pub(super) body: String,
    pub(super) redirect: String,
}

/// The request of a number, from 1, once it has come.
pub(super) async fn request(number: u32) -> Sent {
    let words: Array = sent(number).await.unchecked_into();
    let word = |place| words.get(place).as_string().unwrap();
    Sent {
        method: word(0),
        url: word(1),
        key: word(2),
        authorization: word(3),
        kind: word(4),
        body: word(5),
        redirect: word(6),
    }
}

pub(super) fn undo(undo: &js_sys::Function) {
    undo.call0(&JsValue::UNDEFINED).unwrap();
}
