import type { Settings } from "./generated.js";
import type { HelloSocket } from "./socket-hello.js";

/** What becomes of something that is sent. */
export type SendState = "acknowledged" | "dropped" | "queued" | "written";

/** What a value is, or who says it: asked before each connection; rejected, it is asked again later. `refresh`: the server wants another token;
 * `position`: what {@link SocketOptions.extractPosition} said last. */
export type Provided<T> = T | ((asked: { refresh: boolean; position?: string }) => T | Promise<T>);

/**
 * Where the event stream of each channel is: a URL with `{channel}` in it, or who says it, asked before each request. A `Request` may have header fields
 * of its own, such as `Authorization`. `refresh`: the server wants another token.
 */
export type Streams =
  | string
  | URL
  | ((asked: { channel: string; refresh: boolean }) => string | URL | Request | Promise<string | URL | Request>);

/** What is wished of a socket. */
export interface SocketOptions {
  /** `false`: it is the browser's own, with nothing added. Where `wire` is spoken, a connection that is lost is not replaced. */
  reconnect?: boolean;
  /**
   * What is spoken: nothing that is known here (`"raw"`), unless told. With `"tidegate.v1"` and Centrifugo's JSON protocol (`"centrifugo"`) there are
   * channels, and no messages on the socket itself. `"sse"`: event streams and nothing else; the URL is where they are, as in `fallback`, and nothing
   * can be sent.
   */
  wire?: "raw" | "tidegate.v1" | "centrifugo" | "sse";
  /**
   * Where the server has event streams of its channels, for when no WebSocket is to be had (`socket.sseAfter`). On them, what is sent stays queued
   * until there is a WebSocket again.
   */
  fallback?: Streams;
  /** What to send so that the server says something, where the wire is raw. Without it, a dead connection is found by the browser only. */
  ping?: string;
  /**
   * What is said on each connection before `open` and before anything that waits, where the wire is raw: awaited for as long as a connection may
   * take. Rejected, the connection is given up, and another one made after a wait, with the cause `"hello"`.
   */
  hello?: (socket: HelloSocket) => unknown;
  /** Whether a message is an answer to `ping` and nobody's business, where the wire is raw. */
  isPong?: (data: unknown) => boolean;
  /**
   * How far the server's messages were read with this one, where the wire is raw; `undefined`: no farther. Asked when its listeners have returned;
   * told to whoever says the URL or `hello`, and {@link TidegateWebSocket.positions} until then.
   */
  extractPosition?: (data: unknown) => string | number | undefined;
  /**
   * The token that the server is told, where `wire` is spoken: asked for before the first connection, when the server wants another one (`refresh`),
   * and before it is too old, which takes no new connection. Rejected, it is asked for again later.
   */
  token?: (asked: { refresh: boolean }) => string | Promise<string>;
  /** Close codes after which it does not come back, besides 1008, 1009, 3500 to 3999 and 4500 to 4999. */
  stopCodes?: number[];
  /** Close codes after which another token is asked for, once, besides 3005 and 4401. */
  refreshCodes?: number[];
  /** Close codes after which it comes back, whatever the others say. */
  retryCodes?: number[];
  /**
   * When the user of the page goes (`setIdentity`, `logout`), it is made anew for whoever comes, nobody included; what was sent and how far was read
   * stays behind. Left out, it is closed then, with code 3000. That somebody signs in changes nothing: `reconnect` has it connect as them.
   */
  follow?: boolean;
  /**
   * What it is called in what outlives the page: its URL without the query, unless told. Needed for `keep` and `durable` where the URL is a function. Two
   * sockets of a page are not to have the same.
   */
  name?: string;
  /**
   * Keeps how far each channel was handled: after a reload, a crash, or when the browser brings a discarded tab back, messages go on there. Kept for the user
   * whose page it is (`setIdentity`) and gone with `logout`.
   */
  keep?: boolean;
  /** Whether `publish` is durable where it is not told. */
  durable?: boolean;
  /** Goes on where `positions` of an earlier life of the page said that it was. */
  positions?: string;
  /** Settings of this socket in place of the client's. */
  settings?: NonNullable<Settings["socket"]>;
}

/** A message of a channel. */
export interface ChannelMessage {
  /** Its channel. */
  channel: string;
  /** What it says. */
  data: unknown;
  /** Its number in the channel; 0 where it has none. */
  offset: number;
  /** How often it was given to the handler, this time included. */
  attempt: number;
}

/** A channel has to be read anew, because what is missing is gone. */
export interface ChannelSnapshot {
  /** The channel. */
  channel: string;
  /** Where its state is, if the server has said so. */
  url?: string;
  /** Its state, if the server has sent it. */
  data?: unknown;
  /** The channel's memory, by name. */
  epoch: string;
  /** What is read must be at least as recent as the message of this number. */
  offset: number;
}

/** What is wished of a channel. */
export interface ChannelOptions {
  /** Reads everything anew: before the first message, and where what is missing is gone. Without it, what is missing is missed. */
  snapshot?: (snapshot: ChannelSnapshot) => unknown;
  /** Only the latest message of each key is given out, and no sooner than so many milliseconds after the one before. */
  everyMs?: number;
}

/** A channel that is subscribed to: call it to leave. */
export interface Subscription {
  (): void;
  /** No more messages for now: the server keeps them where it speaks `tidegate.v1`, as long as its memory lasts. */
  pause(): void;
  /** Goes on where it was. */
  resume(): void;
}

/** What is wished of a question. */
export interface RpcOptions {
  /** To carry it out twice is as good as once: what a connection has taken with it is asked again on the next one. */
  idempotent?: boolean;
  /** Nobody waits for the answer any more; what was sent may be carried out all the same. */
  signal?: AbortSignal;
  /** How long it takes at most, the wait for a connection included. */
  timeoutMs?: number;
}

/** What is wished of a message for a channel. */
export interface PublishOptions {
  /** `false`: it is not repeated until the server says that it has carried it out. */
  acknowledged?: boolean;
  /**
   * Stored before anything else, and sent until the server says that it has carried it out, by this page or the next: `publish` resolves with `"queued"` when
   * it is on the disk. What becomes of it then are changes, `"durable"`, with its `message` and `state`.
   */
  durable?: boolean;
  /** What the server knows a durable message by: it is carried out once, however often it comes. Random, unless told. */
  idem?: string;
}

/** What became of a message. */
export interface Published {
  /** `"acknowledged"`, `"dropped"`, `"written"` where no acknowledgement was wished, or `"queued"` of one that is durable. */
  state: SendState;
  /** Why it was dropped; `"not-durable"`: it could not be stored, and was not sent. */
  why?: string;
  /** What a durable message is known by. */
  message?: string;
}
