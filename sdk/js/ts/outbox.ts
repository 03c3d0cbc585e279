import { TidegateError } from "./error.js";
import type { OutboxEntry } from "./generated.js";

/** How the outbox is reached. @internal */
export interface Queuing {
  queued(): Promise<OutboxEntry[]>;
  decide(entry: number, decision: string): Promise<void>;
  forgetQueue(user: string): Promise<void>;
  authorize(hook?: Authorize): void;
  request(entry: number): Promise<Request>;
  edit(entry: number, request: Request): Promise<void>;
  hurry(): void;
}

/** What is to be another one in an entry; what is left out stays. */
export interface OutboxEdit {
  /** Its body; `null` for none. */
  body?: BodyInit | null;
  /** All of its header fields. Left out, the type of the body follows a body that has one, such as `FormData` or a `Blob`, but not a text. */
  headers?: HeadersInit;
  /** Where it goes: the same origin. */
  url?: string | URL;
}

/** An entry with what it sends, for a person to keep: it can be written as JSON. */
export interface SavedEntry extends OutboxEntry {
  /** Its header fields. */
  headers: Record<string, string>;
  /** Its body: as text where it is text in UTF-8, else in base64. */
  body: string;
  /** Whether the body is in base64. */
  base64: boolean;
}

/** An entry that is about to be sent. */
export interface TokenRequest {
  /** Its number. */
  entry: number;
  /** The method. */
  method: string;
  /** Where it goes. */
  url: string;
  /** The attempt before was answered 401: what was given then is worth nothing any more. */
  refused: boolean;
}

/** Header fields that say who sends an entry; nothing for none. */
export type Authorize = (
  asked: TokenRequest,
) => Record<string, string> | null | undefined | void | Promise<Record<string, string> | null | undefined | void>;

type Manage = (deed: (queuing: Queuing) => void) => void;
type Ask = <T>(ask: (queuing: Queuing) => Promise<T>, otherwise: T) => Promise<T>;
type Attach = (registration: ServiceWorkerRegistration | Promise<ServiceWorkerRegistration> | null) => Promise<void>;

/**
 * Writes that could not go, and go later: those of the user whose page it is, or of nobody. Where there is no engine, nothing is queued.
 *
 * What is asked of it is rejected with a {@link TidegateError}: `outbox-gone` where there is no such entry, `outbox-sending` where it is being
 * sent, `outbox-unfit` where it does not stand so that this could be decided, `not-durable` where the database gives no answer.
 */
export class Outbox {
  #ask: Ask;
  #manage: Manage;
  #attach: Attach;

  /** @internal */
  constructor(ask: Ask, manage: Manage, attach: Attach) {
    this.#ask = ask;
    this.#manage = manage;
    this.#attach = attach;
  }

  /**
   * Who sends an entry is said when it goes: the hook is called before each attempt, and the header fields that it gives, or resolves to, are
   * set on the request and never stored. `null` ends that. What was parked goes again.
   *
   * ```ts
   * tide.outbox.authorize(async ({ refused }) => ({ authorization: `Bearer ${await token({ fresh: refused })}` }));
   * ```
   *
   * An answer of 401 has it called once more, with `refused`, and the entry is sent again at once; if that is answered 401 as well, the queue is
   * parked. Where the hook throws or is rejected, or does not settle within `timeout.totalMs`, the entry is not sent: it rests, with the cause
   * `unauthorized`, and the hook is called again later. Nothing is sent for a user who is no longer the one whose page it is when the hook has
   * answered.
   *
   * @throws {@link TidegateError} with code `invalid-options` for what is no function.
   */
  authorize(hook: Authorize | null): void {
    if (hook !== null && typeof hook !== "function") {
      const message = "a hook is a function, or null";
      throw new TidegateError({ code: "invalid-options", message, path: "hook" });
    }
    this.#manage((queuing) => queuing.authorize(hook ?? undefined));
  }

  /**
   * Has a service worker of yours, whose script calls `drainOutbox` of `tidegate/worker`, send what waits while no page is open, where the
   * browser has Background Sync; `null` ends that. It is asked first whether it fits, and never drains for a user who has gone. How it
   * stands is told by the event `worker` and in {@link Tidegate.health}; nothing depends on it.
   *
   * ```ts
   * tide.outbox.worker(navigator.serviceWorker.register("/worker.js", { type: "module" }));
   * ```
   *
   * Resolves when the worker has been asked. Rejected when the registration is.
   */
  worker(registration: ServiceWorkerRegistration | Promise<ServiceWorkerRegistration> | null): Promise<void> {
    return this.#attach(registration);
  }

