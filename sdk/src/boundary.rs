//! What is done on JavaScript's side of the boundary in one crossing: `boundary.js` says why.

use js_sys::{Array, ArrayBuffer, Function, Promise};
use wasm_bindgen::prelude::*;
use web_sys::{AbortController, AbortSignal, IdbDatabase, Request, Response, WebSocket};

#[wasm_bindgen(module = "/src/boundary.js")]
extern "C" {
    /// `method`, `url`, `cache`, `credentials`, `mode`, `redirect`, `integrity`, then the header fields: a line each.
    pub(crate) fn asked(request: &Request) -> String;

    /// Whether it is readable, `status`, `url`, `statusText`, `type`, `redirected`, then the header fields: a line each.
    pub(crate) fn answered(response: &JsValue) -> String;

    /// Sends a request; `ours` and each of `theirs` ends it.
    #[wasm_bindgen(catch)]
    pub(crate) fn send(
        request: &Request,
        ours: Option<&AbortSignal>,
        theirs: Option<Array>,
        mode: Option<&str>,
    ) -> Result<Promise, JsValue>;

    /// Ends the reading of a body once each of the signals has fired that has not yet.
    pub(crate) fn leash(controller: &AbortController, signals: &Array);

    /// A property, or `undefined` where there is no object, or it has none, or it refuses to give it.
    pub(crate) fn property(object: &JsValue, name: &str) -> JsValue;

    #[wasm_bindgen(catch)]
    pub(crate) fn respond(
        fields: &str,
        status: u16,
        words: &str,
        body: Option<ArrayBuffer>,
        url: &str,
        redirected: bool,
    ) -> Result<Response, JsValue>;

    pub(crate) type Reading;

    #[wasm_bindgen(constructor, catch)]
    pub(crate) fn new(response: &Response, most: u32) -> Result<Reading, JsValue>;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn whole(this: &Reading) -> Promise;

    #[wasm_bindgen(method, js_name = giveUp)]
    pub(crate) fn give_up(this: &Reading);

    /// What lasts until it is let go of, by us, or because this module is lost.
    pub(crate) type Hold;

    #[wasm_bindgen(constructor, js_class = "Hold")]
    pub(crate) fn new() -> Hold;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn until(this: &Hold) -> Promise;

    #[wasm_bindgen(method, js_name = letGo)]
    pub(crate) fn let_go(this: &Hold);

    pub(crate) fn joined(chunks: &Array, bytes: u32) -> ArrayBuffer;

    #[wasm_bindgen(js_name = headRecord)]
    pub(crate) fn head_record(
        key: &str,
        head: &JsValue,
        bytes: f64,
        sum: u32,
        seal: &JsValue,
    ) -> JsValue;

    #[wasm_bindgen(js_name = useRecord)]
    pub(crate) fn use_record(key: &str, bytes: f64, used: f64) -> JsValue;

    pub(crate) fn scan(database: &IdbDatabase, stores: &Array, prefixes: &Array) -> Promise;

    /// A request of the outbox; `taken` has placeholders, each followed by what is to stand in its place.
    #[wasm_bindgen(catch)]
    pub(crate) fn resend(
        method: &str,
        url: &str,
        fields: &str,
        stored: &JsValue,
        taken: &Array,
    ) -> Result<Request, JsValue>;

    /// What a body in JSON has at each of these paths, as text.
    pub(crate) fn members(body: &ArrayBuffer, paths: &Array) -> Array;

    #[wasm_bindgen(js_name = randomKey)]
    pub(crate) fn random_key() -> String;

    /// Whether there is a database of this name, as far as the browser tells without opening it.
    #[wasm_bindgen(js_name = hasDatabase)]
    pub(crate) fn has_database(name: &str) -> Promise;

    #[wasm_bindgen(js_name = storeMessage)]
    pub(crate) fn store_message(
        database: &IdbDatabase,
        place: &Array,
        message: &Array,
        entries: u32,
        bytes: u32,
    ) -> Promise;

    #[wasm_bindgen(js_name = readMessages)]
    pub(crate) fn read_messages(
        database: &IdbDatabase,
        owner: &str,
        socket: &str,
        entries: u32,
        bytes: u32,
    ) -> Promise;

    #[wasm_bindgen(js_name = dropMessages)]
    pub(crate) fn drop_messages(database: &IdbDatabase, keys: &Array) -> Promise;

    #[wasm_bindgen(js_name = forgetMessages)]
    pub(crate) fn forget_messages(database: &IdbDatabase, owner: &str) -> Promise;

    /// What this tab remembers over a reload.
    pub(crate) fn remembered(name: &str) -> Option<String>;

    pub(crate) fn remember(name: &str, text: &str);

    /// Forgets all that is remembered under names that begin so.
    pub(crate) fn unremember(beginning: &str);

    pub(crate) fn checksum(buffer: &ArrayBuffer) -> u32;

    #[wasm_bindgen(catch)]
    pub(crate) fn dial(url: &str, protocols: &Array) -> Result<WebSocket, JsValue>;

    pub(crate) fn attend(
        target: &JsValue,
        channel: &str,
        since: Option<&str>,
        signal: &AbortSignal,
        told: &JsValue,
    ) -> Function;

    pub(crate) fn takes(socket: &WebSocket) -> bool;

    #[wasm_bindgen(catch)]
    pub(crate) fn transmit(socket: &WebSocket, data: &JsValue) -> Result<f64, JsValue>;

    #[wasm_bindgen(js_name = hangUp)]
    pub(crate) fn hang_up(socket: &WebSocket, code: u16, reason: &str);

    pub(crate) fn copied(data: &JsValue) -> JsValue;
}
