import { answered, type Said } from "./answer.js";
import { Background, type WorkerEvent, type WorkerState } from "./background.js";
import { Cache } from "./cache.js";
import { deleteDatabase } from "./database.js";
import { type Engine, forget, load } from "./engine.js";
import { asError, isRefusal, TidegateError } from "./error.js";
import type { EngineEvents, Explanation, Health, Settings } from "./generated.js";
import type { PolicyOptions, RouteOptions, TidegateInit } from "./options.js";
import { Outbox } from "./outbox.js";
import { Policy, type Runner } from "./policy.js";
import { type Attached, type SocketHost, TidegateWebSocket } from "./socket.js";
import type { Provided, SocketOptions, Streams } from "./socket-options.js";
import type { WasmSource } from "./source.js";

/** The engine is gone; from now on `fetch` is plain `fetch`. */
export interface EngineLostEvent {
  /** What happened to it. */
  reason: string;
}

/** Every event by its name. */
export interface TidegateEvents extends EngineEvents {
  "engine-lost": EngineLostEvent;
  worker: WorkerEvent;
}

/** The state of everything, or why there is no engine to have a state. */
export type TidegateHealth =
  | ({ engine: "ready"; worker?: WorkerState } & Health)
  | { engine: "loading" | "disposed" }
  | { engine: "lost"; reason: string };

/** A class of sockets, for whatever takes a `WebSocket` class. */
export interface WebSocketClass {
  new (
    streams: Streams,
    protocols: string | string[] | undefined,
    options: SocketOptions & { wire: "sse" },
  ): TidegateWebSocket;
  new (
    url: Provided<string | URL>,
    protocols?: Provided<string | string[]>,
    options?: SocketOptions,
  ): TidegateWebSocket;
  readonly prototype: TidegateWebSocket;
  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;
}

type State =
  { name: "loading" } | { name: "ready"; engine: Engine } | { name: "lost"; reason: string } | { name: "disposed" };

type Deed = (engine: Engine, early: boolean) => void;

type Listeners = { [Name in keyof TidegateEvents]?: Set<(event: TidegateEvents[Name]) => void> };

/** A drop-in `fetch` under policies. Until its engine is ready, and if the engine is lost, `fetch` is plain `fetch`. */
export class Tidegate {
  /** Resolves when the engine is ready, or could not be had; rejected only when a setting is refused. */
  readonly ready: Promise<void>;
  /** What is kept of answers, to see and to delete. */
  readonly cache = new Cache((ask, otherwise) => this.#whenReady(ask, otherwise));
  /** Writes that could not go, and go later. */
  readonly outbox = new Outbox(
    (ask, otherwise) => this.#whenReady(ask, otherwise),
    (deed) => this.#manage(deed),
    (registration) => this.#background.attach(registration),
  );
  #background = new Background(
    (event) => this.#emit("worker", event),
    () => this.#waits(),
  );
  /**
   * A drop-in `WebSocket` class whose sockets come back: `new tide.WebSocket(url, protocols, options)`.
   *
   * The URL and the subprotocols may be functions, asked before each connection. With `{ reconnect: false }` it is the browser's own socket;
   * so it is while there is no engine.
   */
  readonly WebSocket: WebSocketClass = socketClass({
    attach: (socket) => this.#attach(socket),
    detach: (socket) => {
      this.#sockets.delete(socket);
      this.#forget();
    },
  });
  #state: State = { name: "loading" };
  #sockets = new Set<Attached>();
  #explanations = new WeakMap<Response, Said>();
  #listeners: Listeners = {};
  /** What to do to the engine once it is there. */
  #deeds: Deed[] = [];
  /** What to do with the calls that are under way if the engine is lost. */
  #underWay = new Set<() => void>();

  /** @internal */
  constructor(settings: Settings, source: () => WasmSource | Promise<WasmSource>) {
    this.ready = this.#start(settings, source);
    // Whoever awaits it hears of it; for others it is not an unhandled rejection.
    this.ready.catch(() => {});
  }

