import type { Engine, Line } from "./engine.js";
import type { SocketEvent, SocketHealth } from "./generated.js";
import { type Address, finder } from "./socket-address.js";
import { Channels } from "./socket-channels.js";
import { checkedClose, outgoing } from "./socket-check.js";
import { closeEvent, defineHandlers, messageEvent, type SocketEventMap } from "./socket-events.js";
import type {
  ChannelMessage,
  ChannelOptions,
  Provided,
  Published,
  PublishOptions,
  SendState,
  SocketOptions,
} from "./socket-options.js";

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

/** What a socket sends. */
export type SocketData = string | ArrayBufferLike | Blob | ArrayBufferView;

const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3] as const;
const CONSTANTS = { CONNECTING, OPEN, CLOSING, CLOSED };
/** In the order of the engine's words. */
const STATES: SendState[] = ["acknowledged", "dropped", "queued", "written"];
/** How long the browser has to say that a socket is closed, which it never says of some that are dead. */
const FAREWELL_MS = 5_000;
/** What may wait for the engine, which takes milliseconds; as much as waits for a connection later. */
const MOST_EARLY_BYTES = 1_048_576;

/**
 * A drop-in `WebSocket` that comes back. `open` is dispatched for each connection, `close` once, when it does not come back by itself; what
 * happens in between is a `change`. Without an engine it is the browser's own socket.
 */
export class TidegateWebSocket extends EventTarget {
  declare static readonly CONNECTING: 0;
  declare static readonly OPEN: 1;
  declare static readonly CLOSING: 2;
  declare static readonly CLOSED: 3;
  declare readonly CONNECTING: 0;
  declare readonly OPEN: 1;
  declare readonly CLOSING: 2;
  declare readonly CLOSED: 3;
  declare onopen: ((this: WebSocket, event: Event) => any) | null;
  declare onmessage: ((this: WebSocket, event: MessageEvent) => any) | null;
  declare onerror: ((this: WebSocket, event: Event) => any) | null;
  declare onclose: ((this: WebSocket, event: CloseEvent) => any) | null;
  declare addEventListener: <Name extends keyof SocketEventMap>(
    name: Name,
    listener: ((event: SocketEventMap[Name]) => unknown) | EventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ) => void;
  declare removeEventListener: (
    name: string,
    listener: ((event: never) => unknown) | EventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ) => void;

  readonly #host: SocketHost;
  readonly #address: Address;
  readonly #options: SocketOptions;
  readonly #channels = new Channels();
  readonly #attached: Attached = { begin: (engine) => this.#begin(engine), plainly: () => this.#plainly() };
  /** It is the browser's own, with nothing added. */
  readonly #transparent: boolean;
  #state: 0 | 1 | 2 | 3 = CONNECTING;
  #binaryType: BinaryType = "blob";
  /** The browser's socket of this moment. */
  #native: WebSocket | undefined;
  /** The engine's. */
  #line: Line | undefined;
  /** There is no engine, or none any more. */
  #bare = false;
  /** What waits for the engine, or without one for the browser. */
  #early: [data: SocketData, bytes: number][] = [];
  #earlyBytes = 0;
  /** It does not come back by itself, and may be asked to. */
  #stopped = false;
  /** How the browser's socket ended. */
  #ended: CloseEvent | undefined;
  /** Bytes that were sent after the end, which the standard counts. */
  #void = 0;
  #protocol = "";
  #extensions = "";
  #url: string;

