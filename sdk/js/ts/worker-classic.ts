import { type OutboxWorker, serve, type WorkerOptions } from "./drain.js";
import { startTidegate } from "./slim.js";
import type { WasmSource } from "./source.js";

export type { OutboxWorker, WorkerOptions, WorkerTokenRequest } from "./drain.js";

/** The same for a service worker without modules, whose engine comes from a file or an address of yours. */
export function drainOutbox(options: WorkerOptions & { wasm: WasmSource }): OutboxWorker {
  const { wasm, ...others } = options;
  return serve(others, (settings) => startTidegate(settings, wasm));
}
