import type { Engine, Line } from "./engine.js";
import type { SocketEvent, SocketHealth } from "./generated.js";
import { type Address, finder, place } from "./socket-address.js";
import { Channels, report, reported } from "./socket-channels.js";
import { checkedClose, engineOptions, outgoing } from "./socket-check.js";
import { messageEvent } from "./socket-events.js";
import { Hello } from "./socket-hello.js";
import type {
  ChannelMessage,
  ChannelOptions,
  Provided,
  Published,
  PublishOptions,
  RpcOptions,
  SendState,
  SocketOptions,
  Streams,
  Subscription,
} from "./socket-options.js";
import { CLOSING, CONNECTING, OPEN, type SocketData, SocketShape } from "./socket-shape.js";
import { Waiting } from "./socket-waiting.js";

/** How the engine is had. @internal */
export interface SocketHost {
  /** Has it begin once there is an engine, or go on without. */
  attach(socket: Attached): void;
  detach(socket: Attached): void;
}

/** What the host does with a socket. @internal */
export interface Attached {
  begin(engine: Engine): void;
  /** There is no engine, or none any more. */
  plainly(): void;
}

/** In the order of the engine's words. */
const STATES: SendState[] = ["acknowledged", "dropped", "queued", "written"];

/**
 * A drop-in `WebSocket` that comes back. `open` is dispatched for each connection, `close` once, when it does not come back by itself; what
 * happens in between is a `change`. Without an engine it is the browser's own socket.
 */
export class TidegateWebSocket extends SocketShape {
  readonly #host: SocketHost;
  readonly #address: Address;
  readonly #options: SocketOptions;
  /** Where event streams are, if there are any. */
  readonly #streams: { fallback?: ReturnType<typeof place> };
  /** What the engine is told of them. */
  readonly #told: object;
  readonly #raw: boolean;
  /** It is the browser's own, with nothing added. */
  readonly #transparent: boolean;
  readonly #channels = new Channels();
  /** What waits for the engine, or without one for the browser. */
  readonly #waiting = new Waiting();
  readonly #attached: Attached = { begin: (engine) => this.#begin(engine), plainly: () => this.#plainly() };
  #line: Line | undefined;
  /** What is sent now goes to the browser at once, before anything that waits. */
  #direct = false;
  /** What is said first is being said. */
  #hello: Hello | undefined;
  /** How far the messages were read, where the wire is raw. */
  #position: string | undefined;
  /** It does not come back by itself, and may be asked to. */
  #stopped = false;
  /** How the browser's socket ended. */
  #ended: CloseEvent | undefined;
  /** Bytes that were sent after the end, which the standard counts. */
  #void = 0;

