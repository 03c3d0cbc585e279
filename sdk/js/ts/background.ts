import { ask, fits, PROTOCOL, QUEUE, TAG } from "./handshake.js";
import type { IdentityEvent, OutboxEvent } from "./generated.js";
import { issue, type Mandate, withdraw } from "./mandate.js";

/**
 * How it stands with the service worker that drains the outbox while no page is open: `asking` until it has answered, `ready` when it does
 * when it is needed. Else it does nothing: `refused`, the browser does not want to wake it; `silent`, it does not answer, or has nothing of
 * Tidegate in it; `stopped`, an operator says so; `unfit`, it is of a release that this one does not fit; `unsupported`, the browser has no
 * Background Sync. The outbox needs no worker: what waits goes with the next page.
 */
export type WorkerState = "asking" | "ready" | "refused" | "silent" | "stopped" | "unfit" | "unsupported";

/** The service worker stands otherwise than before. */
export interface WorkerEvent {
  /** How it stands. */
  state: WorkerState;
}

/** Background Sync, which TypeScript does not know. */
type Syncing = ServiceWorkerRegistration & { sync?: { register(tag: string): Promise<void> } };

/** Changes after which something waits. */
const WAITS: OutboxEvent["change"][] = ["queued", "edited", "resting", "resumed"];

/** What a page has to do with the service worker: it says whose queue may be drained, and has the browser wake it. */
export class Background {
  #user: string | null = null;
  #registration: Syncing | undefined;
  #state: WorkerState | undefined;
  /** Who was asked what it is. */
  #asked: ServiceWorker | undefined;
  #arming = false;
  #again = false;
  #tell: (event: WorkerEvent) => void;
  /** Whether something of the present user's is to go still. */
  #waits: () => boolean;

  constructor(tell: (event: WorkerEvent) => void, waits: () => boolean) {
    this.#tell = tell;
    this.#waits = waits;
  }

  get state(): WorkerState | undefined {
    return this.#state;
  }

  /** Another user from now on: a worker has nothing to do with the one before any more. */
  identify(user: string | null): void {
    this.#user = user;
    // What it finds no answer to is found out again when somebody goes for good.
    withdraw((mandate) => mandate.user !== user).catch(() => {});
  }

  /** A user goes, the present one unless another is named. */
  async logOut(named?: string): Promise<void> {
    const gone = named ?? this.#user;
    if (gone === this.#user) this.#user = null;
    if (gone !== null) await withdraw(({ user }) => user === gone);
  }

  async attach(given: ServiceWorkerRegistration | Promise<ServiceWorkerRegistration> | null): Promise<void> {
    this.#asked = undefined;
    this.#registration = undefined;
    this.#state = undefined;
    if (given === null) return withdraw(() => true);
    const registration = (await given) as Syncing;
    this.#registration = registration;
    const watch = () => this.#watch(registration);
    registration.addEventListener("updatefound", watch);
    watch();
    await this.#meet(registration);
  }

  /** A worker that is to take over is asked as well, when it has. */
  #watch(registration: Syncing): void {
    const coming = registration.installing ?? registration.waiting;
    coming?.addEventListener("statechange", () => {
      if (coming.state === "activated") this.#meet(registration).catch(() => {});
    });
  }

  async #meet(registration: Syncing): Promise<void> {
    if (registration !== this.#registration) return;
    // Something may have waited before.
    if ((await this.#shake(registration)) && this.#waits()) await this.arm();
  }

  /** Whether it wants to know what the engine says under this name. */
  hears(name: string): boolean {
    return name === "outbox" || name === "identity";
  }

  heard(name: string, event: unknown): void {
    if (name === "outbox" && WAITS.includes((event as OutboxEvent).change)) this.arm();
    // The user has gone in another tab.
    if (name === "identity" && (event as IdentityEvent).elsewhere) this.#user = null;
  }

  /** Something waits, and may have to be sent while no page is open. */
  async arm(): Promise<void> {
    this.#again = true;
    if (this.#arming) return;
    this.#arming = true;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#wake();
      }
    } catch {
      // The next one that waits tries again.
    } finally {
      this.#arming = false;
    }
  }

  async #wake(): Promise<void> {
    const registration = this.#registration;
    if (registration === undefined || !(await this.#shake(registration))) return;
    const [user, worker] = [this.#user, this.#asked];
    const mandate: Mandate = { user, protocol: PROTOCOL, queue: QUEUE };
    // Another one may have taken over meanwhile, and have said that it does nothing.
    const still = () => registration === this.#registration && worker === this.#asked;
    await issue(mandate, () => user === this.#user && still());
    let state: WorkerState = "ready";
    try {
      await registration.sync?.register(TAG);
    } catch {
      state = "refused";
    }
    if (still()) this.#stands(state);
  }

  /** Whether the worker is one that fits. It is asked again when it is another one. */
  async #shake(registration: Syncing): Promise<boolean> {
    if (registration.sync === undefined) return this.#stands("unsupported");
    const worker = await active(registration);
    if (worker === undefined) return this.#stands("silent");
    if (worker !== this.#asked) {
      this.#stands("asking");
      const reply = await ask(worker);
      // Another one may have taken over meanwhile, which is asked itself.
      if (registration !== this.#registration || worker !== registration.active) return false;
      this.#asked = worker;
      if (reply === undefined) this.#stands("silent");
      else if (!fits(reply)) this.#stands("unfit");
      else this.#stands(reply.stopped ? "stopped" : "ready");
      // Of another release, it may not heed what is written for it.
      if (this.#state !== "ready") await withdraw(() => true);
    }
    return this.#state === "ready" || this.#state === "refused";
  }

  #stands(state: WorkerState): false {
    if (this.#state !== state) {
      this.#state = state;
      this.#tell({ state });
    }
    return false;
  }
}

/** The worker of a registration, when it is one that can be talked to. */
function active({ active, installing, waiting }: ServiceWorkerRegistration): Promise<ServiceWorker | undefined> {
  const coming = waiting ?? installing;
  if (active !== null || coming === null) return Promise.resolve(active ?? undefined);
  return new Promise((resolve) => {
    coming.addEventListener("statechange", () => {
      if (coming.state === "activated") resolve(coming);
      if (coming.state === "redundant") resolve(undefined);
    });
  });
}
