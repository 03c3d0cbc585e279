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
  const traits = names.map((name) =>
    String(property(object, name) ?? "").replaceAll("\n", " "),
  );
  // Pairs, in order of their names; neither a name nor a value has line breaks, and a name has no comma.
  return [...traits, ...fields(property(object, "headers"))].join("\n");
}

function fields(headers) {
  try {
    return Array.from(headers, (pair) => pair.join(","));
  } catch {
    return [];
  }
}

/** A property, or `undefined` where there is no object, or it refuses to give it. */
export function property(object, name) {
  try {
    return object?.[name];
  } catch {
    return undefined;
  }
}
