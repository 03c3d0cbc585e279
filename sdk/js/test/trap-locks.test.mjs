// A file of its own: an engine that is lost is lost for all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createTidegate } from "tidegate";
import { locks } from "./locks.mjs";
import { lose, withGlobals } from "./scenario.mjs";

test("a tab whose engine is lost lets go of its locks, for which others wait", async () => {
  const shared = locks();
  const quiet = { ...console, warn() {}, error() {} };
  await withGlobals({ navigator: { locks: shared }, console: quiet }, async () => {
    const tide = await createTidegate();
    tide.setIdentity("alice");
    const theirs = [];
    const turn = shared.request("", {}, () => void theirs.push("turn"));
    await lose(tide);
    await turn;
    assert.deepEqual(theirs, ["turn"]);
  });
});
