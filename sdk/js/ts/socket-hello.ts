import type { SocketData } from "./socket-shape.js";

/** A connection on which nothing but `hello` is said yet. */
export interface HelloSocket {
  /** How far the messages were read, as {@link SocketOptions.extractPosition} said it. */
  readonly position: string | undefined;
  /** Aborted when the connection is gone, or its time is over. */
  readonly signal: AbortSignal;
  /** What the server says next. What is not asked for is dispatched after `open`. */
  next(): Promise<unknown>;
  /** Sends at once. */
  send(data: SocketData): void;
}

type Taker = { resolve: (data: unknown) => void; reject: (reason: unknown) => void };

/** What is said first on one connection. @internal */
export class Hello implements HelloSocket {
  readonly position: string | undefined;
  readonly #native: WebSocket;
  readonly #over = new AbortController();
  #messages: MessageEvent[] = [];
  #takers: Taker[] = [];

  constructor(native: WebSocket, position: string | undefined) {
    this.position = position;
    this.#native = native;
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  send(data: SocketData): void {
    this.signal.throwIfAborted();
    this.#native.send(data as string);
  }

  next(): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const message = this.#messages.shift();
      if (message) resolve(message.data);
      else if (this.signal.aborted) reject(this.signal.reason);
      else this.#takers.push({ resolve, reject });
    });
  }

  /** The server says something. */
  hear(message: MessageEvent): void {
    const taker = this.#takers.shift();
    if (taker) taker.resolve(message.data);
    else this.#messages.push(message);
  }

  /** It has been said, or the connection is gone. What nobody has asked for is the rest. */
  end(done: boolean): MessageEvent[] {
    const gone = new DOMException("the connection is gone", "AbortError");
    if (!done) this.#over.abort(gone);
    for (const { reject } of this.#takers.splice(0)) reject(gone);
    return this.#messages.splice(0);
  }
}