  /**
   * As `fetch`: same arguments, a native `Response`, the same rejections. {@link explain} tells where the response comes from, and
   * `init.tidegate` says what is wished for this request.
   *
   * @throws {@link TidegateError} when the policies have no answer to give.
   */
  readonly fetch = async (input: RequestInfo | URL, init?: TidegateInit): Promise<Response> => {
    if (this.#state.name !== "ready") return this.#passThrough(input, init);
    const { engine } = this.#state;
    const request = new Request(input, init);
    const { method } = request;
    const again = method === "GET" || method === "HEAD" ? () => this.#passThrough(request) : undefined;
    return this.#through(
      () => engine.fetch(request, init),
      async (reply) => {
        const answer = await answered(reply, init?.tidegate?.fallback, () => engine.fellBack());
        return this.#explained(...answer);
      },
      again,
    );
  };

  /**
   * The policies for any asynchronous function, not only for requests.
   *
   * ```ts
   * const search = tide.policy("search", { repeatable: true, fallback: [] });
   * const found = await search.run(({ signal }) => index.query(words, { signal }));
   * ```
   */
  policy<Fallback = never>(name: string, options: PolicyOptions<Fallback> = {}): Policy<Fallback> {
    return new Policy(String(name), options, this.#run);
  }

  /**
   * Other settings from now on; what is left out stays as it is. Before {@link ready}, they are applied then.
   *
   * @throws {@link TidegateError} with code `invalid-settings` for a name or a value that is not accepted; nothing changes then.
   */
  configure(settings: Settings): void {
    this.#manage((engine) => engine.configure(settings));
  }

  /**
   * Lets nothing of a scope through until it is released. Scopes have the names that {@link health} and {@link explain} show. Before
   * {@link ready}, any scope can be named: an origin and a route, as `https://api.example/assets/:id`.
   *
   * @throws {@link TidegateError} with code `unknown-scope` when there is none of this name.
   */
  isolate(scope: string): void {
    this.#manage((engine, early) => engine.byHand(String(scope), true, early));
  }

  /**
   * Lets a scope through again, whatever its breaker has seen.
   *
   * @throws {@link TidegateError} with code `unknown-scope` when there is none of this name.
   */
  release(scope: string): void {
    this.#manage((engine, early) => engine.byHand(String(scope), false, early));
  }

  /**
   * What is wished for the answers of a route: a path as in `/assets/:id` or `/reports/*`, with an origin before it or without, or `*` for all.
   * Of several that fit, the last that says something of a matter counts.
   *
   * @throws {@link TidegateError} with code `invalid-options` for a name or a value that is not accepted.
   */
  route(place: string, options: RouteOptions): void {
    this.#manage((engine) => engine.route(String(place), options));
  }

  /**
   * Whose page it is from now on: an identifier of the user, the same at each visit; `null` is nobody. What is kept is kept apart for each.
   * Calls of the user before are aborted; what is kept of them stays for when they come back, unless they {@link logout}.
   *
   * What is about one person (`Authorization`, `credentials: "include"`, `Cache-Control: private`) is kept only while there is a user.
   */
  setIdentity(user: string | null): void {
    refuseNoName(user);
    this.#background.identify(user);
    this.#manage((engine) => engine.setIdentity(user ?? undefined));
  }

  /**
   * The user goes, at once: calls under way are aborted. This resolves when nothing that was kept of them can be read any more, in this tab,
   * on disk, or in other tabs; who is signed in before that, the same user as well, stays. A user who is not the one whose page it is can be
   * named.
   *
   * @throws {@link TidegateError} with code `not-erased` when the browser's database gives no answer, so that something may be left on the
   * disk; in memory and in other tabs nothing is. Where one user's answers cannot be reached, everybody's are deleted.
   */
  async logout(user?: string): Promise<void> {
    refuseNoName(user);
    const forsaken = this.#background.logOut(user);
    // It is awaited below.
    forsaken.catch(() => {});
    const nothing = async () => {};
    let gone: Promise<void> | undefined;
    // In its turn: whoever is signed in after this call is not meant.
    this.#manage((engine) => {
      gone = this.#through(() => engine.logOut(user), nothing, nothing);
    });
    // A setting that was refused has nothing to do with the user.
    await this.ready.catch(() => {});
    await gone;
    // What was kept is there although there is no engine, or none any more, to find out whose it is.
    if (this.#state.name !== "ready") await deleteDatabase();
    await forsaken;
  }

