import type { Line } from "./engine.js";
import type {
  ChannelMessage,
  ChannelOptions,
  ChannelSnapshot,
  Published,
  RpcOptions,
  SendState,
  Subscription,
} from "./socket-options.js";
import { RpcError, type RpcErrorCode } from "./socket-rpc.js";

/** What became of a message: its number, the word for it, and why. */
type Fate = [ticket: number, state: SendState, why?: string];

/** The channels of a socket, and what waits for an acknowledgement. */
export class Channels {
  #line: Line | undefined;
  /** What was asked for before there was an engine. */
  #early: ((line?: Line) => void)[] = [];
  #waiting = new Map<number, (published: Published) => void>();
  #storing = new Set<(published: Published) => void>();
  #asking = new Set<(error: unknown) => void>();
  #over = false;

  begin(line: Line): void {
    this.#line = line;
    for (const deed of this.#early.splice(0)) deed(line);
  }

  /** Nobody knows what became of what is out. */
  end(): void {
    this.#over = true;
    this.#line = undefined;
    for (const deed of this.#early.splice(0)) deed();
    for (const settle of this.#waiting.values()) settle({ state: "dropped", why: "unconfirmed" });
    this.#waiting.clear();
    for (const settle of this.#storing) settle({ state: "dropped", why: "unconfirmed" });
    this.#storing.clear();
    for (const reject of this.#asking) reject(new RpcError("lost"));
  }

  settle([ticket, state, why]: Fate): void {
    const settle = this.#waiting.get(ticket);
    if (settle && state !== "queued") settle({ state, ...(why === undefined ? {} : { why }) });
  }

  publish(channel: string, data: string, acknowledged: boolean): Promise<Published> {
    return new Promise((resolve) => {
      this.#do((line) => {
        if (!line) return resolve({ state: "dropped", why: "closed" });
        const [ticket, state, why] = line.publish(channel, data, acknowledged) as Fate;
        const final = (published: Published) => {
          if (published.state === "written" && acknowledged) return;
          this.#waiting.delete(ticket);
          resolve(published);
        };
        this.#waiting.set(ticket, final);
        if (state === "dropped" || state === "written") this.settle([ticket, state, why as string]);
      });
    });
  }

  /** Has a message stored, to be sent by whichever page. */
  store(channel: string, data: string, key?: string): Promise<Published> {
    return new Promise((resolve) => {
      this.#do(async (line) => {
        if (!line) return resolve({ state: "dropped", why: "closed" });
        this.#storing.add(resolve);
        const [message, state, why] = (await line.publishDurable(channel, data, key)) as [string, SendState, string?];
        this.#storing.delete(resolve);
        resolve({ state, message, ...(why === undefined ? {} : { why }) });
      });
    });
  }

  subscribe(
    channel: string,
    handler: (message: ChannelMessage) => unknown,
    { snapshot, everyMs }: ChannelOptions,
  ): Subscription {
    const message = async (data: string, offset: number, attempt: number) => {
      await handler({ channel, data: JSON.parse(data), offset, attempt });
      return true;
    };
    const read = async (url: string | undefined, data: string | undefined, epoch: string, offset: number) => {
      const told: ChannelSnapshot = { channel, epoch, offset };
      if (url !== undefined) told.url = url;
      if (data !== undefined) told.data = JSON.parse(data);
      await snapshot?.(told);
      return true;
    };
    this.#do((line) => line?.subscribe(channel, everyMs, reported(message), snapshot && reported(read)));
    return Object.assign(() => this.#do((line) => line?.unsubscribe(channel)), {
      pause: () => this.#do((line) => line?.pause(channel, true)),
      resume: () => this.#do((line) => line?.pause(channel, false)),
    });
  }

  rpc(method: string, data: string, { idempotent = false, signal, timeoutMs }: RpcOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
      let forget = () => {};
      const aborted = () => over(reject, signal?.reason);
      const failed = (error: unknown) => over(reject, error);
      const over = (settle: (value: unknown) => void, value: unknown) => {
        signal?.removeEventListener("abort", aborted);
        this.#asking.delete(failed);
        settle(value);
        forget();
      };
      if (signal?.aborted) return aborted();
      signal?.addEventListener("abort", aborted);
      this.#asking.add(failed);
      this.#do((line) => {
        if (!line) return failed(new RpcError("closed"));
        if (!this.#asking.has(failed)) return;
        const question = line.rpc(method, data, timeoutMs, idempotent, (word, said, code, temporary) => {
          forget = () => {};
          if (word === "answered") over(resolve, Promise.resolve(said as string).then(JSON.parse));
          else failed(new RpcError(word as RpcErrorCode, said, code, temporary));
        });
        if (question && this.#asking.has(failed)) forget = () => this.#line?.forget(question);
      });
    });
  }

  #do(deed: (line?: Line) => void): void {
    if (this.#line || this.#over) deed(this.#line);
    else this.#early.push(deed);
  }
}

/** A handler that fails is given the message again; why it failed is for whoever debugs it. */
export function reported<Words extends unknown[]>(
  handler: (...words: Words) => Promise<boolean>,
): (...words: Words) => Promise<boolean> {
  return (...words) =>
    handler(...words).catch((error: unknown) => {
      report(error);
      return false;
    });
}

export function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}
