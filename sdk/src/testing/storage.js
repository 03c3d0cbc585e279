/** What the tests of storage have in the page: a database that fails, and a server for queued writes. */

// The database of answers, and how any breaks.

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

/** The connection of each database that was used last, and of all. */
const used = new Map();
let latest;
const transaction = IDBDatabase.prototype.transaction;
IDBDatabase.prototype.transaction = function (...given) {
    latest = this;
    used.set(this.name, this);
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

// The outbox: its server, its database.

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

/** How to undo it. */
export const outbox_cannot_open = () => replace(IDBFactory.prototype, "open", () => refuse("UnknownError"));

/** What is queued or claimed tells no other tab of it. How to undo it. */
export const nobody_tells = () => replace(BroadcastChannel.prototype, "postMessage", () => () => {});

/** The next plan that is to be made anew cannot be: what it needs is not read. How to undo it, and how often that was so. */
export function next_replan_fails() {
    const told = { times: 0 };
    told.undo = replace(IDBObjectStore.prototype, "getAllKeys", (method) => function (...given) {
        if (this.transaction.mode !== "readwrite" || told.times > 0) return method.apply(this, given);
        told.times += 1;
        return refuse("UnknownError")();
    });
    return told;
}

/** Writes of the queue are aborted when they are complete but for that. */
export const outbox_commits_abort = () =>
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

/** The browser takes the connection of the queue away, and says so or not. */
export function take_outbox_away(says) {
    const connection = used.get("tidegate-outbox");
    connection.close();
    if (says) connection.dispatchEvent(new Event("close"));
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
