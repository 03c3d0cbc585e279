/// <reference path="./modules.d.ts" />

import { letAllGo } from "tidegate:boundary";
import { __wbg_set_wasm, Engine } from "tidegate:glue";
import imports from "tidegate:imports";

import type { WasmSource } from "./source.js";

/** The engine, as wasm-bindgen exports it. */
export type { Engine, Line } from "tidegate:glue";

type Lost = (reason: string) => void;

/** One module for all: a page has one engine's worth of code, and every `Tidegate` has its own state in it. */
let instantiated: Promise<typeof Engine> | undefined;
let trapped: string | undefined;
const losers = new Set<Lost>();

/** Instantiates the module on first use; `lost` is called if it ever traps. */
export function load(source: () => WasmSource | Promise<WasmSource>, lost: Lost): Promise<typeof Engine> {
  if (trapped !== undefined) return Promise.reject(new Error(trapped));
  losers.add(lost);
  instantiated ??= instantiate(source).catch((error: unknown) => {
    // The next one may have another source.
    instantiated = undefined;
    throw new Error(explain(error), { cause: error });
  });
  return instantiated;
}

/** The engine of a disposed object is nobody's loss. */
export function forget(lost: Lost): void {
  losers.delete(lost);
}

async function instantiate(source: () => WasmSource | Promise<WasmSource>): Promise<typeof Engine> {
  const module = await compile(await source());
  const instance = await WebAssembly.instantiate(module, imports);
  const exports = guarded(instance.exports);
  __wbg_set_wasm(exports);
  (exports["__wbindgen_start"] as (() => void) | undefined)?.();
  return Engine;
}

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  const fetched = typeof source === "string" || source instanceof URL ? await fetch(source) : source;
  if (!(fetched instanceof Response)) return WebAssembly.compile(fetched as BufferSource);
  if (!fetched.ok) throw new Error(`${fetched.url} answered ${fetched.status}`);
  // Not compileStreaming: it insists on a MIME type that many servers do not send.
  return WebAssembly.compile(await fetched.arrayBuffer());
}

/**
 * A trap leaves the engine's memory in no state to go on with. Every way into the module is watched, so that the first one that
 * throws, in a promise's callback or a timer's as well, is known at once and not by calls that never end.
 */
function guarded(exports: WebAssembly.Exports): WebAssembly.Exports {
  const entries = Object.entries(exports).map(([name, value]) => {
    if (typeof value !== "function") return [name, value];
    const watched = (...args: unknown[]) => {
      // Promises and timers of the lost engine still call back. There is nobody left to answer them, but wasm-bindgen's JavaScript
      // takes some answers apart.
      if (trapped !== undefined) return [];
      try {
        return value(...args);
      } catch (error) {
        // Not thrown on: most callers are the browser itself. The facade takes care of its own calls.
        lose(error);
        return [];
      }
    };
    return [name, watched];
  });
  return Object.fromEntries(entries) as WebAssembly.Exports;
}

function lose(error: unknown): void {
  trapped = String(error);
  console.error(error);
  letAllGo();
  for (const lost of losers) lost(trapped);
  losers.clear();
}

function explain(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /content security policy|unsafe-eval/i.test(message)
    ? "this page's Content-Security-Policy forbids WebAssembly: add 'wasm-unsafe-eval' to its script-src"
    : message;
}
