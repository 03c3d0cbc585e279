// A file of its own: an engine that is lost is lost for all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createTidegate } from "tidegate";
import { next } from "./backend.mjs";
import { locks } from "./locks.mjs";
import { withGlobals } from "./scenario.mjs";

test("a tab whose engine is lost lets go of its locks, for which others wait", async () => {
  const shared = locks();
  const quiet = { ...console, warn() {}, error() {} };
  await withGlobals({ navigator: { locks: shared }, console: quiet }, async () => {
    const tide = await createTidegate();
    tide.setIdentity("alice");
    const theirs = [];
    const turn = shared.request("", {}, () => void theirs.push("turn"));
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
    await turn;
    assert.deepEqual(theirs, ["turn"]);
  });
});
