//! Breaks the page's IndexedDB, and looks into it past the store.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/testing/storage.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    pub(super) async fn remove_database() -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, variadic)]
    pub(super) async fn other_version(version: u32, stores: &Array) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn records(store: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn keys(store: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn write(
        store: &str,
        value: &JsValue,
        key: &JsValue,
    ) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn erase(store: &str, key: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn said_on_disk(text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn exported(key: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch)]
    pub(super) async fn version() -> Result<JsValue, JsValue>;

    fn full_once() -> JsValue;
    fn opens_throw(name: &str, times: u32) -> Function;
    fn opens_fail(name: &str, times: u32) -> Function;
    fn deletes_fail(name: &str, times: u32) -> Function;
    fn opens_hang(times: u32) -> Function;
    fn opens_wait() -> JsValue;
    fn transactions_throw(name: &str, times: u32) -> Function;
    fn puts_throw(name: &str, times: u32) -> Function;
    fn claims_abort(name: &str, times: u32) -> Function;
    fn commits_abort(name: &str, times: u32) -> Function;
    fn count_transactions() -> JsValue;
    pub(super) fn take_connection_away();
    fn pass(millis: f64) -> Function;
    fn timers_stop() -> Function;
    fn without_subtle() -> Function;
    pub(super) fn mend();
    pub(super) fn deleted_as_it_opens() -> js_sys::Promise;
    pub(super) fn page_is(state: &str);
    pub(super) fn page_hides(persisted: bool);
}

/// A way in which a browser fails.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    ClaimsAbort(&'static str, u32),
    CommitsAbort(&'static str, u32),
    DeletesFail(&'static str, u32),
    OpensFail(&'static str, u32),
    OpensHang(u32),
    OpensThrow(&'static str, u32),
    Passes(u32),
    PutsThrow(&'static str, u32),
    TimersStop,
    TransactionsThrow(&'static str, u32),
    WithoutSubtle,
}

/// For ever, near enough.
pub(super) const ALWAYS: u32 = 1_000_000;

impl Fault {
    /// Is there until the guard is dropped.
    pub(super) fn install(self) -> Guard {
        Guard(match self {
            Fault::ClaimsAbort(name, times) => claims_abort(name, times),
            Fault::CommitsAbort(name, times) => commits_abort(name, times),
            Fault::DeletesFail(name, times) => deletes_fail(name, times),
            Fault::OpensFail(name, times) => opens_fail(name, times),
            Fault::OpensHang(times) => opens_hang(times),
            Fault::OpensThrow(name, times) => opens_throw(name, times),
            Fault::Passes(millis) => pass(millis.into()),
            Fault::PutsThrow(name, times) => puts_throw(name, times),
            Fault::TimersStop => timers_stop(),
            Fault::TransactionsThrow(name, times) => transactions_throw(name, times),
            Fault::WithoutSubtle => without_subtle(),
        })
    }
}

#[must_use]
pub(super) struct Guard(Function);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.call0(&JsValue::NULL).unwrap();
    }
}

/// Counts transactions until it is dropped.
pub(super) struct Transactions(JsValue);

impl Transactions {
    pub(super) fn count() -> Transactions {
        Transactions(count_transactions())
    }

    pub(super) fn writes(&self) -> u32 {
        self.so_far("writes")
    }

    pub(super) fn reads(&self) -> u32 {
        self.so_far("reads")
    }

    fn so_far(&self, which: &str) -> u32 {
        let count = crate::boundary::property(&self.0, which);
        count.as_f64().unwrap() as u32
    }
}

impl Drop for Transactions {
    fn drop(&mut self) {
        let undo: Function = crate::boundary::property(&self.0, "undo").unchecked_into();
        undo.call0(&JsValue::NULL).unwrap();
    }
}

/// Opens that take as long as the test likes.
pub(super) struct SlowOpens(JsValue);

impl SlowOpens {
    pub(super) fn install() -> SlowOpens {
        SlowOpens(opens_wait())
    }

    pub(super) async fn let_go(self) {
        let let_go: Function = crate::boundary::property(&self.0, "let_go").unchecked_into();
        let promise = let_go.call0(&self.0).unwrap();
        let promise: js_sys::Promise = promise.unchecked_into();
        wasm_bindgen_futures::JsFuture::from(promise).await.unwrap();
    }
}

impl Drop for SlowOpens {
    fn drop(&mut self) {
        let undo: Function = crate::boundary::property(&self.0, "undo").unchecked_into();
        undo.call0(&JsValue::NULL).unwrap();
    }
}

/// A disk that is full at the next write, and only then.
pub(super) struct Full(JsValue);

impl Full {
    pub(super) fn once() -> Full {
        Full(full_once())
    }

    /// Resolves when a write has found it full.
    pub(super) async fn happened(&self) {
        let happened = crate::boundary::property(&self.0, "happened");
        let happened: js_sys::Promise = happened.unchecked_into();
        wasm_bindgen_futures::JsFuture::from(happened)
            .await
            .unwrap();
    }
}

impl Drop for Full {
    fn drop(&mut self) {
        let undo: Function = crate::boundary::property(&self.0, "undo").unchecked_into();
        undo.call0(&JsValue::NULL).unwrap();
    }
}
