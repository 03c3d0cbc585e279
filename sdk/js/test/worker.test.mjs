// What can be said of the service worker's part outside of browsers. What it does is tested in them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { drainOutbox } from "tidegate/worker";
import { scenario, until, withGlobals } from "./scenario.mjs";

test("it can be imported anywhere, and used in a service worker", () => {
  assert.throws(() => drainOutbox(), { code: "invalid-options" });
});

/** A registration whose worker answers with this. */
function registration(reply, sync) {
  const active = { postMessage: (_, [port]) => port.postMessage(reply) };
  return { active, installing: null, waiting: null, sync, addEventListener() {} };
}

const FIT = { protocol: 1, queue: 100, stopped: false };
const sync = { register: () => assert.fail("nothing waits") };

for (const [state, given] of [
  ["ready", registration(FIT, sync)],
  ["ready", registration({ ...FIT, queue: 150 }, sync)],
  ["stopped", registration({ ...FIT, stopped: true }, sync)],
  ["unfit", registration({ ...FIT, protocol: 2 }, sync)],
  ["unfit", registration({ ...FIT, queue: 200 }, sync)],
  ["silent", registration(undefined, sync)],
  ["silent", { ...registration(FIT, sync), active: null }],
  ["unsupported", registration(FIT, undefined)],
]) {
  scenario(`how it stands with a worker is told: ${state}`, async ({ tide }) => {
    const told = [];
    tide.on("worker", (event) => told.push(event.state));
    assert.equal(tide.health().worker, undefined);
    await tide.outbox.worker(Promise.resolve(given));
    assert.equal(tide.health().worker, state);
    assert.equal(told.at(-1), state);
    await tide.outbox.worker(null);
    assert.equal(tide.health().worker, undefined);
  });
}

scenario("a worker that takes over is asked as well", async ({ tide }) => {
  const given = registration({ ...FIT, protocol: 2 }, sync);
  const coming = new EventTarget();
  given.waiting = coming;
  await tide.outbox.worker(given);
  assert.equal(tide.health().worker, "unfit");
  Object.assign(given, { active: registration(FIT, sync).active, waiting: null });
  coming.state = "activated";
  coming.dispatchEvent(new Event("statechange"));
  await until(() => tide.health().worker === "ready");
});

scenario("a registration that is rejected is the caller's to hear of", async ({ tide }) => {
  await assert.rejects(tide.outbox.worker(Promise.reject(new TypeError("no script"))), TypeError);
  assert.equal(tide.health().worker, undefined);
});

scenario("who has no worker has no database asked for", async ({ tide }) => {
  const nobody = () => assert.fail("nobody asks");
  await withGlobals({ indexedDB: { open: nobody, databases: nobody } }, async () => {
    tide.setIdentity("ann");
    await tide.logout();
  }).catch(({ code }) => assert.equal(code, "not-erased"));
});
