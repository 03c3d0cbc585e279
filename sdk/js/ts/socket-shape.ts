import { closeEvent, defineHandlers, type Listening } from "./socket-events.js";

/** What a socket sends. */
export type SocketData = string | ArrayBufferLike | Blob | ArrayBufferView;

export const [CONNECTING, OPEN, CLOSING, CLOSED] = [0, 1, 2, 3] as const;
const CONSTANTS = { CONNECTING, OPEN, CLOSING, CLOSED };
/** How long the browser has to say that a socket is closed, which it never says of some that are dead. */
const FAREWELL_MS = 5_000;

const Target = EventTarget as new () => Listening & Pick<EventTarget, "dispatchEvent">;

/** What the standard says of a WebSocket, over whichever of the browser's sockets there is at the moment. */
export abstract class SocketShape extends Target {
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
  /** @internal */
  protected state: 0 | 1 | 2 | 3 = CONNECTING;
  /** The browser's socket of this moment. @internal */
  protected native: WebSocket | undefined;
  /** @internal */
  protected address = "";
  #binaryType: BinaryType = "blob";
  #protocol = "";
  #extensions = "";

  /** As the standard has it: 0 while it connects, also when it does so again, 1 open, 2 closing, 3 closed. */
  get readyState(): 0 | 1 | 2 | 3 {
    return this.state;
  }

  /** Where it goes; empty until a function has said it. */
  get url(): string {
    return this.address;
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
    if (this.native) this.native.binaryType = type;
  }

  /** Another one of the browser's from now on. @internal */
  protected take(native: WebSocket): void {
    this.native = native;
    native.binaryType = this.#binaryType;
    this.address = native.url;
  }

  /** @internal */
  protected opened(): void {
    this.state = OPEN;
    this.#protocol = this.native?.protocol ?? "";
    this.#extensions = this.native?.extensions ?? "";
  }

  /** It is closed, and the browser is to say so, for which it has a while. @internal */
  protected part(code = 1_006): void {
    this.state = CLOSING;
    const native = this.native;
    if (!native || native.readyState === CLOSED) return queueMicrotask(() => this.conclude(code, "", false));
    const late = setTimeout(() => this.conclude(1_006, "", false), FAREWELL_MS);
    (late as { unref?: () => void }).unref?.();
    native.addEventListener("close", ({ code, reason, wasClean }) => {
      clearTimeout(late);
      this.conclude(code, reason, wasClean);
    });
  }

  /** The end, told once. @internal */
  protected conclude(code: number, reason: string, wasClean: boolean): void {
    if (this.state === CLOSED) return;
    this.state = CLOSED;
    this.native = undefined;
    this.over();
    if (!wasClean) this.dispatchEvent(new Event("error"));
    this.dispatchEvent(closeEvent(code, reason, wasClean));
  }

  /** Nothing follows any more. @internal */
  protected abstract over(): void;
}

const constants = Object.entries(CONSTANTS).map(([name, value]) => [name, { value, enumerable: true }]);
Object.defineProperties(SocketShape, Object.fromEntries(constants));
Object.defineProperties(SocketShape.prototype, Object.fromEntries(constants));
Object.defineProperty(SocketShape.prototype, Symbol.toStringTag, { value: "WebSocket" });
defineHandlers(SocketShape.prototype);
