// What would be dozens of crossings between JavaScript and WebAssembly, in one each: a crossing costs little, a string across it a
// microsecond, and a call used to take hundreds. No policy is here: facts go over as text, and answers are made of text and bodies.

/** @returns what a request says of itself, a line each; then its header fields, a line each as `name,value`. */
export function asked(request) {
  return facts(request, [
    "method",
    "url",
    "cache",
    "credentials",
    "mode",
    "redirect",
    "integrity",
  ]);
}

/** @returns the same of a response; the first line says whether it can be read and kept, which a mock's may not. */
export function answered(response) {
  const body = property(response, "body");
  const readable =
    body === null || typeof property(body, "getReader") === "function";
  const headers = property(response, "headers");
  return `${readable && typeof headers === "object" && headers !== null}\n${facts(response, ["status", "url", "statusText", "type", "redirected"])}`;
}

/**
 * Sends a request. Its referrer has to be told again wherever anything else is told (Fetch, "new Request").
 *
 * @param ours ends it, as each of `theirs` does, after the response's head as well as before it. Where `AbortSignal.any` is missing (before
 * 2023), theirs reach it only until its head is there.
 * @param mode how the browser's own cache is used; `undefined`: as the request says.
 * @throws what `fetch` throws.
 */
export function send(request, ours, theirs, mode) {
  const init = {};
  if (ours) init.signal = theirs ? anyOf([...theirs, ours]) : ours;
  if (mode !== undefined) init.cache = mode;
  for (const name of ["referrer", "referrerPolicy"]) {
    const value = property(request, name);
    // What is so by itself need not be said.
    if (value !== "about:client") init[name] = value;
  }
  // A mock may give anything.
  return Promise.resolve(fetch(request, init));
}

function anyOf(signals) {
  try {
    return AbortSignal.any(signals);
  } catch {
    return signals.at(-1);
  }
}

/** Ends the reading of a body once each of these has aborted that has not yet. Nothing of the module is held by it. */
export function leash(controller, signals) {
  const ends = signals
    .filter((signal) => !signal.aborted)
    .map(
      (signal) =>
        new Promise((resolve) => signal.addEventListener("abort", resolve)),
    );
  Promise.all(ends).then(
    () => controller.abort(),
    () => {},
  );
}

/**
 * A native response that says where it comes from.
 *
 * @throws what the constructor throws.
 */
export function respond(fields, status, statusText, body, url, redirected) {
  const headers = new Headers();
  for (const line of fields.split("\n")) {
    const comma = line.indexOf(",");
    try {
      headers.append(line.slice(0, comma), line.slice(comma + 1));
    } catch {
      // A field that this browser refuses is left out rather than making the whole answer useless.
    }
  }
  const response = new Response(body, { status, statusText, headers });
  // These cannot be given to the constructor, and libraries read them.
  Object.defineProperty(response, "url", { value: url });
  if (redirected)
    Object.defineProperty(response, "redirected", { value: true });
  return response;
}

/** A body that is being read. */
export class Reading {
  #reader;
  /** The whole body; `undefined` when it is larger than allowed, is not bytes, or was given up. Rejected when it breaks off. */
  whole;

  /** @param most bytes; a response without a body has an empty one. */
  constructor(response, most) {
    this.#reader = response.body?.getReader();
    this.whole = this.#reader
      ? this.#read(most)
      : Promise.resolve(new ArrayBuffer(0));
  }

  giveUp() {
    this.#reader?.cancel().catch(() => {});
  }

  async #read(most) {
    const chunks = [];
    let bytes = 0;
    for (;;) {
      const { done, value } = await this.#reader.read();
      if (done) return joined(chunks, bytes);
      // A mock's stream may give anything; what is no bytes here is none for `fetch` either.
      const isBytes =
        ArrayBuffer.isView(value) && value.BYTES_PER_ELEMENT === 1;
      if (isBytes) bytes += value.byteLength;
      if (!isBytes || bytes > most) {
        this.giveUp();
        return undefined;
      }
      chunks.push(value);
    }
  }
}

/** One buffer of many views. */
export function joined(chunks, bytes) {
  const whole = new Uint8Array(bytes);
  let place = 0;
  for (const chunk of chunks) {
    whole.set(chunk, place);
    place += chunk.byteLength;
  }
  return whole.buffer;
}

