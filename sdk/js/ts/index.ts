/// <reference path="./modules.d.ts" />

import text from "tidegate:wasm";

import type { Settings } from "./generated.js";
import { unspelled } from "./spelled.js";
import { Tidegate } from "./tidegate.js";

export * from "./public.js";

/**
 * Makes a {@link Tidegate} with its engine inlined: no file to serve, no bundler to set up.
 *
 * Resolves as well when the engine cannot be had (a Content-Security-Policy without `'wasm-unsafe-eval'`, an ancient browser): then
 * `fetch` is plain `fetch`, and {@link Tidegate.health} says why.
 *
 * @throws {@link TidegateError} with code `invalid-settings` for a name or a value that is not accepted.
 */
export async function createTidegate(settings: Settings = {}): Promise<Tidegate> {
  const tide = startTidegate(settings);
  await tide.ready;
  return tide;
}

/**
 * The same at once, for a module that exports its `tide` without a top-level await: until {@link Tidegate.ready}, `fetch` is plain
 * `fetch`. A setting that is refused rejects `ready`.
 */
export function startTidegate(settings: Settings = {}): Tidegate {
  return new Tidegate(settings, inlined);
}

/** As text: every tool can carry it, and it needs no other file. */
function inlined(): BufferSource {
  return unspelled(text);
}
