// What most tests begin with.

import { test } from "node:test";

import { createTidegate } from "tidegate";
import { backend, next } from "./backend.mjs";

/** A test with a backend and a client of its own. */
export function scenario(name, run, settings = {}) {
  test(name, async () => {
    const server = await backend();
    const tide = await createTidegate(settings);
    try {
      await run({ server, tide, url: `${server.url}/assets` });
    } finally {
      tide.dispose();
      await server[Symbol.asyncDispose]();
    }
  });
}

/** Asks; returns when a copy of the answer was kept, which happens in the background. */
export async function keep(tide, url) {
  const kept = next(tide, "kept");
  await tide.fetch(url);
  await kept;
}

/** A backend's next request, held back until the test answers it: `{ request, response }`. */
export function held(server) {
  return new Promise((resolve) => {
    server.answer = (request, response) => resolve({ request, response });
  });
}

/** Runs with other globals in place of the page's. */
export async function withGlobals(globals, run) {
  const real = Object.keys(globals).map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  try {
    return await run();
  } finally {
    for (const [name, descriptor] of real) {
      if (descriptor) Object.defineProperty(globalThis, name, descriptor);
      else delete globalThis[name];
    }
  }
}

/** Has the engine lost, for all: the next timer that it sets throws right through it, and no later one. */
export async function lose(tide) {
  const lost = next(tide, "engine-lost");
  const real = globalThis.setTimeout;
  globalThis.setTimeout = () => {
    globalThis.setTimeout = real;
    throw new RangeError("no timers today");
  };
  tide
    .policy("search")
    .run(() => new Promise(() => {}))
    .catch(() => {});
  await lost;
}

/** Lets what is due run until something is so. */
export async function until(condition) {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

/** Asks a backend that fails until the breaker opens. How many attempts that takes is not the same for all: some have more retries to spend. */
export async function shut(tide, url) {
  await until(async () => {
    await tide.fetch(url).catch(() => {});
    return tide.health().scopes[0].breaker === "open";
  });
}
