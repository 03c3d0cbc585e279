// The tabs of one user: the lock that each of them holds.

import assert from "node:assert/strict";

import { scenario, withGlobals } from "./scenario.mjs";

/** Locks as browsers have them, all of one name: granted later, in their order. */
function locks() {
  let holders = [];
  const waiting = [];
  const grant = (lock) => {
    holders.push(lock);
    setImmediate(async () => {
      const result = await lock.callback({}).catch?.(() => {});
      if (!holders.includes(lock)) return;
      holders = holders.filter((each) => each !== lock);
      lock.resolve(result);
      setImmediate(next);
    });
  };
  const next = () => {
    const fits = ({ mode }) => holders.every((each) => each.mode === "shared" && mode === "shared");
    while (waiting.length > 0 && fits(waiting[0])) grant(waiting.shift());
  };
  const request = (_name, { mode = "exclusive", steal = false }, ask) =>
    new Promise((resolve, reject) => {
      const lock = { mode, resolve, reject, callback: async () => ask() };
      setImmediate(() => {
        if (!steal) return void (waiting.push(lock), next());
        for (const each of holders) each.reject(new DOMException("stolen", "AbortError"));
        holders = [];
        grant(lock);
      });
    });
  return { request };
}

/** Time that passes at once. */
function haste() {
  const { setTimeout, performance } = globalThis;
  let skipped = 0;
  return {
    performance: { now: () => performance.now() + skipped },
    setTimeout: (callback, millis) => setTimeout(callback, 0, (skipped += millis)),
  };
}

scenario("a user who goes before their lock is granted harms nobody", async ({ tide }) => {
  await withGlobals({ navigator: { locks: locks() } }, async () => {
    tide.setIdentity("alice");
    tide.setIdentity("bob");
    await tide.logout();
  });
  assert.equal(tide.health().engine, "ready");
});

scenario("a lock that had to be taken from a frozen tab harms nobody", async ({ tide }) => {
  const shared = locks();
  await withGlobals({ navigator: { locks: shared }, ...haste() }, async () => {
    const taken = assert.rejects(
      shared.request("", { mode: "shared" }, () => new Promise(() => {})),
      { name: "AbortError" },
    );
    tide.setIdentity("alice");
    await tide.logout();
    await taken;
    // The one that waited in vain has its turn before this.
    await shared.request("", {}, () => {});
  });
  assert.equal(tide.health().engine, "ready");
});

scenario("a lock that is refused sends nobody away", async ({ tide, url }) => {
  const request = () => Promise.reject(new DOMException("a sandboxed frame", "SecurityError"));
  const told = [];
  tide.on("identity", ({ signedIn }) => told.push(signedIn));
  await withGlobals({ navigator: { locks: { request } } }, async () => {
    tide.setIdentity("alice");
    await tide.fetch(url);
  });
  assert.deepEqual(told, [true]);
});
