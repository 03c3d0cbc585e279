import type { Line } from "./engine.js";
import type { ChannelMessage, ChannelOptions, ChannelSnapshot, Published, SendState } from "./socket-options.js";

/** What became of a message: its number, the word for it, and why. */
type Fate = [ticket: number, state: SendState, why?: string];

/** The channels of a socket, and what waits for an acknowledgement. */
export class Channels {
  #line: Line | undefined;
  /** What was asked for before there was an engine. */
  #early: ((line?: Line) => void)[] = [];
  #waiting = new Map<number, (published: Published) => void>();
  #storing = new Set<(published: Published) => void>();
  #over = false;

  begin(line: Line): void {
    this.#line = line;
    for (const deed of this.#early.splice(0)) deed(line);
  }

  /** Nobody knows what became of what is out. */
  end(): void {
    this.#over = true;
    this.#line = undefined;
    for (const settle of this.#waiting.values()) settle({ state: "dropped", why: "unconfirmed" });
    this.#waiting.clear();
    for (const settle of this.#storing) settle({ state: "dropped", why: "unconfirmed" });
    this.#storing.clear();
    for (const deed of this.#early.splice(0)) deed();
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
  ): () => void {
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
    return () => this.#do((line) => line?.unsubscribe(channel));
  }

  #do(deed: (line?: Line) => void): void {
    if (this.#line || this.#over) deed(this.#line);
    else this.#early.push(deed);
  }
}

/** A handler that fails is given the message again; why it failed is for whoever debugs it. */
function reported<Words extends unknown[]>(
  handler: (...words: Words) => Promise<boolean>,
): (...words: Words) => Promise<boolean> {
  return (...words) =>
    handler(...words).catch((error: unknown) => {
      if (typeof reportError === "function") reportError(error);
      else console.error(error);
      return false;
    });
}
