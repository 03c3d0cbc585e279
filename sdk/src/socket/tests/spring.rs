//! A `fetch` whose other end a test plays: event streams, byte by byte.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(inline_js = r#"
const asked = [];
let waiting = [];
const real = { fetch: globalThis.fetch };

/** From now on requests are recorded, and answered by the test; those that were made are forgotten. */
export function tap() {
    asked.length = 0;
    waiting = [];
    globalThis.fetch = (request) => new Promise((resolve, reject) => {
        request.signal.addEventListener("abort", () => reject(request.signal.reason));
        asked.push({ request, resolve, reject });
        waiting = waiting.filter((look) => !look());
    });
}

export const untap = () => { globalThis.fetch = real.fetch; };

export const flows = (number) => new Promise((resolve) => {
    const look = () => number <= asked.length && (resolve(), true);
    if (!look()) waiting.push(look);
});

export const asks = () => asked.length;
export const urlOf = (number) => asked[number - 1].request.url;
export const fieldOf = (number, name) => asked[number - 1].request.headers.get(name) ?? undefined;
export const isAborted = (number) => asked[number - 1].request.signal.aborted;

/** Answers a request, with a stream if it is a 200. */
export function answer(number, status, wait) {
    const one = asked[number - 1];
    const headers = { "content-type": "text/event-stream; charset=utf-8" };
    if (wait !== undefined) headers["retry-after"] = wait;
    const body = status === 204 ? null : new ReadableStream({ start: (controller) => { one.controller = controller; } });
    one.resolve(new Response(body, { status, headers }));
}

export const refuse = (number) => asked[number - 1].reject(new TypeError("no network"));

/** Bytes of the text in pieces of this length, wherever a letter ends. */
export function pour(number, text, piece) {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += piece) asked[number - 1].controller.enqueue(bytes.slice(at, at + piece));
}

export const cut = (number) => asked[number - 1].controller.error(new TypeError("cut"));
"#)]
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
    pub(super) fn refuse(number: u32);
    pub(super) fn pour(number: u32, text: &str, piece: u32);
    pub(super) fn cut(number: u32);
}
