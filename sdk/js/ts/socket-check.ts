// What the standard says of a WebSocket's arguments, the same in every browser and before the engine is there.

import { TidegateError } from "./error.js";
import type { SocketOptions } from "./socket-options.js";

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const LONGEST_REASON = 123;

/** As the standard has it: relative URLs and `http:` are taken, fragments are not. */
export function checkedUrl(url: unknown): string {
  const { document, location } = globalThis as Partial<typeof globalThis>;
  let parsed: URL;
  try {
    parsed = new URL(String(url), document?.baseURI ?? location?.href);
  } catch {
    throw refusal(`the URL "${String(url)}" is invalid`);
  }
  const scheme = { "http:": "ws:", "https:": "wss:" }[parsed.protocol];
  if (scheme !== undefined) parsed.protocol = scheme;
  if (parsed.protocol !== "ws:" && parsed.protocol !== "wss:") {
    throw refusal(`the URL's scheme must be ws, wss, http or https, and not "${parsed.protocol}"`);
  }
  if (parsed.href.includes("#")) throw refusal("the URL must have no fragment");
  return parsed.href;
}

/** Where event streams are; braces in a path are escaped by this. */
export function checkedPlace(url: unknown): string {
  const { document, location } = globalThis as Partial<typeof globalThis>;
  const text = String(url);
  const base = document?.baseURI ?? location?.href;
  let parsed: URL | undefined;
  try {
    parsed = new URL(text, base);
  } catch {
    // Refused below.
  }
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw refusal(`"${text}" is no URL of event streams`);
  return parsed.href;
}

/** As the standard has it: tokens, each once. */
export function checkedProtocols(protocols: unknown): string[] {
  const list = typeof protocols === "string" ? [protocols] : Array.from(protocols as Iterable<unknown>, String);
  if (!list.every((each) => TOKEN.test(each))) throw refusal(`"${list.join()}": a subprotocol is a token`);
  if (new Set(list.map((each) => each.toLowerCase())).size < list.length) {
    throw refusal(`"${list.join()}": each subprotocol may be there once`);
  }
  return list;
}

/** What the engine is told of the options: functions of this side stay here. */
export function engineOptions(options: SocketOptions, raw: boolean): object {
  const { hello, isPong, extractPosition, token, ...rest } = options;
  const hooks = raw ? { token } : { hello, isPong, extractPosition };
  for (const [name, hook] of Object.entries({ hello, isPong, extractPosition, token })) {
    if (hook === undefined) continue;
    const wants = name in hooks ? `is of no use with wire "${options.wire ?? "raw"}"` : "must be a function";
    if (name in hooks || typeof hook !== "function") {
      const path = `socket.${name}`;
      throw new TidegateError({ code: "invalid-options", message: `\`${path}\` ${wants}`, path });
    }
  }
  return token ? { ...rest, token: (refresh: boolean) => token({ refresh }) } : rest;
}

/** The arguments for the browser's own `close`. */
export function checkedClose(code?: unknown, reason?: unknown): [code?: number, reason?: string] {
  const words = reason === undefined ? undefined : String(reason);
  if (code !== undefined) {
    const number = Math.round(Math.min(65_535, Math.max(0, Number(code) || 0)));
    if (number !== 1_000 && (number < 3_000 || number > 4_999)) {
      throw new DOMException(`${number} is neither 1000 nor from 3000 to 4999`, "InvalidAccessError");
    }
    code = number;
  }
  if (words !== undefined && utf8Length(words) > LONGEST_REASON) {
    throw refusal(`a reason has at most ${LONGEST_REASON} bytes`);
  }
  return words === undefined ? (code === undefined ? [] : [code as number]) : [(code as number) ?? 1_000, words];
}

/** What is sent, and its bytes. */
export function outgoing(data: unknown): [data: string | ArrayBufferLike | ArrayBufferView | Blob, bytes: number] {
  if (typeof Blob === "function" && data instanceof Blob) return [data, data.size];
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) return [data, data.byteLength];
  const text = String(data);
  return [text, utf8Length(text)];
}

/** Bytes in UTF-8, without making them: it is counted for every message. */
function utf8Length(text: string): number {
  let bytes = text.length;
  for (let place = 0; place < text.length; place++) {
    const unit = text.charCodeAt(place);
    if (unit < 0x80) continue;
    bytes += unit < 0x800 ? 1 : 2;
    // A pair is four bytes; half of one is sent as U+FFFD, which is three.
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(place + 1) & 0xfc00) === 0xdc00) {
      place++;
    }
  }
  return bytes;
}

function refusal(message: string): DOMException {
  return new DOMException(message, "SyntaxError");
}
