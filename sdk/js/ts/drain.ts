import { fits, isHello, PROTOCOL, QUEUE, type Reply, TAG } from "./handshake.js";
import type { OutboxEntry, Settings } from "./generated.js";
import { issued, type Mandate } from "./mandate.js";
import type { Authorize, TokenRequest } from "./outbox.js";
import { TidegateError } from "./error.js";
import type { Tidegate } from "./tidegate.js";

/** An entry that is about to be sent, and whose it is. */
export interface WorkerTokenRequest extends TokenRequest {
  /** The user whose it is; `null` is nobody. */
  user: string | null;
}

/** What a service worker is told of how it drains the outbox. */
export interface WorkerOptions {
  /** As those of the page. */
  settings?: Settings;
  /** Header fields that say who sends an entry, as of `tide.outbox.authorize`; it is told whose the entry is. */
  authorize?: (asked: WorkerTokenRequest) => ReturnType<Authorize>;
  /** An address that is asked before anything is done: answered 410 (Gone), the worker does nothing. */
  killSwitch?: string | URL;
  /** `false` stops it as well: for a release of the worker that is to do nothing. */
  enabled?: boolean;
  /** Whether the worker unregisters itself when it is stopped: left out, it stays for whatever else it does. */
  unregister?: boolean;
  /** How long it goes on at most, in milliseconds, before it has the browser wake it again: 120,000 unless told, since browsers end it after minutes. */
  patienceMs?: number;
}

/** What drains the outbox in a service worker. */
export interface OutboxWorker {
  /**
   * Drains now, for another event than `sync`, such as `push`. It resolves when there is nothing left to send, or nothing may be; it is
   * rejected when something is left for later.
   */
  drain(): Promise<void>;
}

/** What this has to do with of a service worker's globals. */
interface Scope {
  registration: ServiceWorkerRegistration;
  clients: { get(id: string): Promise<{ visibilityState?: string } | undefined> };
  addEventListener(name: "sync", listener: (event: ExtendableEvent & { tag: string }) => void): void;
  addEventListener(name: "message", listener: (event: ExtendableEvent & MessageEvent) => void): void;
}

interface ExtendableEvent extends Event {
  waitUntil(promise: Promise<unknown>): void;
}

const PATIENCE_MS = 120_000;
/** How often it looks whether somebody else has changed something. */
const GLANCE_MS = 1_000;
/** How long it waits to be told whether it is stopped. */
const SWITCH_MS = 10_000;
/** How long a page that drains is looked at, which may be about to be closed. */
const LINGER_MS = 5_000;
const GONE = 410;

/** Listens for the sync that pages register, and for their asking. */
export function serve(options: WorkerOptions, start: (settings: Settings) => Tidegate): OutboxWorker {
  const scope = globalThis as unknown as Scope;
  if (scope.registration === undefined || scope.clients === undefined) {
    throw new TidegateError({ code: "invalid-options", message: "only a service worker drains the outbox", path: "" });
  }
  let draining: Promise<void> | undefined;
  const drain = () => (draining ??= work(scope, options, start).finally(() => (draining = undefined)));
  scope.addEventListener("sync", (event) => {
    if (event.tag === TAG) event.waitUntil(drain());
  });
  scope.addEventListener("message", (event) => {
    if (!isHello(event.data)) return;
    const answer = async () => {
      const reply: Reply = { protocol: PROTOCOL, queue: QUEUE, stopped: await isStopped(options) };
      event.ports[0]?.postMessage(reply);
    };
    event.waitUntil(answer());
  });
  return { drain };
}

async function work(scope: Scope, options: WorkerOptions, start: (settings: Settings) => Tidegate): Promise<void> {
  if (await isStopped(options)) {
    if (options.unregister === true) await scope.registration.unregister();
    return;
  }
  const mandate = await issued();
  // Nobody's queue may be drained, or one that this release does not know.
  if (mandate === undefined || !fits(mandate)) return;
  const line = `tidegate outbox ${ownerOf(mandate)}`;
  if (await staysSteered(scope, line)) throw new Error("a page is at it");
  const tide = start(options.settings ?? {});
  try {
    tide.setIdentity(mandate.user);
    await tide.ready;
    if (tide.health().engine !== "ready") throw new Error("there is no engine");
    await new Drain(tide, mandate, options, await whetherWaitedFor(line)).toTheEnd();
  } finally {
    tide.dispose();
  }
}

/** Drains one user's queue. */
class Drain {
  #tide: Tidegate;
  #mandate: Mandate;
  #isWaitedFor: () => Promise<boolean>;
  #deadline: number;
  /** How often each has been tried that was there when this was woken. */
  #tried = new Map<number, number>();
  /** Why nothing more is sent. */
  #over: "gone" | "late" | "relieved" | undefined;

