import { type OutboxWorker, serve, type WorkerOptions } from "./drain.js";
import { startTidegate } from "./index.js";

export type { OutboxWorker, WorkerOptions, WorkerTokenRequest } from "./drain.js";

/**
 * Has a service worker drain the outbox while no page is open, where the browser has Background Sync. To be called as the worker's script
 * runs. Pages say `tide.outbox.worker(registration)`.
 *
 * ```ts
 * import { drainOutbox } from "tidegate/worker";
 * drainOutbox({ authorize: async ({ user }) => ({ authorization: `Bearer ${await token(user)}` }) });
 * ```
 *
 * @throws TidegateError with code `invalid-options` anywhere but in a service worker.
 */
export function drainOutbox(options: WorkerOptions = {}): OutboxWorker {
  return serve(options, startTidegate);
}