  /** Where a response comes from, how old it is, and why. `undefined` for a response that is not from this object's `fetch`. */
  explain(response: Response): Explanation | undefined {
    const said = this.#explanations.get(response);
    if (typeof said !== "string") return said;
    const explanation = JSON.parse(said) as Explanation;
    this.#explanations.set(response, explanation);
    return explanation;
  }

  /** Calls back with every event of a name, until the returned function is called. */
  on<Name extends keyof TidegateEvents>(name: Name, listener: (event: TidegateEvents[Name]) => void): () => void {
    const listeners: Set<(event: TidegateEvents[Name]) => void> = (this.#listeners[name] ??= new Set() as never);
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  /** The state of everything, now. */
  health(): TidegateHealth {
    const state = this.#state;
    if (state.name === "lost") return { engine: "lost", reason: state.reason };
    if (state.name !== "ready") return { engine: state.name };
    const worker = this.#background.state;
    return { engine: "ready", ...(state.engine.health() as Health), ...(worker === undefined ? {} : { worker }) };
  }

  /**
   * What the engine was told since it was made, as a line of text for a bug report: it can be replayed to the same decisions. `undefined`
   * unless the setting `trace.bytes` says how much may be recorded. It holds origins, route templates, times and statuses; no query, no
   * header, no body.
   */
  trace(): string | undefined {
    return this.#state.name === "ready" ? this.#state.engine.trace() : undefined;
  }

  /** Ends background work and all listening. Calls that are under way end as they would have; later ones are plain `fetch`. */
  dispose(): void {
    const state = this.#state;
    this.#state = { name: "disposed" };
    this.#listeners = {};
    this.#forget();
    if (state.name === "ready") state.engine.shutDown();
    // Those that still wait for it.
    else this.#goPlain();
  }

  #attach(socket: Attached): void {
    this.#sockets.add(socket);
    if (this.#state.name === "lost" || this.#state.name === "disposed") socket.plainly();
    else this.#manage((engine) => socket.begin(engine));
  }

  #goPlain(): void {
    for (const socket of [...this.#sockets]) socket.plainly();
  }

  /** Once it is disposed and its calls are over, the loss of the engine is none of its business. */
  #forget(): void {
    if (this.#state.name === "disposed" && this.#underWay.size + this.#sockets.size === 0) forget(this.#lost);
  }

  /** Asks the engine; if it is lost meanwhile, `again` is done without it, where that can be. */
  #through<Reply, T>(
    ask: () => Promise<Reply>,
    settle: (reply: Reply) => Promise<T>,
    again?: () => Promise<T>,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const rescue = () => {
        if (again !== undefined) return again().then(resolve, reject);
        const message = "the engine was lost while this call was under way: it may have reached the server or not";
        reject(new TidegateError({ code: "engine-lost", message }));
      };
      this.#underWay.add(rescue);
      const settled = () => {
        this.#underWay.delete(rescue);
        this.#forget();
      };
      const refuse = (reason: unknown) => {
        settled();
        reject(asError(reason));
      };
      try {
        ask().then((reply) => {
          settled();
          resolve(settle(reply));
        }, refuse);
      } catch (error) {
        // If the engine was lost just now, the call was rescued already.
        if (this.#state.name === "ready") refuse(error);
      }
    });
  }

  #run: Runner = async (name, options, task, signal) => {
    const plainly = async () => task({ signal: signal ?? new AbortController().signal, attempt: 1 });
    const state = this.#state;
    try {
      if (state.name !== "ready") return await plainly();
      return await this.#through(
        () => state.engine.run(name, options, task, signal),
        async (reply) => {
          if (reply.length === 1) return reply[0];
          throw reply.length === 2 ? asError(reply[1]) : reply[2];
        },
        options.repeatable ? plainly : undefined,
      );
    } catch (error) {
      const { fallback } = options;
      if (fallback === undefined || signal?.aborted || isMisuse(error)) throw error;
      this.#manage((engine) => engine.fellBack());
      return typeof fallback === "function" ? (fallback as (error: unknown) => unknown)(error) : fallback;
    }
  };

  /** Asks the engine once it is there. */
  async #whenReady<T>(ask: (engine: Engine) => Promise<T>, otherwise: T): Promise<T> {
    await this.ready;
    const state = this.#state;
    return state.name === "ready"
      ? this.#through(
          () => ask(state.engine),
          async (reply) => reply,
        )
      : otherwise;
  }

  /** Does something to the engine, or will once it is there; where it never is, there is nothing to be done. */
  #manage(deed: Deed): void {
    const state = this.#state;
    if (state.name === "loading") this.#deeds.push(deed);
    if (state.name !== "ready") return;
    try {
      deed(state.engine, false);
    } catch (refusal) {
      throw asError(refusal);
    }
  }

  #explained(response: Response, explanation: Said): Response {
    this.#explanations.set(response, explanation);
    return response;
  }

  async #start(settings: Settings, source: () => WasmSource | Promise<WasmSource>): Promise<void> {
    let Engine;
    try {
      Engine = await load(source, this.#lost);
    } catch (error) {
      this.#lost((error as Error).message);
      return;
    }
    if (this.#state.name !== "loading") return;
    try {
      const engine = new Engine(settings, this.#told, (file: string, line: number) => {
        this.#lost(`panic at ${file}:${line}`);
      });
      if (this.#state.name !== "loading") return;
      this.#state = { name: "ready", engine };
      for (const deed of this.#deeds) this.#harmlessly(() => deed(engine, true));
    } catch (refusal) {
      if (!isRefusal(refusal)) return this.#lost(String(refusal));
      this.#state = { name: "lost", reason: refusal.message };
      this.#goPlain();
      throw new TidegateError(refusal);
    }
  }

  async #passThrough(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const response = await fetch(input, init);
    return this.#explained(response, {
      source: "passthrough",
      ageMs: 0,
      ageCertain: true,
      revalidating: false,
      attempts: 1,
      scope: "",
    });
  }

  #lost = (reason: string): void => {
    if (this.#state.name === "loading" || this.#state.name === "ready") {
      this.#state = { name: "lost", reason };
      console.warn(`tidegate: fetch is plain fetch from now on: ${reason}`);
      this.#emit("engine-lost", { reason });
    }
    const rescues = [...this.#underWay];
    this.#underWay.clear();
    for (const rescue of rescues) rescue();
    this.#goPlain();
  };

  /** Whether something is in the outbox that is to go still, as far as this page knows. */
  #waits(): boolean {
    const health = this.health();
    return health.engine === "ready" && health.outbox.length > 0;
  }

  /** An event of the engine, in JSON: there is one for each call, and mostly nobody listens. */
  #told = (name: keyof TidegateEvents, event: string): void => {
    if (this.#background.hears(name) || this.#listeners[name]?.size) this.#emit(name, JSON.parse(event));
  };

  #emit = <Name extends keyof TidegateEvents>(name: Name, event: TidegateEvents[Name]): void => {
    this.#background.heard(name, event);
    for (const listener of [...(this.#listeners[name] ?? [])]) this.#harmlessly(() => listener(event));
  };

  /** What is thrown here is not the caller's fault, and must not unwind through the engine. */
  #harmlessly(deed: () => void): void {
    try {
      deed();
    } catch (thrown) {
      const error = asError(thrown);
      if (typeof reportError === "function") reportError(error);
      else console.error(error);
    }
  }
}

/** A class of its own for each client, since a library calls it with a URL and nothing else. */
function socketClass(host: SocketHost): WebSocketClass {
  const WebSocket = class extends TidegateWebSocket {
    constructor(url: Provided<string | URL>, protocols: Provided<string | string[]> = [], options: SocketOptions = {}) {
      if (url === undefined) throw new TypeError("a WebSocket needs a URL");
      super(host, url, protocols, options);
    }
  };
  Object.defineProperty(WebSocket, "name", { value: "WebSocket" });
  return WebSocket as WebSocketClass;
}

/** An option that is not accepted is the application's own mistake, and no failure of what it works with. */
function isMisuse(error: unknown): boolean {
  return error instanceof TidegateError && error.code === "invalid-options";
}

/** What is no text would be taken for one by the engine, and two users for the same. */
function refuseNoName(user: unknown): void {
  if (user === null || user === undefined || (typeof user === "string" && user !== "")) return;
  const message = "an identity is a string that is not empty";
  throw new TidegateError({ code: "invalid-options", message, path: "user" });
}
