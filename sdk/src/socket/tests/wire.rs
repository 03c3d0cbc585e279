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

export const sayTo = (number, data) => made[number - 1].dispatchEvent(new MessageEvent("message", { data }));

export function dropAt(number, code) {
    made[number - 1].readyState = 3;
    made[number - 1].dispatchEvent(new CloseEvent("close", { code }));
}

/** What is kept by those before is gone, and what the tab remembers. */
export async function forget() {
    sessionStorage.clear();
    for (const { name } of await indexedDB.databases()) {
        await new Promise((resolve, reject) => {
            const request = indexedDB.deleteDatabase(name);
            request.onsuccess = resolve;
            request.onerror = reject;
        });
    }
}

/** Another tab, as far as what it remembers goes. */
export const anotherTab = () => sessionStorage.clear();
export const remembers = () => Object.keys(sessionStorage).length;
export const whatItRemembers = () => Object.values(sessionStorage).join();

const now = Date.now;
/** The calendar is ahead by so many milliseconds. */
export const shiftCalendar = (by) => { Date.now = () => now() + by; };

/** The browser has no locks, or has them again. */
export const refuseLocks = (refuses) => {
    if (refuses) Object.defineProperty(navigator, "locks", { value: undefined, configurable: true });
    else delete navigator.locks;
};

/** The browser refuses its storage, or no longer. */
const storage = Object.getOwnPropertyDescriptor(globalThis, "indexedDB");
export const refuse = (refuses) => {
    Object.defineProperty(globalThis, "indexedDB", refuses ? { value: undefined, configurable: true } : storage);
};

export const hold = (bytes) => { last().bufferedAmount = bytes; };
export const closing = () => { last().readyState = 2; };

/** What was sent on all of them, each in words. */
export const sent = () => made.map((wire) => wire.sent.map((it) => typeof it === "string" ? it : `${new Uint8Array(it.buffer ?? it)}`).join("|")).join(" / ");
export const closes = () => made.map((wire) => wire.closes.join("|")).join(" / ");

export const urls = () => made.map(({ url }) => url).join(" / ");

/** Counts listeners of the page that are added and not removed; of an event that nothing but sockets listens to. */
export function countListeners() {
    for (const [name, target] of [["window", globalThis], ["document", document]]) {
        for (const [method, by] of [["addEventListener", 1], ["removeEventListener", -1]]) {
            const own = target[method];
            target[method] = function (...words) {
                if (words[0] === "pageshow") listening.set(name, (listening.get(name) ?? 0) + by);
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
    #[wasm_bindgen(js_name = sayTo)]
    pub(super) fn say_to(number: u32, data: &JsValue);
    #[wasm_bindgen(js_name = dropAt)]
    pub(super) fn drop_at(number: u32, code: u16);
    pub(super) async fn forget();
    #[wasm_bindgen(js_name = anotherTab)]
    pub(super) fn another_tab();
    pub(super) fn remembers() -> u32;
    #[wasm_bindgen(js_name = whatItRemembers)]
    pub(super) fn what_it_remembers() -> String;
    #[wasm_bindgen(js_name = shiftCalendar)]
    pub(super) fn shift_calendar(by: f64);
    #[wasm_bindgen(js_name = refuseLocks)]
    pub(super) fn refuse_locks(refuses: bool);
    pub(super) fn refuse(refuses: bool);
    pub(super) fn hold(bytes: f64);
    pub(super) fn closing();
    pub(super) fn sent() -> String;
    pub(super) fn closes() -> String;
    pub(super) fn urls() -> String;
    #[wasm_bindgen(js_name = countListeners)]
    pub(super) fn count_listeners();
    pub(super) fn listeners() -> i32;
    #[wasm_bindgen(js_name = stopCounting)]
    pub(super) fn stop_counting();
    pub(super) fn fire(name: &str, persisted: bool);
}
