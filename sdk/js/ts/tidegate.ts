import { type Engine, forget, load } from "./engine.js";
import { type Refusal, TidegateError } from "./error.js";
import type { EngineEvents, Explanation, Health, Settings } from "./generated.js";
import type { WasmSource } from "./source.js";

/** The engine is gone; from now on `fetch` is plain `fetch`. */
export interface EngineLostEvent {
  /** What happened to it. */
  reason: string;
}

/** Every event by its name. */
export interface TidegateEvents extends EngineEvents {
  "engine-lost": EngineLostEvent;
}

/** The state of everything, or why there is no engine to have a state. */
export type TidegateHealth =
  ({ engine: "ready" } & Health) | { engine: "loading" | "disposed" } | { engine: "lost"; reason: string };

type State =
  { name: "loading" } | { name: "ready"; engine: Engine } | { name: "lost"; reason: string } | { name: "disposed" };

type Listeners = { [Name in keyof TidegateEvents]?: Set<(event: TidegateEvents[Name]) => void> };

/** A drop-in `fetch` under policies. Until its engine is ready, and if the engine is lost, `fetch` is plain `fetch`. */
export class Tidegate {
  /** Resolves when the engine is ready, or could not be had; rejected only when a setting is refused. */
  readonly ready: Promise<void>;
  #state: State = { name: "loading" };
  #explanations = new WeakMap<Response, Explanation>();
  #listeners: Listeners = {};
  /** What to do with the calls that are under way if the engine is lost. */
  #underWay = new Set<() => void>();

  /** @internal */
  constructor(settings: Settings, source: () => WasmSource | Promise<WasmSource>) {
    this.ready = this.#start(settings, source);
    // Whoever awaits it hears of it; for others it is not an unhandled rejection.
    this.ready.catch(() => {});
  }

  /**
   * As `fetch`: same arguments, a native `Response`, the same rejections. {@link explain} tells where the response comes from.
   *
   * @throws {@link TidegateError} when the policies have no answer to give.
   */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    if (this.#state.name !== "ready") return this.#passThrough(input, init);
    const { engine } = this.#state;
    const request = new Request(input, init);
    return new Promise<Response>((resolve, reject) => {
      const rescue = () => {
        const { method } = request;
        if (method === "GET" || method === "HEAD") {
          this.#passThrough(request).then(resolve, reject);
        } else {
          const message = "the engine was lost while this call was under way: it may have reached the server or not";
          reject(new TidegateError({ code: "engine-lost", message }));
        }
      };
      this.#underWay.add(rescue);
      const settled = (settle: () => void) => {
        this.#underWay.delete(rescue);
        this.#forget();
        settle();
      };
      const refuse = (reason: unknown) => settled(() => reject(reason));
      try {
        engine.fetch(request).then(
          ([response, said]) =>
            settled(() => {
              if (response === undefined) return reject(new TidegateError(said as Refusal));
              this.#explanations.set(response, said as Explanation);
              resolve(response);
            }),
          refuse,
        );
      } catch (error) {
        // If the engine was lost just now, the call was rescued already.
        if (this.#state.name === "ready") refuse(error);
      }
    });
  };

  /** Where a response comes from, how old it is, and why. `undefined` for a response that is not from this object's `fetch`. */
  explain(response: Response): Explanation | undefined {
    return this.#explanations.get(response);
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
    return state.name === "ready" ? { engine: "ready", ...(state.engine.health() as Health) } : { engine: state.name };
  }

  /** Ends background work and all listening. Calls that are under way end as they would have; later ones are plain `fetch`. */
  dispose(): void {
    const state = this.#state;
    this.#state = { name: "disposed" };
    this.#listeners = {};
    this.#forget();
    if (state.name === "ready") state.engine.shutDown();
  }

  /** Once it is disposed and its calls are over, the loss of the engine is none of its business. */
  #forget(): void {
    if (this.#state.name === "disposed" && this.#underWay.size === 0) forget(this.#lost);
  }

  async #start(settings: Settings, source: () => WasmSource | Promise<WasmSource>): Promise<void> {
    let glue;
    try {
      glue = await load(source, this.#lost);
    } catch (error) {
      this.#lost((error as Error).message);
      return;
    }
    if (this.#state.name !== "loading") return;
    try {
      const engine = new glue.Engine(settings, this.#emit, (file: string, line: number) => {
        this.#lost(`panic at ${file}:${line}`);
      });
      if (this.#state.name === "loading") this.#state = { name: "ready", engine };
    } catch (refusal) {
      if (!isRefusal(refusal)) return this.#lost(String(refusal));
      this.#state = { name: "lost", reason: refusal.message };
      throw new TidegateError(refusal);
    }
  }

  async #passThrough(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const response = await fetch(input, init);
    this.#explanations.set(response, { source: "passthrough", ageMs: 0, attempts: 1, scope: "" });
    return response;
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
  };

  #emit = <Name extends keyof TidegateEvents>(name: Name, event: TidegateEvents[Name]): void => {
    for (const listener of [...(this.#listeners[name] ?? [])]) {
      try {
        listener(event);
      } catch (error) {
        // The listener's fault is not the call's, and must not unwind through the engine.
        if (typeof reportError === "function") reportError(error);
        else console.error(error);
      }
    }
  };
}

function isRefusal(value: unknown): value is Refusal {
  return typeof value === "object" && value !== null && "code" in value && "message" in value;
}