  constructor(
    tide: Tidegate,
    mandate: Mandate,
    { authorize, patienceMs }: WorkerOptions,
    isWaitedFor: () => Promise<boolean>,
  ) {
    this.#tide = tide;
    this.#mandate = mandate;
    this.#isWaitedFor = isWaitedFor;
    this.#deadline = Date.now() + (patienceMs ?? PATIENCE_MS);
    tide.outbox.authorize(async (asked) => {
      await this.#look();
      const fields = this.#over === undefined ? await authorize?.({ ...asked, user: mandate.user }) : undefined;
      // Its user may have gone while a token was fetched.
      await this.#look();
      if (this.#over !== undefined) throw new Error(this.#over);
      return fields;
    });
  }

  async toTheEnd(): Promise<void> {
    const found = await this.#tide.outbox.list();
    this.#tried = new Map(found.map(({ id, attempts }) => [id, attempts]));
    // That it was woken says so.
    this.#tide.outbox.hurry();
    for (;;) {
      const changed = this.#change();
      const entries = await this.#tide.outbox.list();
      await this.#look();
      const goes = entries.filter(({ state }) => ["waiting", "sending", "resting"].includes(state));
      if (!goes.some(({ state }) => state === "sending")) {
        const parked = entries.some(({ state }) => state === "parked");
        if (goes.length === 0 || parked || this.#over === "gone" || this.#over === "relieved") return;
        if (this.#over === "late" || this.#soonest(goes) > this.#deadline) throw new Error("something is left");
      }
      await changed;
    }
  }

  /** When the first of some goes, at the earliest. */
  #soonest(entries: OutboxEntry[]): number {
    const lanes = new Set<string>();
    const times = entries.map(({ id, lane, cause, attempts, retryAt }) => {
      // It waits for the one before.
      if (lanes.has(lane)) return Infinity;
      lanes.add(lane);
      // What rested because there was no network does so no more.
      return cause === "unreachable" && this.#tried.get(id) === attempts ? 0 : (retryAt ?? 0);
    });
    return Math.min(...times);
  }

  /** Whether there is a reason to send nothing more. */
  async #look(): Promise<void> {
    if (this.#over !== undefined) return;
    const mandate = await issued();
    if (mandate === undefined || mandate.user !== this.#mandate.user) this.#over = "gone";
    else if (Date.now() > this.#deadline) this.#over = "late";
    else if (await this.#isWaitedFor()) this.#over = "relieved";
  }

  /** Something happens to an entry, or somebody else may have done something. */
  #change(): Promise<void> {
    return new Promise((resolve) => {
      const over = () => {
        stop();
        clearTimeout(glance);
        resolve();
      };
      const stop = this.#tide.on("outbox", over);
      const glance = setTimeout(over, GLANCE_MS);
    });
  }
}

/** A switch that cannot be read stops nobody: what cannot be reached now cannot be sent to either. */
async function isStopped({ enabled, killSwitch }: WorkerOptions): Promise<boolean> {
  if (enabled === false) return true;
  if (killSwitch === undefined) return false;
  try {
    const signal = AbortSignal.timeout(SWITCH_MS);
    const response = await fetch(killSwitch, { cache: "no-store", credentials: "omit", signal });
    return response.status === GONE;
  } catch {
    return false;
  }
}

/** As the engine names a user's partition. */
function ownerOf({ user }: Mandate): string {
  return user === null ? "" : `=${user.replaceAll("%", "%25").replaceAll("\n", "%0A")}`;
}

/** Whether a page that somebody looks at has the lock of those who drain, and keeps it: it is at it. One that is being closed is not. */
async function staysSteered({ clients }: Scope, line: string): Promise<boolean> {
  const until = Date.now() + LINGER_MS;
  for (;;) {
    const { held } = await navigator.locks.query();
    const holder = held?.find(({ name }) => name === line)?.clientId;
    const client = holder === undefined ? undefined : await clients.get(holder);
    if (client?.visibilityState !== "visible") return false;
    if (Date.now() > until) return true;
    await new Promise((resolve) => setTimeout(resolve, GLANCE_MS));
  }
}

/** What tells whether a page waits for the lock while it is this worker's. */
async function whetherWaitedFor(line: string): Promise<() => Promise<boolean>> {
  const { locks } = navigator;
  // Nobody else has one of this name: whoever has it is this worker.
  const mine = crypto.randomUUID();
  const of = (all: LockInfo[] | undefined, name: string) => all?.find((each) => each.name === name)?.clientId;
  const self = await locks.request(mine, async () => of((await locks.query()).held, mine));
  return async () => {
    const { held, pending } = await locks.query();
    return of(held, line) === self && of(pending, line) !== undefined;
  };
}