  /** @internal */
  constructor(
    host: SocketHost,
    url: Provided<string | URL>,
    protocols: Provided<string | string[]> = [],
    options: SocketOptions = {},
  ) {
    super();
    this.#host = host;
    this.#options = options;
    this.#transparent = options.reconnect === false && (options.wire ?? "raw") === "raw";
    this.#address = finder(url, protocols, options.wire);
    this.#url = typeof this.#address === "function" ? "" : this.#address[0];
    if (this.#transparent) this.#plainly();
    else host.attach(this.#attached);
  }

  /** As the standard has it: 0 while it connects, also when it does so again, 1 open, 2 closing, 3 closed. */
  get readyState(): 0 | 1 | 2 | 3 {
    return this.#state;
  }

  /** Where it goes; empty until a function has said it. */
  get url(): string {
    return this.#url;
  }

  get protocol(): string {
    return this.#protocol;
  }

  get extensions(): string {
    return this.#extensions;
  }

  get binaryType(): BinaryType {
    return this.#binaryType;
  }

  set binaryType(type: BinaryType) {
    if (type !== "blob" && type !== "arraybuffer") return;
    this.#binaryType = type;
    if (this.#native) this.#native.binaryType = type;
  }

  /** The bytes that were sent and have not gone to the network: the browser's, and those that wait for a connection. */
  get bufferedAmount(): number {
    const queued = this.#line?.queued() ?? this.#earlyBytes;
    return this.#void + queued + (this.#native?.bufferedAmount ?? 0);
  }

  /**
   * Sends a text or bytes. What becomes of it: `"written"`, the browser has it; `"queued"`, it waits for a connection, and is sent unless a
   * `change` says that it was dropped; `"dropped"`, there is no room, or the socket is closed.
   */
  send(data: SocketData): SendState {
    if (this.#transparent && this.#state === CONNECTING) {
      throw new DOMException("it is not open yet", "InvalidStateError");
    }
    const [value, bytes] = outgoing(data);
    if (this.#state >= CLOSING) {
      this.#void += bytes;
      return "dropped";
    }
    if (this.#line) return STATES[this.#line.send(value, bytes)] ?? "dropped";
    if (this.#bare && this.#state === OPEN) {
      this.#native?.send(value as string);
      return "written";
    }
    if (this.#earlyBytes + bytes > MOST_EARLY_BYTES) return "dropped";
    this.#early.push([copied(value), bytes]);
    this.#earlyBytes += bytes;
    return "queued";
  }

  /** Adds a message to a channel: resolves when the server has carried it out, or when it was dropped. */
  publish(channel: string, data: unknown, { acknowledged = true }: PublishOptions = {}): Promise<Published> {
    return this.#channels.publish(String(channel), JSON.stringify(data) ?? "null", acknowledged);
  }

  /**
   * Calls back with each message of a channel, in order and one at a time, until the returned function is called. The position moves when the
   * handler has returned, or its promise has resolved; one that fails is given the message again.
   */
  subscribe(channel: string, handler: (message: ChannelMessage) => unknown, options: ChannelOptions = {}): () => void {
    return this.#channels.subscribe(String(channel), handler, options);
  }

  /** How far each channel was handled, for {@link SocketOptions.positions} after a reload. */
  get positions(): string {
    return this.#line?.positions() ?? this.#options.positions ?? "";
  }

  /** How it is; `undefined` while there is no engine. */
  health(): SocketHealth | undefined {
    return this.#line?.health() as SocketHealth | undefined;
  }

  /** Asks for a connection at once, or for another one, also after it had stopped. `false`: it is closed for good. */
  reconnect(): boolean {
    if (this.#bare || (this.#state >= CLOSING && !this.#stopped)) return false;
    if (this.#stopped) this.#host.attach(this.#attached);
    this.#stopped = false;
    this.#state = CONNECTING;
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
    if (this.#state >= CLOSING) return;
    this.#state = CLOSING;
    const native = this.#native;
    if (native) this.#await(native);
    // Before the engine does: without a code, the server is told none.
    native?.close(...words);
    this.#line?.close();
    if (!native) queueMicrotask(() => this.#conclude(1_006, "", false));
  }

  #begin(engine: Engine): void {
    // Closed meanwhile, or asked to come back.
    if (this.#state !== CONNECTING || this.#line) return;
    try {
      this.#line = engine.socket(this.#address, this.#options, this.#hear);
    } catch (refusal) {
      this.#fail();
      throw refusal;
    }
    const line = this.#line;
    this.#channels.begin(line);
    this.#flush((data, bytes) => line.send(data, bytes));
  }

  /** Goes on with the browser's own socket, the one that is there if it is not closed. */
  #plainly(): void {
    this.#bare = true;
    this.#line = undefined;
    this.#channels.end();
    if (this.#state >= CLOSING) return;
    // There is nobody to speak it.
    if ((this.#options.wire ?? "raw") !== "raw") return this.#fail();
    const native = this.#native;
    if (native && native.readyState < CLOSING) this.#adopt(native);
    else if (typeof this.#address !== "function") this.#dial(this.#address);
    else {
      const found = this.#address(false);
      found.then((address) => this.#state === CONNECTING && this.#dial(address)).catch(() => this.#fail());
    }
  }

  #dial([url, ...protocols]: string[]): void {
    this.#adopt(new WebSocket(url as string, protocols));
  }

  #adopt(native: WebSocket): void {
    this.#take(native);
    native.addEventListener("open", () => {
      this.#opened();
      this.dispatchEvent(new Event("open"));
      this.#flush((data) => native.send(data as string));
    });
    native.addEventListener("message", (event) => this.dispatchEvent(messageEvent(event)));
    native.addEventListener("close", ({ code, reason, wasClean }) => this.#conclude(code, reason, wasClean));
  }

  /** What waited goes, in order, and nothing of what its listeners send before it. */
  #flush(send: (data: SocketData, bytes: number) => unknown): void {
    const early = this.#early;
    this.#early = [];
    this.#earlyBytes = 0;
    for (const [data, bytes] of early) send(data, bytes);
  }

  /** What the engine tells. */
  #hear = (word: string, said: never): void => {
    if (word === "message") {
      if (this.#state === OPEN) this.dispatchEvent(messageEvent(said));
    } else if (word === "change") this.#changed(said);
    else if (word === "end") this.#ended = said;
    else if (word === "sent") this.#channels.settle(said);
    else if (word === "opening") this.#take(said);
  };

  #take(native: WebSocket): void {
    this.#native = native;
    this.#ended = undefined;
    native.binaryType = this.#binaryType;
    this.#url = native.url;
  }

  #changed(event: SocketEvent): void {
    const { change } = event;
    const open = change === "open";
    if (open || change === "moved") this.#opened();
    else if (change === "waiting" || change === "connecting") this.#state = CONNECTING;
    this.dispatchEvent(Object.assign(new Event("change"), { detail: event }));
    if (open) this.dispatchEvent(new Event("open"));
    if (change === "stopped") {
      this.#stopped = true;
      const { code, reason, wasClean } = this.#ended ?? { code: event.code ?? 1_006, reason: "", wasClean: false };
      this.#conclude(code, reason, wasClean);
    }
    if (change !== "closed" || this.#state >= CLOSING) return;
    // By somebody else: the user has gone, or the client was disposed of.
    this.#state = CLOSING;
    if (this.#native) this.#await(this.#native);
    else queueMicrotask(() => this.#conclude(event.code ?? 1_006, "", false));
  }

  #opened(): void {
    this.#state = OPEN;
    this.#protocol = this.#native?.protocol ?? "";
    this.#extensions = this.#native?.extensions ?? "";
  }

  /** Waits for the browser to say that it is closed, for a while. */
  #await(native: WebSocket): void {
    const late = setTimeout(() => this.#conclude(1_006, "", false), FAREWELL_MS);
    (late as { unref?: () => void }).unref?.();
    native.addEventListener("close", ({ code, reason, wasClean }) => {
      clearTimeout(late);
      this.#conclude(code, reason, wasClean);
    });
  }

  /** There is no connection to be had, for a reason that stays. */
  #fail(): void {
    this.#state = CLOSING;
    queueMicrotask(() => this.#conclude(1_006, "", false));
  }

  /** The end, told once. */
  #conclude(code: number, reason: string, wasClean: boolean): void {
    if (this.#state === CLOSED) return;
    this.#state = CLOSED;
    this.#native = undefined;
    this.#early = [];
    this.#earlyBytes = 0;
    this.#host.detach(this.#attached);
    if (!wasClean) this.dispatchEvent(new Event("error"));
    this.dispatchEvent(closeEvent(code, reason, wasClean));
  }
}

const constants = Object.entries(CONSTANTS).map(([name, value]) => [name, { value, enumerable: true }]);
Object.defineProperties(TidegateWebSocket, Object.fromEntries(constants));
Object.defineProperties(TidegateWebSocket.prototype, Object.fromEntries(constants));
defineHandlers(TidegateWebSocket.prototype);

/** The bytes as they are now, for they may be changed before they are sent. */
function copied(data: SocketData): SocketData {
  if (typeof data === "string" || (typeof Blob === "function" && data instanceof Blob)) return data;
  const view = ArrayBuffer.isView(data) ? data : new Uint8Array(data as ArrayBuffer);
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}
