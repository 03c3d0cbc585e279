/** What the tests of sockets have in the page: the other end of a WebSocket, and of a `fetch` that streams. */

// WebSockets.

const made = [];
const listening = new Map();
let dialling = [];

class Wire extends EventTarget {
    readyState = 0;
    bufferedAmount = 0;
    sent = [];
    closes = [];
    constructor(url, protocols) {
        super();
        Object.assign(this, { url, protocols });
        made.push(this);
        dialling = dialling.filter((look) => !look());
    }
    send(data) { this.sent.push(data); }
    close(code) {
        this.closes.push(code);
        this.readyState = 2;
    }
}

const real = { WebSocket: globalThis.WebSocket, fetch: globalThis.fetch };

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
    if (!look()) dialling.push(look);
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

let reading;
let let_go;
/** What is read of messages on the disk comes when it is let go. */
export function holdReads() {
    const { prototype } = IDBTransaction;
    const own = Object.getOwnPropertyDescriptor(prototype, "oncomplete");
    let read;
    reading = new Promise((resolve) => { read = resolve; });
    const gone = new Promise((resolve) => {
        let_go = () => {
            Object.defineProperty(prototype, "oncomplete", own);
            resolve();
        };
    });
    Object.defineProperty(prototype, "oncomplete", { ...own, set(heard) {
        const held = this.mode === "readonly" && this.objectStoreNames.contains("bodies");
        own.set.call(this, held ? (event) => { read(); gone.then(() => heard(event)); } : heard);
    } });
}
/** Something was read, and is held. */
export const isRead = () => reading;
export const letReadsGo = () => let_go();

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

// Event streams.

const asked = [];
let asking = [];

/** From now on requests are recorded, and answered by the test; those that were made are forgotten. */
export function tap() {
    asked.length = 0;
    asking = [];
    globalThis.fetch = (request) => new Promise((resolve, reject) => {
        request.signal.addEventListener("abort", () => reject(request.signal.reason));
        asked.push({ request, resolve, reject });
        asking = asking.filter((look) => !look());
    });
}

export const untap = () => { globalThis.fetch = real.fetch; };

export const flows = (number) => new Promise((resolve) => {
    const look = () => number <= asked.length && (resolve(), true);
    if (!look()) asking.push(look);
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

export const refuseRequest = (number) => asked[number - 1].reject(new TypeError("no network"));

/** Bytes of the text in pieces of this length, wherever a letter ends. */
export function pour(number, text, piece) {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at < bytes.length; at += piece) asked[number - 1].controller.enqueue(bytes.slice(at, at + piece));
}

export const cut = (number) => asked[number - 1].controller.error(new TypeError("cut"));
