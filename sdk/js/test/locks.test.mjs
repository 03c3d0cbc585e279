// The tabs of one user: the lock that each of them holds.

import assert from "node:assert/strict";

import { locks } from "./locks.mjs";
import { scenario, withGlobals } from "./scenario.mjs";

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
