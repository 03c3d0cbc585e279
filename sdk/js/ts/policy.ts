import type { PolicyOptions } from "./options.js";

/** What a function is told of the attempt that it makes. */
export interface Attempt {
  /** Fires when the attempt is given up: it took too long, or nobody waits for it any more. */
  signal: AbortSignal;
  /** Its number, from 1. */
  attempt: number;
}

/** A function to run under a policy. */
export type Task<T> = (attempt: Attempt) => T | Promise<T>;

/** How a policy reaches the engine. @internal */
export type Runner = (
  name: string,
  options: PolicyOptions<unknown>,
  task: Task<unknown>,
  signal?: AbortSignal,
) => Promise<unknown>;

/**
 * Breaker, pace, rate, limit, queue, deadline, and retries within the budget for any asynchronous function. Everything that is run under one
 * name has them in common, and shares them with no other name, as long as there are no more than about sixty names and origins together.
 */
export class Policy<Fallback = never> {
  /** What health shows it under, after `policy:`. */
  readonly name: string;
  #options: PolicyOptions<Fallback>;
  #run: Runner;

  /** @internal */
  constructor(name: string, options: PolicyOptions<Fallback>, run: Runner) {
    this.name = name;
    this.#options = options;
    this.#run = run;
  }

  /**
   * Runs a function. While there is no engine it is just called.
   *
   * @throws {@link TidegateError} when the policies refuse it, the reason of `signal` when that fires, else the function's own last error.
   */
  run<T>(task: Task<T>, { signal }: { signal?: AbortSignal } = {}): Promise<T | Fallback> {
    if (typeof task !== "function") return Promise.reject(new TypeError(`policy "${this.name}": run takes a function`));
    return this.#run(this.name, this.#options, task, signal) as Promise<T | Fallback>;
  }
}
