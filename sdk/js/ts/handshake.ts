// What a page and a service worker have to have in common before either does anything with the other.

/** What they say to each other, and what a mandate looks like. */
export const PROTOCOL = 1;
/** The version of the queue's database: releases of one hundred go on with each other's. As `Outbox::VERSION` of the Rust crate. */
export const QUEUE = 100;
/** The one-shot sync that a page registers. */
export const TAG = "tidegate-outbox";

/** Long enough for a worker to be started, and to ask whether it is stopped. */
const LONGEST_MS = 15_000;

/** What a page asks. */
interface Hello {
  tidegate: "hello";
}

/** What a worker answers. */
export interface Reply {
  protocol: number;
  queue: number;
  /** It does nothing, because an operator says so. */
  stopped: boolean;
}

/** Whether what they have in common is enough. */
export function fits({ protocol, queue }: { protocol: number; queue: number }): boolean {
  return protocol === PROTOCOL && Math.floor(queue / 100) === Math.floor(QUEUE / 100);
}

export function isHello(data: unknown): data is Hello {
  return typeof data === "object" && data !== null && (data as Hello).tidegate === "hello";
}

/** Asks a worker what it is. Nothing, where it does not answer: it is of another release, or has nothing of Tidegate in it. */
export function ask(worker: ServiceWorker): Promise<Reply | undefined> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const over = (reply?: Reply) => {
      clearTimeout(late);
      port1.close();
      resolve(reply);
    };
    const late = setTimeout(over, LONGEST_MS);
    port1.onmessage = ({ data }) => over(typeof data === "object" ? ((data as Reply | null) ?? undefined) : undefined);
    const hello: Hello = { tidegate: "hello" };
    worker.postMessage(hello, [port2]);
  });
}
