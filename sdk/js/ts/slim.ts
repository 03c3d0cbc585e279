import type { WasmSource } from "./source.js";
import type { Settings } from "./generated.js";
import { Tidegate } from "./tidegate.js";

export type { WasmSource } from "./source.js";
export * from "./public.js";

/**
 * Makes a {@link Tidegate} whose engine comes from a file or an address of yours; `tidegate/tidegate.wasm` is that file.
 *
 * Resolves as well when the engine cannot be had: then `fetch` is plain `fetch`, and {@link Tidegate.health} says why.
 *
 * @throws {@link TidegateError} with code `invalid-settings` for a name or a value that is not accepted.
 */
export async function createTidegate(settings: Settings, wasm: WasmSource | Promise<WasmSource>): Promise<Tidegate> {
  const tide = startTidegate(settings, wasm);
  await tide.ready;
  return tide;
}

/**
 * The same at once, for a module that exports its `tide` without a top-level await: until {@link Tidegate.ready}, `fetch` is plain
 * `fetch`. A setting that is refused rejects `ready`.
 */
export function startTidegate(settings: Settings, wasm: WasmSource | Promise<WasmSource>): Tidegate {
  return new Tidegate(settings, () => wasm);
}