/**
 * Reads two stores at several ranges of keys in one transaction: whatever begins with one of the prefixes.
 *
 * @returns the records by prefix: those of the first store, then those of the second.
 */
export function scan(database, stores, prefixes) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, "readonly");
    const found = [];
    let missing = 0;
    for (const prefix of prefixes) {
      // No text is greater that begins with the prefix: keys are compared by UTF-16 units.
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`);
      for (const store of stores) {
        const request = transaction.objectStore(store).getAll(range);
        const place = missing++;
        request.onsuccess = () => {
          found[place] = request.result;
          if (--missing === 0) resolve(found);
        };
      }
    }
    // It ends with its last request, and not when the page has a turn again: one that is frozen meanwhile would hold up every other.
    transaction.commit?.();
    transaction.onabort = () => reject(transaction.error);
  });
}

/** A record of the store of heads. */
export function headRecord(key, head, bytes, sum, seal) {
  return { key, head, bytes, sum, seal };
}

/** A record of the store of uses. */
export function useRecord(key, bytes, used) {
  return { key, bytes, used };
}

/**
 * A request of the outbox as it goes now.
 *
 * @param fields a line each as `name,value`.
 * @param stored what was stored with its body.
 * @param taken placeholders, each followed by what is to stand in its place.
 * @throws what the constructor throws.
 */
export function resend(method, url, fields, stored, taken) {
  const { body, credentials, mode, referrerPolicy } = stored;
  const headers = new Headers();
  for (const line of fields.split("\n")) {
    const comma = line.indexOf(",");
    if (comma > 0) headers.append(line.slice(0, comma), line.slice(comma + 1));
  }
  const type = headers.get("content-type") ?? "";
  // A write is not sent to where nobody meant it to go, and its answer is nobody's to keep.
  const init = { redirect: "manual", cache: "no-store" };
  const filled =
    body && taken.length > 0 && isText(type)
      ? new TextEncoder().encode(
          fill(new TextDecoder().decode(body), taken, escapes(type)),
        )
      : body;
  return new Request(fill(url, taken, encodeURIComponent), {
    ...init,
    method,
    headers,
    credentials,
    mode,
    referrerPolicy,
    body: filled ?? null,
  });
}

function isText(type) {
  return /^text\/|json|xml|x-www-form-urlencoded/i.test(type);
}

/** How a value is written in a body of a type. */
function escapes(type) {
  if (/json/i.test(type)) return (value) => JSON.stringify(value).slice(1, -1);
  return /urlencoded/i.test(type) ? encodeURIComponent : (value) => value;
}

/** All at once: what one value says is no place for another. */
function fill(text, taken, escape) {
  if (taken.length === 0) return text;
  const values = new Map();
  for (let place = 0; place < taken.length; place += 2) {
    // A URL that was parsed has braces in this form.
    for (const name of [taken[place], encodeURI(taken[place])])
      values.set(name, escape(taken[place + 1]));
  }
  const names = [...values.keys()].map((name) =>
    name.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"),
  );
  return text.replace(new RegExp(names.join("|"), "g"), (name) =>
    values.get(name),
  );
}

/** @returns what a body in JSON has at these paths of members; `undefined` where it has nothing that could be written somewhere. */
export function members(body, paths) {
  let whole;
  try {
    whole = JSON.parse(new TextDecoder().decode(body));
  } catch {
    // It is no JSON, and has nothing anywhere.
  }
  return paths.map((path) => {
    const found = path
      .split(".")
      .reduce((object, name) => property(object, name), whole);
    return ["string", "number", "boolean"].includes(typeof found)
      ? String(found)
      : undefined;
  });
}

/** A random key. `randomUUID` is missing where the address is insecure. */
export function randomKey() {
  const { crypto } = globalThis;
  if (crypto?.randomUUID) return crypto.randomUUID();
  const bytes = new Uint8Array(16);
  if (crypto?.getRandomValues) crypto.getRandomValues(bytes);
  else for (const place of bytes.keys()) bytes[place] = Math.random() * 256;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

/** @returns whether there is a database of a name, as far as the browser tells without opening it. */
export async function hasDatabase(name) {
  try {
    const all = await globalThis.indexedDB?.databases?.();
    return all?.some((each) => each.name === name) ?? false;
  } catch {
    return false;
  }
}

/**
 * The messages of sockets are among the outbox's bodies, under keys that no entry has: a word, whose, of which socket, a number, bytes, since when,
 * and what the message is known by.
 */
const messagesOf = (...whose) =>
  IDBKeyRange.bound(["socket", ...whose], ["socket", ...whose, []]);

/** Does something in one transaction, which counts when it is on the disk. */
function withMessages(database, mode, act) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction("bodies", mode, {
      durability: "strict",
    });
    transaction.onabort = () => reject(transaction.error);
    act(transaction.objectStore("bodies"), (result) => {
      transaction.oncomplete = () => resolve(result);
      // It ends with its last request, and not when the page has a turn again.
      transaction.commit?.();
    });
  });
}

/** Stores a message, unless it is there, or there are too many or too large ones of its owner. @returns whether it is there */
export function storeMessage(database, place, message, entries, bytes) {
  const [owner, socket, , , key] = place;
  return withMessages(database, "readwrite", (store, done) => {
    store.getAllKeys(messagesOf(owner)).onsuccess = ({
      target: { result: all },
    }) => {
      if (all.some((each) => each[2] === socket && each[6] === key))
        return done(true);
      const held = all.reduce((sum, each) => sum + each[4], place[2]);
      if (all.length >= entries || held > bytes) return done(false);
      const last = all.reduce((most, each) => Math.max(most, each[3]), 0);
      store.put(message, [
        "socket",
        owner,
        socket,
        last + 1,
        ...place.slice(2),
      ]);
      done(true);
    };
  });
}

/** The oldest messages of a socket, so many and of so many bytes at most: how many there are, their bytes, keys, messages. */
export function readMessages(database, owner, socket, entries, bytes) {
  return withMessages(database, "readonly", (store, done) => {
    const range = messagesOf(owner, socket);
    store.getAllKeys(range).onsuccess = ({ target: { result: all } }) => {
      const held = all.reduce((sum, each) => sum + each[4], 0);
      let size = 0;
      const first = all
        .slice(0, entries)
        .filter((each, place) => (size += each[4]) <= bytes || place === 0);
      if (first.length === 0) return done([0, 0, [], []]);
      store.getAll(range, first.length).onsuccess = ({ target }) =>
        done([all.length, held, first, target.result]);
    };
  });
}

export const dropMessages = (database, keys) =>
  withMessages(database, "readwrite", (store, done) => {
    for (const key of keys) store.delete(key);
    done();
  });

/** Of all sockets of somebody. */
export const forgetMessages = (database, owner) =>
  withMessages(database, "readwrite", (store, done) => {
    store.delete(messagesOf(owner));
    done();
  });

/** What this tab remembers over a reload; nothing where the browser refuses. */
export function remembered(name) {
  try {
    return sessionStorage.getItem(name) ?? undefined;
  } catch {}
}

export function remember(name, text) {
  try {
    sessionStorage.setItem(name, text);
  } catch {}
}

/** Forgets all that is remembered under names that begin so. */
export function unremember(beginning) {
  try {
    for (const name of Object.keys(sessionStorage))
      if (name.startsWith(beginning)) sessionStorage.removeItem(name);
  } catch {}
}

const PRIMES = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f, 0x165667b1];

/** XXH32 of the bytes: a damaged body is not served. It takes no copy, no promise and no secure context, and a millisecond for 2 MB. */
export function checksum(buffer) {
  const [first, second, third, fourth, fifth] = PRIMES;
  const bytes = new Uint8Array(buffer);
  const words = new Uint32Array(buffer, 0, buffer.byteLength >> 2);
  const turn = (value, bits) => (value << bits) | (value >>> (32 - bits));
  const round = (lane, word) =>
    Math.imul(turn((lane + Math.imul(word, second)) | 0, 13), first);
  let word = 0;
  let sum = fifth;
  if (words.length >= 4) {
    let [a, b, c, d] = [(first + second) | 0, second | 0, 0, -first | 0];
    for (; word + 4 <= words.length; word += 4) {
      a = round(a, words[word]);
      b = round(b, words[word + 1]);
      c = round(c, words[word + 2]);
      d = round(d, words[word + 3]);
    }
    sum = turn(a, 1) + turn(b, 7) + turn(c, 12) + turn(d, 18);
  }
  sum = (sum + bytes.length) | 0;
  for (; word < words.length; word += 1)
    sum = Math.imul(
      turn((sum + Math.imul(words[word], third)) | 0, 17),
      fourth,
    );
  for (let byte = word * 4; byte < bytes.length; byte += 1)
    sum = Math.imul(turn((sum + Math.imul(bytes[byte], fifth)) | 0, 11), first);
  sum = Math.imul(sum ^ (sum >>> 15), second);
  sum = Math.imul(sum ^ (sum >>> 13), third);
  return (sum ^ (sum >>> 16)) >>> 0;
}

function facts(object, names) {
  const traits = names.map((name) => word(property(object, name)));
  // Pairs, in order of their names; neither a name nor a value has line breaks, and a name has no comma.
  return [...traits, ...fields(property(object, "headers"))].join("\n");
}

function fields(headers) {
  const lines = [];
  try {
    // A third of what `Array.from` takes.
    for (const pair of headers) lines.push(`${pair[0]},${pair[1]}`);
  } catch {
    return [];
  }
  return lines;
}

/** On one line; nothing of what is no word: a mock may have anything there. */
function word(value) {
  return typeof value === "object" || typeof value === "symbol"
    ? ""
    : String(value ?? "").replaceAll("\n", " ");
}

/** A property, or `undefined` where there is no object, or it refuses to give it. */
export function property(object, name) {
  try {
    return object?.[name];
  } catch {
    return undefined;
  }
}

/** A socket of the browser's. The class is looked up when it is used, so that mocks are seen. */
export function dial(url, protocols) {
  const socket = new WebSocket(url, protocols);
  socket.binaryType = "arraybuffer";
  return socket;
}

/** Where the event stream of a channel is: a URL with the channel in it, or whatever `fetch` takes. Braces in a path are escaped in a URL. */
function placed(target, channel) {
  return typeof target === "string"
    ? target.replace(/\{channel\}|%7Bchannel%7D/gi, () =>
        encodeURIComponent(channel),
      )
    : target;
}

/**
 * An event stream: a function that goes one step on and tells what came of it, which is the head of the answer (`0, status, events, retryAfter, date`),
 * then a piece of its text (`1, text`) for each step, and its end (`2`). What is not asked for waits with the server. An `EventSource` would tell neither
 * status nor header fields.
 */
export function attend(target, channel, since, signal, told) {
  let reader;
  // A mark is the parser's business, half a letter at a piece's end is not.
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const begin = async () => {
    const request = new Request(placed(target, channel), {
      cache: "no-store",
      signal,
    });
    request.headers.set("accept", "text/event-stream");
    if (since !== undefined) request.headers.set("last-event-id", since);
    const { status, headers, body } = await fetch(request);
    const events = /^text\/event-stream\b/i.test(headers.get("content-type"));
    reader = body?.getReader();
    return [0, status, events, headers.get("retry-after"), headers.get("date")];
  };
  const read = async () => {
    const { done, value } = await reader.read();
    return done ? [2] : [1, decoder.decode(value, { stream: true })];
  };
  return async () => {
    let said = [2];
    try {
      said = await (reader ? read() : begin());
    } catch {
      // It was not to be had, or has broken off.
    }
    // Whoever has aborted hears nothing any more.
    if (!signal.aborted) told(...said);
    else reader?.cancel().catch(() => {});
  };
}

/** Whether a socket still takes what is written, which one that is about to close does not. */
export function takes(socket) {
  return socket.readyState === 1;
}

/** @returns the bytes that the browser holds after it. */
export function transmit(socket, data) {
  socket.send(data);
  return socket.bufferedAmount;
}

/** Closes a socket that may be closed already. */
export function hangUp(socket, code, reason) {
  try {
    socket.close(code, reason);
  } catch {
    // A mock may take no code; nobody listens to it any more.
  }
}

/** The bytes as they are now, for they may be changed before they are sent. A buffer that was given away has none. */
export function copied(data) {
  const isView = ArrayBuffer.isView(data);
  if (!isView && !(data instanceof ArrayBuffer)) return data;
  try {
    return isView
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice()
      : data.slice(0);
  } catch {
    return new ArrayBuffer(0);
  }
}

const holds = new Set();

/** What lasts until it is let go of, as a lock does that is held until a promise is resolved. */
export class Hold {
  #end;
  constructor() {
    this.until = new Promise((resolve) => {
      this.#end = resolve;
    });
    holds.add(this);
  }
  letGo() {
    holds.delete(this);
    this.#end();
  }
}

/** The module is lost, and nobody in it will let go of anything any more: other tabs wait for that. */
export function letAllGo() {
  for (const hold of holds) hold.letGo();
}
