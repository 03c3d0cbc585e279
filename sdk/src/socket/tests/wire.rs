//! A browser's socket whose other end a test plays.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(inline_js = r#"
const made = [];
const listening = new Map();
let waiting = [];

class Wire extends EventTarget {
    readyState = 0;
    bufferedAmount = 0;
    sent = [];
    closes = [];
    constructor(url, protocols) {
        super();
        Object.assign(this, { url, protocols });
        made.push(this);
        waiting = waiting.filter((look) => !look());
    }
    send(data) { this.sent.push(data); }
    close(code) {
        this.closes.push(code);
        this.readyState = 2;
    }
}

const real = { WebSocket: globalThis.WebSocket };

/** From now on sockets are scripted; those that were made are forgotten. */
export function script() {
    made.length = 0;
    globalThis.WebSocket = Wire;
}

export const unscript = () => { globalThis.WebSocket = real.WebSocket; };

/** How many were made. */
export const count = () => made.length;

/** The socket of a number, from 1, once it has been made. */
export const dialled = (number) => new Promise((resolve) => {
    const look = () => number <= made.length && (resolve(made[number - 1]), true);
    if (!look()) waiting.push(look);
});

const last = () => made[made.length - 1];

export function accept() {
    last().readyState = 1;
    last().dispatchEvent(new Event("open"));
}

export const say = (data) => last().dispatchEvent(new MessageEvent("message", { data }));

export function drop(code) {
    last().readyState = 3;
    last().dispatchEvent(new CloseEvent("close", { code }));
}

export const hold = (bytes) => { last().bufferedAmount = bytes; };
export const closing = () => { last().readyState = 2; };

/** What was sent on all of them, each in words. */
export const sent = () => made.map((wire) => wire.sent.map((it) => typeof it === "string" ? it : `${new Uint8Array(it.buffer ?? it)}`).join("|")).join(" / ");
export const closes = () => made.map((wire) => wire.closes.join("|")).join(" / ");

/** Listeners of the page that were added and not removed. */
export function countListeners() {
    for (const [name, target] of [["window", globalThis], ["document", document]]) {
        for (const [method, by] of [["addEventListener", 1], ["removeEventListener", -1]]) {
            const own = target[method];
            target[method] = function (...words) {
                listening.set(name, (listening.get(name) ?? 0) + by);
                return own.apply(this, words);
            };
        }
    }
}
export const listeners = () => [...listening.values()].reduce((sum, each) => sum + each, 0);

export function stopCounting() {
    for (const target of [globalThis, document]) {
        delete target.addEventListener;
        delete target.removeEventListener;
    }
    listening.clear();
}

export const fire = (name, persisted) => {
    const target = ["freeze", "resume", "visibilitychange"].includes(name) ? document : globalThis;
    target.dispatchEvent(Object.assign(new Event(name), { persisted }));
};
"#)]
extern "C" {
    pub(super) fn script();
    pub(super) fn unscript();
    pub(super) fn count() -> u32;
    pub(super) async fn dialled(number: u32) -> JsValue;
    pub(super) fn accept();
    pub(super) fn say(data: &JsValue);
    pub(super) fn drop(code: u16);
    pub(super) fn hold(bytes: f64);
    pub(super) fn closing();
    pub(super) fn sent() -> String;
    pub(super) fn closes() -> String;
    #[wasm_bindgen(js_name = countListeners)]
    pub(super) fn count_listeners();
    pub(super) fn listeners() -> i32;
    #[wasm_bindgen(js_name = stopCounting)]
    pub(super) fn stop_counting();
    pub(super) fn fire(name: &str, persisted: bool);
}
