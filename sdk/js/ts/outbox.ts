import { TidegateError } from "./error.js";
import type { OutboxEntry } from "./generated.js";

/** How the outbox is reached. @internal */
export interface Queuing {
  queued(): Promise<OutboxEntry[]>;
  decide(entry: number, decision: string): Promise<void>;
  forgetQueue(user: string): Promise<void>;
}

type Ask = <T>(ask: (queuing: Queuing) => Promise<T>, otherwise: T) => Promise<T>;

/**
 * Writes that could not go, and go later: those of the user whose page it is, or of nobody. Where there is no engine, nothing is queued.
 *
 * What is asked of it is rejected with a {@link TidegateError}: `outbox-gone` where there is no such entry, `outbox-sending` where it is being
 * sent, `outbox-unfit` where it does not stand so that this could be decided, `not-durable` where the database gives no answer.
 */
export class Outbox {
  #ask: Ask;

  /** @internal */
  constructor(ask: Ask) {
    this.#ask = ask;
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
