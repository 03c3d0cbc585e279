// Takes the hashes out of the names by which the module imports JavaScript.
//
// wasm-bindgen gives each name 64 random bits, which no compression makes shorter, and they are downloaded twice: with the module and
// with the JavaScript. They keep a module from being joined to the JavaScript of another release. The one name under which everything
// is imported does that now: it has the version and a hash of the module in it.

import { createHash } from "node:crypto";

const HEADER = 8;
const IMPORTS = 2;
const FUNCTION = 0;

/** The module under its new names, and a script that exports what WebAssembly has to be given for it. */
export function renamed(module, version) {
  const from = `tidegate ${version} ${createHash("sha256").update(module).digest("hex").slice(0, 8)}`;
  const names = new Map();
  const parts = [module.subarray(0, HEADER)];
  for (const { id, body } of sections(new Reader(module.subarray(HEADER)))) {
    const written = id === IMPORTS ? imports(new Reader(body), from, names) : body;
    parts.push(Buffer.of(id), number(written.length), written);
  }
  return { module: Buffer.concat(parts), script: script(from, names) };
}

function* sections(reader) {
  while (!reader.atEnd()) yield { id: reader.byte(), body: reader.bytes(reader.number()) };
}

/** The section of the imports with new names, which are noted. */
function imports(reader, from, names) {
  const count = reader.number();
  const parts = [number(count)];
  for (let n = 0; n < count; n++) {
    const source = reader.text();
    const name = reader.text();
    if (reader.byte() !== FUNCTION) throw new Error(`${name} is imported, and is no function`);
    const short = unused(plain(name), names);
    names.set(short, `${source.endsWith("tidegate_bg.js") ? "glue" : "boundary"}.${name}`);
    parts.push(text(from), text(short), Buffer.of(FUNCTION), number(reader.number()));
  }
  return Buffer.concat(parts);
}

/** `__wbg_call_a410eb4b59ed5965` as `call`. */
function plain(name) {
  return name.replace(/^(_*(wbg|wbindgen)_)+/, "").replace(/_[0-9a-f]{16}$/, "");
}

function unused(name, names) {
  let free = name;
  for (let n = 2; names.has(free); n++) free = `${name}${n}`;
  return free;
}

function script(from, names) {
  const entries = [...names].map(([name, value]) => `${JSON.stringify(name)}: ${value},`);
  return `
    import * as boundary from "tidegate:boundary";
    import * as glue from "tidegate:glue";
    export default { ${JSON.stringify(from)}: { ${entries.join(" ")} } };
  `;
}

class Reader {
  #bytes;
  #at = 0;

  constructor(bytes) {
    this.#bytes = bytes;
  }

  atEnd() {
    return this.#at >= this.#bytes.length;
  }

  byte() {
    return this.#bytes[this.#at++];
  }

  bytes(length) {
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  /** LEB128, without a sign. */
  number() {
    let value = 0;
    for (let place = 1; ; place *= 128) {
      const byte = this.byte();
      value += (byte % 128) * place;
      if (byte < 128) return value;
    }
  }

  text() {
    return Buffer.from(this.bytes(this.number())).toString();
  }
}

function number(value) {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.of(...bytes, value);
}

function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([number(bytes.length), bytes]);
}