  /** The network is back. @internal */
  hurry(): void {
    this.#manage((queuing) => queuing.hurry());
  }

  /** All entries, in their order. */
  list(): Promise<OutboxEntry[]> {
    return this.#ask((queuing) => queuing.queued(), []);
  }

  /** The request of an entry as it was queued, with its body: placeholders are not filled in, and neither its key nor who sends it is said. */
  async request(entry: number): Promise<Request> {
    const request = await this.#ask<Request | undefined>((queuing) => queuing.request(Number(entry)), undefined);
    if (request !== undefined) return request;
    throw new TidegateError({ code: "outbox-gone", message: "there is no engine, and no outbox" });
  }

  /** The body of an entry. */
  async body(entry: number): Promise<Blob> {
    return (await this.request(entry)).blob();
  }

  /**
   * Puts another body, other header fields or another URL in an entry's place. It stays where it is in its lane. A dead letter goes again, with
   * another key; so does all that was sent and refused. What is being sent cannot be changed, and what may have been applied neither
   * (`outbox-in-doubt`): queue what is to be done after it.
   */
  async edit(entry: number, { body, headers, url }: OutboxEdit): Promise<void> {
    const before = await this.request(entry);
    const { method, credentials, mode, referrerPolicy } = before;
    const fields = new Headers(headers ?? before.headers);
    const typed = body !== undefined && typeof body !== "string" && new Response(body).headers.has("content-type");
    if (headers === undefined && typed) fields.delete("content-type");
    const kept = await before.arrayBuffer();
    const content = body ?? (body === undefined && kept.byteLength > 0 ? kept : null);
    const init = { method, credentials, mode, referrerPolicy, headers: fields, body: content, duplex: "half" };
    const request = new Request(url ?? before.url, init);
    return this.#ask((queuing) => queuing.edit(Number(entry), request), undefined);
  }

  /** All entries with what they send, for a person to keep, who would rather not trust a browser with their work. */
  async export(): Promise<SavedEntry[]> {
    const saved: SavedEntry[] = [];
    for (const entry of await this.list()) {
      try {
        const request = await this.request(entry.id);
        const headers: Record<string, string> = {};
        request.headers.forEach((value, name) => (headers[name] = value));
        saved.push({ ...entry, headers, ...written(await request.arrayBuffer()) });
      } catch (error) {
        // It was applied meanwhile.
        if (!(error instanceof TidegateError && error.code === "outbox-gone")) throw error;
      }
    }
    return saved;
  }

  /** Sends an entry again, with its key: a dead letter, one that is in doubt, or one that waits. */
  again(entry: number): Promise<void> {
    return this.#decide(entry, "again");
  }

  /** Sends a dead letter again with another key, because a server that has refused a key once gives the same answer to it for ever. */
  anew(entry: number): Promise<void> {
    return this.#decide(entry, "anew");
  }

  /** Forgets an entry. What comes after it becomes a dead letter. */
  discard(entry: number): Promise<void> {
    return this.#decide(entry, "discard");
  }

  /** An entry was applied after all: somebody has looked. What comes after it goes. */
  done(entry: number): Promise<void> {
    return this.#decide(entry, "done");
  }

  /** Forgets all entries of a user, also what is being sent: for a person who wants nothing of theirs left on a machine. */
  forget(user: string): Promise<void> {
    if (typeof user === "string" && user !== "") return this.#ask((queuing) => queuing.forgetQueue(user), undefined);
    const message = "an identity is a string that is not empty";
    return Promise.reject(new TidegateError({ code: "invalid-options", message, path: "user" }));
  }

  #decide(entry: number, decision: string): Promise<void> {
    return this.#ask((queuing) => queuing.decide(Number(entry), decision), undefined);
  }
}

function written(bytes: ArrayBuffer): Pick<SavedEntry, "body" | "base64"> {
  try {
    const body = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { body, base64: false };
  } catch {
    const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte));
    return { body: btoa(letters.join("")), base64: true };
  }
}
