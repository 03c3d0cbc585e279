import assert from "node:assert/strict";
import { test } from "node:test";

import { createTidegate, TidegateError } from "tidegate";
import { backend, next } from "./backend.mjs";

test("an engine that is lost takes no call with it", async () => {
  const server = await backend();
  const tide = await createTidegate();
  const other = await createTidegate();
  const disposed = await createTidegate();
  const held = [];
  const arrived = new Promise((resolve) => {
    server.answer = (_request, response) => {
      if (held.push(response) === 2) resolve();
    };
  });
  const write = tide.fetch(server.url, { method: "POST", body: "x" });
  write.catch(() => {});
  let runs = 0;
  const again = other
    .policy("search", { repeatable: true })
    .run(() => (runs++ > 0 ? "plainly" : new Promise(() => {})));
  const once = other.policy("pay").run(() => new Promise(() => {}));
  once.catch(() => {});
  const unfinished = disposed.fetch(server.url);
  disposed.dispose();
  await arrived;
  server.answer = (_request, response) => response.end("fresh");

  // A page that breaks what the engine stands on: the next timer it sets throws right through it.
  const lost = next(tide, "engine-lost");
  const real = globalThis.setTimeout;
  globalThis.setTimeout = () => {
    throw new RangeError("no timers today");
  };
  const read = tide.fetch(server.url);
  assert.match((await lost).reason, /no timers today/);
  globalThis.setTimeout = real;

  for (const call of [read, unfinished]) assert.equal(await (await call).text(), "fresh");
  assert.equal(await again, "plainly");
  await assert.rejects(once, { code: "engine-lost" });
  for (const tell of ["isolate", "release", "configure"]) tide[tell]("anything");
  await assert.rejects(write, (error) => error instanceof TidegateError && error.code === "engine-lost");
  for (const survivor of [tide, other, await createTidegate()]) {
    const response = await survivor.fetch(server.url);
    assert.equal(survivor.explain(response).source, "passthrough");
    assert.equal(survivor.health().engine, "lost");
  }
  for (const response of held) response.destroy();
  await server[Symbol.asyncDispose]();
});
