import assert from "node:assert/strict";

import { scenario, withGlobals } from "./scenario.mjs";

/** `CANCELS=1000000` for a long look. */
const CANCELS = Number(process.env.CANCELS ?? 2_000);

scenario("of callers who lose interest nothing is left: no permit, no place, no timer", async ({ tide }) => {
  const timers = new Set();
  const { setTimeout, clearTimeout } = globalThis;
  const mocks = {
    // Never answers; ends when its signal says so.
    fetch: (_, { signal }) => new Promise((_, reject) => (signal.onabort = () => reject(signal.reason))),
    setTimeout: (run, ...rest) => {
      const timer = setTimeout(() => (timers.delete(timer), run()), ...rest);
      timers.add(timer);
      return timer;
    },
    clearTimeout: (timer) => (timers.delete(timer), clearTimeout(timer)),
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await withGlobals(mocks, async () => {
    // More at a time than there are permits, fewer than fit into the queue.
    for (let batch = 0; batch < CANCELS / 50; batch++) {
      const calls = Array.from({ length: 50 }, (_, n) => {
        const controller = new AbortController();
        const url = `https://api.example/${"abc"[n % 3]}?${(batch + n) % 7}`;
        const method = n % 5 ? "GET" : "POST";
        const call = tide.fetch(url, { method, signal: controller.signal }).catch(() => {});
        return { controller, call };
      });
      if (batch % 2) await turn();
      for (let n = 0; n < 50; n++) calls[(n * 7 + batch) % 50].controller.abort();
      await Promise.all(calls.map(({ call }) => call));
    }
    await turn();
  });
  const { inFlight, queued, counters } = tide.health();
  assert.deepEqual([inFlight, queued, counters.fromNetwork, counters.failed], [0, 0, 0, 0]);
  assert.ok(timers.size <= 1, `${timers.size} timers`);
});
