import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { TidegateError } from "tidegate";
import { startTidegate } from "tidegate/slim";
import { backend } from "./backend.mjs";
import { scenario, withGlobals } from "./scenario.mjs";

const wasm = readFileSync(createRequire(import.meta.url).resolve("tidegate/tidegate.wasm"));

scenario("settings change while the page runs, and what is left out stays", async ({ server, tide, url }) => {
  server.always(500);
  tide.configure({ retry: { attempts: 1 } });
  tide.configure({ breaker: { openMs: 5_000 } });
  await tide.fetch(url);
  assert.equal(server.requests.length, 1);
  tide.configure({ retry: { attempts: 2 } });
  await tide.fetch(url);
  assert.equal(server.requests.length, 3);
});

scenario("a setting that is refused changes nothing", async ({ server, tide, url }) => {
  server.always(500);
  const settings = { retry: { attempts: 1, baseMs: 0 } };
  assert.throws(
    () => tide.configure(settings),
    (error) => error instanceof TidegateError && error.code === "invalid-settings" && error.path === "retry.baseMs",
  );
  await tide.fetch(url);
  assert.equal(server.requests.length, 3);
});

scenario("keeping answers can be switched off and on", async ({ tide, url }) => {
  tide.configure({ cache: { entries: 0 } });
  assert.equal(tide.health().storage.mode, "off");
  tide.configure({ cache: { entries: 5 } });
  await tide.fetch(url);
  assert.notEqual(tide.health().storage.mode, "off");
});

scenario("an isolated scope is not asked until it is released", async ({ server, tide, url }) => {
  await tide.fetch(url);
  tide.isolate(url);
  assert.equal(tide.health().scopes[0].breaker, "isolated");
  await assert.rejects(tide.fetch(url), { code: "circuit-open" });
  assert.equal(server.requests.length, 1);
  tide.release(url);
  assert.equal((await tide.fetch(url)).status, 200);
});

scenario("a scope that there is not is named", async ({ tide }) => {
  for (const deed of ["isolate", "release"]) {
    assert.throws(
      () => tide[deed]("https://nobody.example/nothing"),
      (error) => {
        assert.ok(error instanceof TidegateError);
        assert.match(error.message, /`https:\/\/nobody.example\/nothing`/);
        return error.code === "unknown-scope" && error.scope === "https://nobody.example/nothing";
      },
    );
  }
});

test("what is said before the engine is there is done when it is", async () => {
  const server = await backend();
  let arrive;
  const tide = startTidegate({}, new Promise((resolve) => (arrive = resolve)));
  tide.configure({ retry: { attempts: 1 } });
  tide.isolate(`${server.url}/shut`);
  arrive(wasm);
  await tide.ready;
  await assert.rejects(tide.fetch(`${server.url}/shut`), { code: "circuit-open" });
  server.always(500);
  await tide.fetch(`${server.url}/open`);
  assert.deepEqual(server.requests, ["GET /open"]);
  tide.dispose();
  await server[Symbol.asyncDispose]();
});

test("a setting that turns out to be none when the engine comes is reported, and harms nothing", async () => {
  const reported = [];
  await withGlobals({ reportError: (error) => reported.push(error) }, async () => {
    const tide = startTidegate({}, wasm);
    tide.configure({ retry: { atempts: 1 } });
    await tide.ready;
    assert.equal(tide.health().engine, "ready");
    tide.dispose();
  });
  assert.deepEqual(
    reported.map((error) => [error.code, error.path]),
    [["invalid-settings", "retry.atempts"]],
  );
});

scenario("after dispose there is nothing to be managed", async ({ tide, url }) => {
  tide.dispose();
  tide.configure({ retry: { attempts: 1 } });
  tide.isolate(url);
  tide.release(url);
  assert.equal((await tide.fetch(url)).status, 200);
});

scenario("a name that is no string is refused and harms nobody", async ({ tide }) => {
  assert.throws(() => tide.isolate(7), { code: "unknown-scope" });
  assert.throws(() => tide.release(undefined), { code: "unknown-scope" });
  assert.throws(() => tide.route({}, {}), { code: "invalid-options" });
  assert.equal(await tide.policy(7).run(() => "done"), "done");
  assert.equal(tide.health().engine, "ready");
});
