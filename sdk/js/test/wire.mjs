// A browser's WebSocket whose other end a test plays.

import { scenario, withGlobals } from "./scenario.mjs";

export class Wire extends EventTarget {
  static all = [];
  readyState = 0;
  bufferedAmount = 0;
  protocol = "";
  extensions = "";
  sent = [];
  closes = [];

  constructor(url, protocols = []) {
    super();
    Object.assign(this, { url: String(url), protocols: [protocols].flat() });
    Wire.all.push(this);
  }

  static get last() {
    return Wire.all.at(-1);
  }

  send(data) {
    if (this.readyState === 0) throw new DOMException("not yet", "InvalidStateError");
    this.sent.push(data);
  }

  close(code, reason) {
    this.closes.push([code, reason]);
    if (this.readyState < 2) this.readyState = 2;
  }

  /** The server takes the connection. */
  open(protocol = "") {
    this.readyState = 1;
    this.protocol = protocol;
    this.dispatchEvent(new Event("open"));
  }

  say(data) {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  /** The connection is gone. */
  drop(code = 1006, reason = "", wasClean = false) {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason, wasClean }));
  }
}

/** A scenario with {@link Wire} in the place of the browser's class. */
export function wired(name, run, settings = {}) {
  const quick = { windowMs: 0, ownMs: 0, baseMs: 1, ...settings.socket };
  scenario(
    name,
    async (world) => {
      Wire.all = [];
      await withGlobals({ WebSocket: Wire }, () => run(world));
    },
    { ...settings, socket: quick },
  );
}

/** What a socket dispatches, as words. */
export function heard(socket) {
  const words = [];
  for (const name of ["open", "message", "error", "close"]) {
    socket.addEventListener(name, ({ data, code }) => words.push([name, data ?? code].join(" ").trim()));
  }
  return words;
}
