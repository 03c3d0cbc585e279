//! Breaks the page's IndexedDB, and looks into it past the store.

use js_sys::{Array, Function};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(inline_js = r#"
const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
});

export const remove_database = () => done(indexedDB.deleteDatabase("tidegate"));

/** Has the database deleted by another tab in the moment in which somebody opens it: resolves when it is gone. */
export function deleted_as_it_opens() {
    const factory = IDBFactory.prototype;
    const { open } = factory;
    return new Promise((resolve, reject) => {
        factory.open = function (...words) {
            factory.open = open;
            const request = open.apply(this, words);
            request.addEventListener("success", () => remove_database().then(resolve, reject));
            return request;
        };
    });
}

/** Opens a version of the database with more stores; the connection, which gives way to nobody. */
export function other_version(version, ...stores) {
    const request = indexedDB.open("tidegate", version);
    request.onupgradeneeded = () => stores.forEach((name) => request.result.createObjectStore(name));
    return done(request);
}

async function with_store(name, mode, work) {
    const database = await done(indexedDB.open("tidegate"));
    try {
        return await done(work(database.transaction(name, mode).objectStore(name)));
    } finally {
        database.close();
    }
}

export const records = (name) => with_store(name, "readonly", (store) => store.getAll());
export const keys = (name) => with_store(name, "readonly", (store) => store.getAllKeys());
export const write = (name, value, key) => with_store(name, "readwrite", (store) => store.put(value, key));
export const erase = (name, key) => with_store(name, "readwrite", (store) => store.delete(key));

/** Whether a text is in what the database has: in a key or a value, whatever it is in. */
export async function said_on_disk(text) {
    const says = (value) => {
        if (typeof value === "string") return value.includes(text);
        if (value instanceof ArrayBuffer) return says(new TextDecoder().decode(value));
        if (ArrayBuffer.isView(value)) return says(value.slice().buffer);
        if (value instanceof CryptoKey) return false;
        if (typeof value !== "object" || value === null) return false;
        return Object.entries(value).some(([name, each]) => says(name) || says(each));
    };
    const database = await done(indexedDB.open("tidegate"));
    const names = [...database.objectStoreNames];
    database.close();
    for (const name of names) {
        if (says(await keys(name)) || says(await records(name))) return true;
    }
    return false;
}

/** The bytes of a key, for whoever may have them. */
export const exported = (key) => crypto.subtle.exportKey("raw", key);

export async function version() {
    const database = await done(indexedDB.open("tidegate"));
    database.close();
    return database.version;
}

const faults = new Set();

/** Undoes what a test before has left: one that fails drops no guard. */
export const mend = () => [...faults].reverse().forEach((undo) => undo());

function until_undone(undo) {
    const once = () => { if (faults.delete(once)) undo(); };
    faults.add(once);
    return once;
}

/** Replaces a method by what `wrap` makes of it; how to undo it. */
function replace(prototype, name, wrap) {
    const method = prototype[name];
    prototype[name] = wrap(method);
    return until_undone(() => { prototype[name] = method; });
}

/** The first `times` calls that fit do something else. */
const first = (times, fits, other) => (method) => function (...given) {
    return fits(this, given) && times-- > 0 ? other(this, given, method) : method.apply(this, given);
};

const refuse = (name) => () => { throw new DOMException("injected", name); };
const always = () => true;
const writes = (_database, [_stores, mode]) => mode === "readwrite";
const of_answers = (transaction) => transaction.objectStoreNames.contains("bodies");

export const opens_throw = (name, times) =>
    replace(IDBFactory.prototype, "open", first(times, always, refuse(name)));

/** A request that fails a moment later. */
const fails = (name) => () => {
    const request = new EventTarget();
    Object.assign(request, { readyState: "pending", error: null });
    queueMicrotask(() => {
        Object.assign(request, { readyState: "done", error: new DOMException("injected", name) });
        request.onerror?.({ target: request });
    });
    return request;
};

/** Opening fails as it does for a broken file. */
export const opens_fail = (name, times) =>
    replace(IDBFactory.prototype, "open", first(times, always, fails(name)));

export const deletes_fail = (name, times) =>
    replace(IDBFactory.prototype, "deleteDatabase", first(times, always, fails(name)));

export const opens_hang = (times) => replace(IDBFactory.prototype, "open", first(times, always, () => ({})));

/** Opening takes until `let_go` is called. */
export function opens_wait() {
    const waiting = [];
    const undo = replace(IDBFactory.prototype, "open", () => function () {
        const request = { readyState: "pending", error: null };
        waiting.push(request);
        return request;
    });
    return { undo, async let_go() {
        undo();
        for (const request of waiting) {
            const real = indexedDB.open("tidegate", 200);
            real.onupgradeneeded = () => { Object.assign(request, { result: real.result, transaction: real.transaction }); request.onupgradeneeded?.({ target: request }); };
            await done(real);
            Object.assign(request, { readyState: "done", result: real.result });
            request.onsuccess?.({ target: request });
        }
    } };
}

export const transactions_throw = (name, times) =>
    replace(IDBDatabase.prototype, "transaction", first(times, always, refuse(name)));

export const puts_throw = (name, times) =>
    replace(IDBObjectStore.prototype, "put", first(times, always, refuse(name)));

/** The disk is full once, and it can be waited for. */
export function full_once() {
    let happen;
    const happened = new Promise((resolve) => { happen = resolve; });
    const undo = replace(IDBObjectStore.prototype, "put", first(1, always, () => {
        happen();
        refuse("QuotaExceededError")();
    }));
    return { happened, undo };
}

/** Transactions that write answers are aborted when they are complete but for that; without a name there is no error, as some browsers do it. */
export const commits_abort = (name, times) =>
    replace(IDBTransaction.prototype, "commit", first(times, of_answers, (transaction) => {
        const error = name ? new DOMException("injected", name) : null;
        Object.defineProperty(transaction, "error", { get: () => error });
        transaction.abort();
    }));

/** Transactions that make rows of partitions are aborted when they are complete but for that. */
export const claims_abort = (name, times) =>
    replace(IDBTransaction.prototype, "commit", first(times, (transaction) => transaction.objectStoreNames.length === 1, (transaction) => {
        Object.defineProperty(transaction, "error", { get: () => new DOMException("injected", name) });
        transaction.abort();
    }));

/** Counts the transactions that write answers, and those that read them. */
export function count_transactions() {
    const count = { writes: 0, reads: 0 };
    count.undo = replace(IDBDatabase.prototype, "transaction", (method) => function (...given) {
        if (this.name === "tidegate" && [given[0]].flat().includes("bodies")) count[given[1] === "readwrite" ? "writes" : "reads"]++;
        return method.apply(this, given);
    });
    return count;
}

let latest;
const transaction = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...given) {
    latest = this;
    return transaction.apply(this, given);
};

/** The browser takes the connection away that was used last. */
export function take_connection_away() {
    latest.close();
    latest.dispatchEvent(new Event("close"));
}

/** Time passes at once. */
export function pass(millis) {
    const now = performance.now.bind(performance);
    performance.now = () => now() + millis;
    return until_undone(() => { performance.now = now; });
}

export const timers_stop = () => replace(globalThis, "setTimeout", () => () => 0);

export function without_subtle() {
    Object.defineProperty(crypto, "subtle", { configurable: true, get: () => undefined });
    return until_undone(() => { delete crypto.subtle; });
}

export const page_is = (state) => document.dispatchEvent(new Event(state));

export function page_hides(persisted) {
    window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted }));
}
"#)]
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
