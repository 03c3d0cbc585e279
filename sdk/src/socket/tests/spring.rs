//! A `fetch` whose other end a test plays: event streams, byte by byte.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/testing/sockets.js")]
extern "C" {
    pub(super) fn tap();
    pub(super) fn untap();
    /// Waits until so many requests have been made.
    pub(super) async fn flows(number: u32) -> JsValue;
    pub(super) fn asks() -> u32;
    #[wasm_bindgen(js_name = urlOf)]
    pub(super) fn url_of(number: u32) -> String;
    #[wasm_bindgen(js_name = fieldOf)]
    pub(super) fn field_of(number: u32, name: &str) -> Option<String>;
    #[wasm_bindgen(js_name = isAborted)]
    pub(super) fn is_aborted(number: u32) -> bool;
    pub(super) fn answer(number: u32, status: u16, wait: Option<&str>);
    #[wasm_bindgen(js_name = refuseRequest)]
    pub(super) fn refuse(number: u32);
    pub(super) fn pour(number: u32, text: &str, piece: u32);
    pub(super) fn cut(number: u32);
}
