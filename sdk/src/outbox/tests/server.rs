//! A server in the page, and a database that fails.

use js_sys::Array;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(inline_js = r#"
const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
});

let seen = [];
let waiting = [];

/**
 * From now on `fetch` answers one after the other of these lines, and then the last for ever: a status and perhaps a body, `refuse` for no
 * answer, `hang` for none until it is aborted.
 */
export function serve(answers) {
    const lines = answers.split("\n");
    seen = [];
    waiting = [];
    globalThis.fetch = async (request, { signal } = {}) => {
        const { method, url, headers, redirect } = request;
        const body = await request.clone().text();
        const said = (name) => headers.get(name) ?? "";
        const line = lines.length > 1 ? lines.shift() : lines[0];
        seen.push([method, url, said("idempotency-key"), said("authorization"), said("content-type"), body, redirect]);
        waiting = waiting.filter((look) => !look());
        if (line === "refuse") throw new TypeError("refused");
        if (line === "hang") return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
        // As the browser shows it: it hides the status, and where.
        if (line === "elsewhere") return { type: "opaqueredirect", status: 0, url, headers: new Headers(), body: null };
        const [status, ...rest] = line.split(" ");
        const words = rest.join(" ");
        const answer = { status: Number(status), headers: { "cache-control": "max-age=60" } };
        return new Response(words ? reading(words, signal) : null, answer);
    };
}

/** A body that comes when it is read, unless it was aborted before. */
function reading(text, signal) {
    const pull = (controller) => {
        if (signal?.aborted) return controller.error(signal.reason);
        controller.enqueue(new TextEncoder().encode(text));
        controller.close();
    };
    return new ReadableStream({ pull }, { highWaterMark: 0 });
}

/** The request of a number, from 1, once it has come. */
export const sent = (number) => new Promise((resolve) => {
    const look = () => {
        if (seen.length < number) return false;
        resolve(seen[number - 1]);
        return true;
    };
    if (!look()) waiting.push(look);
});

export const count = () => seen.length;

/** The browser says so. */
export function network_is(there) {
    Object.defineProperty(navigator, "onLine", { configurable: true, get: () => there });
    dispatchEvent(new Event(there ? "online" : "offline"));
}

export const remove = () => done(indexedDB.deleteDatabase("tidegate-outbox"));

export async function exists() {
    return (await indexedDB.databases()).some(({ name }) => name === "tidegate-outbox");
}

export async function stored(name) {
    const database = await done(indexedDB.open("tidegate-outbox"));
    try {
        return await done(database.transaction(name).objectStore(name).getAll());
    } finally {
        database.close();
    }
}

/** A later release opens the database, adds a store, and goes; how many rows it has found. */
export async function upgrade(version, store) {
    const request = indexedDB.open("tidegate-outbox", version);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    const database = await done(request);
    try {
        return await done(database.transaction("rows").objectStore("rows").count());
    } finally {
        database.close();
    }
}

/** How to undo it: nothing is read of the queue any more, and every tab believes that it has changed. */
export async function reads_hang() {
    const undo = replace(IDBObjectStore.prototype, "getAllKeys", () => () => ({}));
    const [says, hears] = [new BroadcastChannel("tidegate outbox"), new BroadcastChannel("tidegate outbox")];
    const heard = new Promise((resolve) => { hears.onmessage = resolve; });
    says.postMessage("changed");
    await heard;
    says.close();
    hears.close();
    return undo;
}

/** How to undo it. */
export function without_locks() {
    Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
    return () => { delete navigator.locks; };
}

function replace(prototype, name, other) {
    const method = prototype[name];
    prototype[name] = other(method);
    return () => { prototype[name] = method; };
}

const refuse = () => { throw new DOMException("injected", "UnknownError"); };

/** How to undo it. */
export const opens_throw = () => replace(IDBFactory.prototype, "open", () => refuse);

/** What is queued or claimed tells no other tab of it. How to undo it. */
export const nobody_tells = () => replace(BroadcastChannel.prototype, "postMessage", () => () => {});

/** The next plan that is to be made anew cannot be: what it needs is not read. How to undo it, and how often that was so. */
export function next_replan_fails() {
    const told = { times: 0 };
    told.undo = replace(IDBObjectStore.prototype, "getAllKeys", (method) => function (...given) {
        if (this.transaction.mode !== "readwrite" || told.times > 0) return method.apply(this, given);
        told.times += 1;
        return refuse();
    });
    return told;
}

/** Writes of the queue are aborted when they are complete but for that. */
export const commits_abort = () =>
    replace(IDBTransaction.prototype, "commit", (commit) => function () {
        if (this.objectStoreNames.contains("rows")) this.abort();
        else commit.call(this);
    });

/** The transactions of the queue that write say how durable they are. */
export function durabilities() {
    const all = [];
    const undo = replace(IDBDatabase.prototype, "transaction", (method) => function (...given) {
        const transaction = method.apply(this, given);
        if (transaction.mode === "readwrite" && transaction.objectStoreNames.contains("rows")) all.push(transaction.durability);
        return transaction;
    });
    return { all, undo };
}

let latest;
const transaction = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...given) {
    if (this.name === "tidegate-outbox") latest = this;
    return transaction.apply(this, given);
};

/** The browser takes the connection of the queue away, and says so or not. */
export function take_connection_away(says) {
    latest.close();
    if (says) latest.dispatchEvent(new Event("close"));
}

const bodies = {
    json: () => JSON.stringify({ name: "x" }),
    form: () => { const form = new FormData(); form.set("name", "x"); return form; },
    blob: () => new Blob(["x"], { type: "image/x" }),
    stream: () => new Blob(["x"]).stream(),
    bytes: () => new Uint8Array([120]),
    words: () => new URLSearchParams({ name: "x" }),
};

/** A request with a body of a kind. */
export const request_with = (url, kind) => new Request(url, { method: "PUT", body: bodies[kind](), duplex: "half" });

export const request_with_signal = (url, signal) => new Request(url, { method: "PUT", body: "x", signal });

export const request_of = (method, url, body, headers) =>
    new Request(url, { method, body: body || undefined, headers: JSON.parse(headers || "{}") });
"#)]
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
    pub(super) fn opens_throw() -> js_sys::Function;
    pub(super) fn nobody_tells() -> js_sys::Function;
    pub(super) fn next_replan_fails() -> JsValue;
    pub(super) fn commits_abort() -> js_sys::Function;
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
