import assert from "node:assert/strict";

import { next } from "./backend.mjs";
import { scenario, withGlobals } from "./scenario.mjs";

scenario("the server's word is heard with every answer", async ({ server, tide, url }) => {
  const heard = next(tide, "server-word");
  server.always(200, { "tidegate-hint": "level=340, retries=?0" });
  await tide.fetch(url);
  const { scope, levelPermille, retries } = await heard;
  assert.deepEqual([scope, levelPermille, retries], [server.url, 340, false]);
});

scenario("a word that was in a cache is of another moment", async ({ server, tide, url }) => {
  const heard = [];
  tide.on("server-word", (word) => heard.push(word.levelPermille));
  server.always(200, { "tidegate-hint": "level=340", age: "30" });
  await tide.fetch(url);
  server.always(200, { "tidegate-hint": "level=700", age: "0" });
  await tide.fetch(url);
  assert.deepEqual(heard, [700]);
});

scenario("a word that is void is noticed once", async ({ server, tide, url }) => {
  const noticed = [];
  tide.on("notice", ({ notice }) => noticed.push(notice));
  server.always(200, { "tidegate-hint": "level=lots" });
  for (const _ of [1, 2]) await tide.fetch(url);
  assert.deepEqual(noticed, ["server-word-refused"]);
});

scenario("recovery asks the path that the server has named, and nothing else", async ({ server, tide, url }) => {
  const probes = [];
  server.answer = (request, response) => {
    if (request.url !== "/ready")
      return response.writeHead(500, { "tidegate-hint": 'level=1000, probe="/ready"' }).end();
    probes.push(request.headers);
    response.end("ready");
  };
  await tide.fetch(url, { headers: { authorization: "Bearer x" } });
  assert.equal((await next(tide, "recovered")).scope, url);
  assert.deepEqual([probes.length, probes[0].authorization], [1, undefined]);
  assert.equal(server.requests.at(-1), "GET /ready");
});

for (const [saveData, timers] of [
  [true, 0],
  [false, 1],
]) {
  const name = saveData ? "who pays for each byte pays for no probe" : "a probe is what a page waits for";
  scenario(name, async ({ server, tide, url }) => {
    const live = new Set();
    const { setTimeout: set, clearTimeout: clear } = globalThis;
    const globals = {
      navigator: { onLine: true, connection: { saveData } },
      setTimeout: (run, ms) => {
        // The tick of Node's own fetch, which begins when it has been idle for a while.
        if (ms === 499) return set(run, ms);
        const timer = set(() => live.delete(timer) && run(), ms);
        return live.add(timer) && timer;
      },
      clearTimeout: (timer) => live.delete(timer) && clear(timer),
    };
    await withGlobals(globals, async () => {
      server.always(500);
      await tide.fetch(url);
      assert.ok(tide.health().scopes[0].probeInMs !== undefined);
      assert.equal(live.size, timers);
      tide.dispose();
    });
  });
}

for (const [type, headers, noticed] of [
  ["basic", {}, []],
  ["cors", { "retry-after": "1" }, []],
  ["cors", {}, ["retry-after-hidden"]],
]) {
  const what = `${type} answer with ${JSON.stringify(headers)}`;
  scenario(`of a ${what} that sends away it is noticed: ${noticed}`, async ({ server, tide, url }) => {
    const heard = [];
    tide.on("notice", ({ notice, scope }) => heard.push([notice, scope]));
    const fetch = async () =>
      Object.defineProperty(new Response("", { status: 429, headers }), "type", { value: type });
    await withGlobals({ fetch }, async () => {
      for (const _ of [1, 2]) await tide.fetch(url, { method: "POST" }).catch(() => {});
    });
    assert.deepEqual(
      heard,
      noticed.map((notice) => [notice, server.url]),
    );
  });
}