  /** @internal */
  constructor(
    host: SocketHost,
    url: Provided<string | URL> | Streams,
    protocols: Provided<string | string[]>,
    options: SocketOptions,
  ) {
    super();
    this.#host = host;
    const only = options.wire === "sse";
    const streams = only ? (url as Streams) : options.fallback;
    this.#streams = streams === undefined ? {} : { fallback: place(streams) };
    this.#options = options;
    this.#raw = (options.wire ?? "raw") === "raw";
    this.#transparent = this.#raw && options.reconnect === false;
    if (this.#raw) this.#position = options.positions;
    const { fallback } = this.#streams;
    this.#told = { ...engineOptions(options, this.#raw), ...this.#streams };
    const at = typeof fallback === "string" ? fallback : "";
    const where = url as Provided<string | URL>;
    this.#address = only ? [at] : finder(where, protocols, options.wire, () => this.#position);
    if (typeof this.#address !== "function") this.address = this.#address[0];
    if (this.#transparent) this.#plainly();
    else host.attach(this.#attached);
  }

  /** The bytes that were sent and have not gone to the network: the browser's, and those that wait for a connection. */
  get bufferedAmount(): number {
    const queued = this.#line?.queued() ?? this.#waiting.bytes;
    return this.#void + queued + (this.native?.bufferedAmount ?? 0);
  }

  /**
   * Sends a text or bytes. What becomes of it: `"written"`, the browser has it; `"queued"`, it waits for a connection, and is sent unless a
   * `change` says that it was dropped; `"dropped"`, there is no room, or the socket is closed.
   *
   * What is sent by a listener of `open` goes before what has waited.
   *
   * @throws `InvalidStateError` with `reconnect: false` before it is open.
   */
  send(data: SocketData): SendState {
    if (this.#transparent && this.state === CONNECTING) {
      throw new DOMException("it is not open yet", "InvalidStateError");
    }
    const [value, bytes] = outgoing(data);
    if (this.state >= CLOSING) {
      this.#void += bytes;
      return "dropped";
    }
    if (this.#direct && this.native) {
      this.native.send(value as string);
      return "written";
    }
    return this.#line ? (STATES[this.#line.send(value, bytes)] ?? "dropped") : this.#waiting.add(value, bytes);
  }

  /** Adds a message to a channel: resolves when the server has carried it out, when it was dropped, or if it is durable, when it is on the disk. */
  publish(channel: string, data: unknown, options: PublishOptions = {}): Promise<Published> {
    const { acknowledged = true, durable = this.#options.durable } = options;
    const words = [String(channel), JSON.stringify(data) ?? "null"] as const;
    return durable ? this.#channels.store(...words, options.idem) : this.#channels.publish(...words, acknowledged);
  }

  /**
   * Calls back with each message of a channel, in order and one at a time, until the returned function is called. The position moves when the
   * handler has returned, or its promise has resolved; one that fails is given the message again.
   */
  subscribe(
    channel: string,
    handler: (message: ChannelMessage) => unknown,
    options: ChannelOptions = {},
  ): Subscription {
    return this.#channels.subscribe(String(channel), handler, options);
  }

  /**
   * Asks the server something, and resolves with its answer. What a connection has taken with it is rejected as `"lost"`, since nobody knows
   * whether it was carried out, unless it is `idempotent`.
   *
   * @throws {@link RpcError}, or the signal's reason.
   */
  rpc(method: string, data?: unknown, options: RpcOptions = {}): Promise<unknown> {
    return this.#channels.rpc(String(method), JSON.stringify(data) ?? "null", options);
  }

  /** How far each channel was handled, or the messages of a raw wire, for {@link SocketOptions.positions} after a reload. */
  get positions(): string {
    if (this.#raw) return this.#position ?? "";
    return this.#line?.positions() ?? this.#options.positions ?? "";
  }

  /** How it is; `undefined` while there is no engine. */
  health(): SocketHealth | undefined {
    return this.#line?.health() as SocketHealth | undefined;
  }

  /** Asks for a connection at once, or for another one, also after it had stopped. `false`: it is closed for good. */
  reconnect(): boolean {
    if (this.#direct || (this.state >= CLOSING && !this.#stopped)) return false;
    this.state = CONNECTING;
    if (this.#stopped) this.#host.attach(this.#attached);
    this.#stopped = false;
    this.#line?.reconnect();
    return true;
  }

  /**
   * Closes it for good.
   *
   * @throws `InvalidAccessError` for a code that is neither 1000 nor from 3000 to 4999, `SyntaxError` for a reason of more than 123 bytes.
   */
  close(code?: number, reason?: string): void {
    const words = checkedClose(code, reason);
    this.#stopped = false;
    if (this.state >= CLOSING) return;
    this.#hush();
    // The browser's own takes as long as it takes.
    if (this.#transparent && this.native) this.state = CLOSING;
    else this.part();
    // Before the engine does: without a code, the server is told none.
    this.native?.close(...words);
    this.#line?.close();
  }

  #begin(engine: Engine): void {
    // Closed meanwhile, or asked to come back.
    if (this.state !== CONNECTING || this.#line) return;
    try {
      this.#line = engine.socket(this.#address, this.#told, this.#hear);
    } catch (refusal) {
      this.part();
      throw refusal;
    }
    const line = this.#line;
    this.#channels.begin(line);
    this.#waiting.flush((data, bytes) => line.send(data, bytes));
  }

  /** What the engine tells. */
  #hear = (word: string, said: never): unknown => {
    if (word === "greeting") return this.#greet(said);
    if (word === "message") this.#heard(said);
    else if (word === "change") this.#changed(said);
    else if (word === "sent") this.#channels.settle(said);
    else {
      // The connection of before is gone.
      this.#hush();
      this.#ended = word === "end" ? said : undefined;
      if (word === "opening") this.take(said);
    }
    return undefined;
  };

  /** Has said what is said first: whether that succeeded, at once or later. */
  #greet(native: WebSocket): boolean | Promise<boolean> {
    const { hello } = this.#options;
    if (!hello) return this.#greeted([]);
    const own = new Hello(native, this.#position);
    this.#hello = own;
    const said = reported(async () => {
      await hello(own);
      return true;
    });
    // One that is not this socket's any more is over, whatever it says.
    return said().then((ok) => {
      if (this.#hello !== own) return false;
      const rest = this.#hush(ok);
      if (ok) return this.#greeted(rest);
      // There is nobody who would make another connection.
      if (!this.#line) native.close(4_499, "hello");
      return false;
    });
  }

  /** Nothing more is said first. */
  #hush(done = false): MessageEvent[] {
    const rest = this.#hello?.end(done) ?? [];
    this.#hello = undefined;
    return rest;
  }

  /** What is sent by those who hear of it goes first: a server may heed nobody who has not said who they are. */
  #greeted(rest: MessageEvent[]): boolean {
    this.opened();
    this.#direct = true;
    this.dispatchEvent(new Event("open"));
    this.#direct = this.#line === undefined;
    if (this.#direct) this.#waiting.flush((data) => this.native?.send(data as string));
    for (const message of rest) this.#heard(message);
    return true;
  }

  #heard(message: MessageEvent): void {
    if (this.#hello) return this.#hello.hear(message);
    if (this.state !== OPEN) return;
    const { isPong, extractPosition } = this.#options;
    if (tried(isPong, message.data)) return;
    this.dispatchEvent(messageEvent(message));
    const position = tried(extractPosition, message.data);
    if (position !== undefined) this.#position = String(position);
  }

  #changed(event: SocketEvent): void {
    const { change, cause, transport } = event;
    // Where there is a greeting, it was dispatched before.
    const open = change === "open" && !this.#raw;
    if (open || change === "moved") this.opened();
    // What is tried beside event streams is not in use yet.
    if (change === "waiting" || (change === "connecting" && cause !== "back")) {
      this.#hush();
      this.state = CONNECTING;
    }
    if (change === "connecting" && transport === "sse") this.native = this.#ended = undefined;
    this.dispatchEvent(Object.assign(new Event("change"), { detail: event }));
    if (open) this.dispatchEvent(new Event("open"));
    if (change === "stopped") {
      this.#stopped = true;
      const { code, reason, wasClean } = this.#ended ?? { code: event.code ?? 1_006, reason: "", wasClean: false };
      this.conclude(code, reason, wasClean);
    }
    // By somebody else: the user has gone, or the client was disposed of.
    if (change === "closed" && this.state < CLOSING) {
      this.#hush();
      this.part(event.code);
    }
  }

  /** Goes on with the browser's own socket, the one that is there if it is not closed. */
  #plainly(): void {
    this.#line = undefined;
    this.#channels.end();
    if (this.state >= CLOSING) return;
    // There is nobody to speak it.
    if (!this.#raw) return this.part();
    const { native } = this;
    if (native && native.readyState < CLOSING) this.#adopt(native);
    else if (typeof this.#address !== "function") this.#dial(this.#address);
    else {
      const dial = (address: string[]) => this.state === CONNECTING && this.#dial(address);
      this.#address(false)
        .then(dial)
        .catch(() => this.part());
    }
  }

  #dial([url, ...protocols]: string[]): void {
    this.#adopt(new WebSocket(url as string, protocols));
  }

  #adopt(native: WebSocket): void {
    this.take(native);
    this.#direct = native.readyState === OPEN && !this.#hello;
    native.addEventListener("open", () => this.#greet(native));
    native.addEventListener("message", (event) => this.#heard(event));
    native.addEventListener("close", ({ code, reason, wasClean }) => this.conclude(code, reason, wasClean));
  }

  /** @internal */
  protected over(): void {
    this.#hush();
    this.#waiting.clear();
    // Closed before there was an engine, which would have said so.
    if (!this.#line) this.#channels.end();
    this.#host.detach(this.#attached);
  }
}

/** What a hook says of a message; one that throws says nothing. */
function tried<Said>(hook: ((data: unknown) => Said) | undefined, data: unknown): Said | undefined {
  try {
    return hook?.(data);
  } catch (error) {
    report(error);
    return undefined;
  }
}
