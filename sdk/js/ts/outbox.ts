import { TidegateError } from "./error.js";
import type { OutboxEntry } from "./generated.js";

/** How the outbox is reached. @internal */
export interface Queuing {
  queued(): Promise<OutboxEntry[]>;
  decide(entry: number, decision: string): Promise<void>;
  forgetQueue(user: string): Promise<void>;
  authorize(hook?: Authorize): void;
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

/**
 * Writes that could not go, and go later: those of the user whose page it is, or of nobody. Where there is no engine, nothing is queued.
 *
 * What is asked of it is rejected with a {@link TidegateError}: `outbox-gone` where there is no such entry, `outbox-sending` where it is being
 * sent, `outbox-unfit` where it does not stand so that this could be decided, `not-durable` where the database gives no answer.
 */
export class Outbox {
  #ask: Ask;
  #manage: Manage;

  /** @internal */
  constructor(ask: Ask, manage: Manage) {
    this.#ask = ask;
    this.#manage = manage;
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

  /** All entries, in their order. */
  list(): Promise<OutboxEntry[]> {
    return this.#ask((queuing) => queuing.queued(), []);
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
