import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";

import { createTidegate, TidegateError } from "tidegate";
import { next } from "./backend.mjs";
import { keep, scenario, shut } from "./scenario.mjs";

scenario("the network's answer is a native response, explained", async ({ tide, url }) => {
  const response = await tide.fetch(url);
  assert.ok(response instanceof Response);
  assert.equal(response.url, url);
  assert.equal(await response.text(), "fresh");
  const { scope, ...rest } = tide.explain(response);
  assert.deepEqual(rest, { source: "network", ageMs: 0, ageCertain: true, revalidating: false, attempts: 1 });
  assert.equal(scope, url);
});

scenario("a dead backend's last answer is served with its age and the reason", async ({ server, tide, url }) => {
  await keep(tide, url);
  await server.die();
  const response = await tide.fetch(url);
  assert.equal(await response.text(), "fresh");
  assert.equal(response.status, 200);
  assert.equal(response.url, url);
  assert.match(response.headers.get("age"), /^\d+$/);
  assert.equal(response.headers.get("cache-status"), "tidegate; hit; detail=unreachable");
  const { source, reason, attempts, retryAt } = tide.explain(response);
  assert.deepEqual({ source, reason, attempts }, { source: "cache", reason: "unreachable", attempts: 3 });
  assert.ok(retryAt > Date.now());
});

scenario("without a kept answer the rejection is fetch's own", async ({ server, tide, url }) => {
  await server.die();
  await assert.rejects(tide.fetch(url), (error) => error instanceof TypeError && !(error instanceof TidegateError));
});

scenario(
  "an open breaker refuses without asking the backend and says until when",
  async ({ server, tide, url }) => {
    server.always(500);
    const opened = next(tide, "breaker");
    await shut(tide, url);
    assert.equal((await opened).to, "open");
    const asked = server.requests.length;
    await assert.rejects(tide.fetch(url), (error) => {
      assert.ok(error instanceof TidegateError);
      assert.equal(error.code, "circuit-open");
      assert.equal(error.scope, url);
      return error.retryAt > Date.now();
    });
    assert.equal(server.requests.length, asked);
  },
  { breaker: { openMs: 60_000 } },
);

scenario("a scope recovers by itself, and says so", async ({ server, tide, url }) => {
  server.always(500);
  await shut(tide, url);
  server.always(200);
  assert.equal((await next(tide, "recovered")).scope, url);
  assert.equal((await tide.fetch(url)).status, 200);
});

scenario("a read is repeated and a write is not", async ({ server, tide, url }) => {
  server.always(500);
  await tide.fetch(url);
  await tide.fetch(url, { method: "POST", body: "once" });
  assert.deepEqual(server.requests, ["GET /assets", "GET /assets", "GET /assets", "POST /assets"]);
});

scenario("a body that is sent again is sent whole", async ({ server, tide, url }) => {
  const bodies = [];
  server.answer = async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.writeHead(bodies.length < 3 ? 500 : 200).end();
  };
  assert.equal((await tide.fetch(url, { method: "PUT", body: "whole" })).status, 200);
  assert.deepEqual(bodies, ["whole", "whole", "whole"]);
});

scenario("what must not be kept is not kept", async ({ server, tide, url }) => {
  const secret = { headers: { authorization: "Bearer x" } };
  server.always(200, { "cache-control": "private, no-store" });
  await (await tide.fetch(url)).text();
  server.always(200);
  await (await tide.fetch(url, secret)).text();
  await (await tide.fetch(url, { cache: "no-store" })).text();
  // What was asked for last is kept, so that the first two had their time.
  await keep(tide, `${server.url}/owners`);
  await server.die();
  await assert.rejects(tide.fetch(url));
  await assert.rejects(tide.fetch(url, secret));
});

scenario("what the backend no longer shows is no longer kept", async ({ server, tide, url }) => {
  for (const status of [401, 403, 404, 410]) {
    server.always(200);
    await keep(tide, url);
    server.always(status);
    assert.equal((await tide.fetch(url)).status, status);
    server.always(500, { "retry-after": "60" });
    assert.equal((await tide.fetch(url)).status, 500);
  }
});

for (const reason of ["just a word", undefined, 0, new Error("mine")]) {
  scenario(`an abort for ${reason} ends the wait with what fetch would reject with`, async ({ server, tide, url }) => {
    const controller = new AbortController();
    server.answer = () => controller.abort(reason);
    const expected = () => controller.signal.reason;
    await tide.fetch(url, { signal: controller.signal }).then(assert.fail, (error) => assert.equal(error, expected()));
    const { counters, inFlight, scopes } = tide.health();
    assert.deepEqual([counters.cancelled, inFlight, scopes[0].calls], [1, 0, 0]);
  });
}

scenario("an abort while waiting for a retry ends the call there", async ({ server, tide, url }) => {
  server.always(500, { "retry-after": "5" });
  const controller = new AbortController();
  tide.on("retry", () => controller.abort());
  await assert.rejects(tide.fetch(url, { signal: controller.signal }), { name: "AbortError" });
  assert.equal(server.requests.length, 1);
});

scenario(
  "a fetch that is replaced later is the one that is used",
  async ({ tide, url }) => {
    const real = globalThis.fetch;
    try {
      globalThis.fetch = async () => new Response("mocked");
      assert.equal(await (await tide.fetch(url)).text(), "mocked");
      globalThis.fetch = () => Promise.reject("not even an error");
      await tide.fetch(`${url}/other`).then(assert.fail, (error) => assert.equal(error, "not even an error"));
      globalThis.fetch = () => {
        throw new TypeError("thrown, not rejected");
      };
      await assert.rejects(tide.fetch(`${url}/third`), /thrown, not rejected/);
    } finally {
      globalThis.fetch = real;
    }
  },
  { retry: { attempts: 1 } },
);

scenario("a request that cannot be sent is refused as fetch refuses it", async ({ server, tide, url }) => {
  const used = new Request(url, { method: "PUT", body: "x" });
  await used.text();
  await assert.rejects(tide.fetch(used), TypeError);
  await assert.rejects(tide.fetch("http://"), TypeError);
  assert.deepEqual([server.requests.length, tide.health().inFlight], [0, 0]);
});

scenario("a signal that has fired already is heard before anything else", async ({ server, tide, url }) => {
  server.always(500);
  await shut(tide, url);
  const asked = server.requests.length;
  await assert.rejects(tide.fetch(url, { signal: AbortSignal.abort() }), { name: "AbortError" });
  assert.equal(server.requests.length, asked);
});

scenario("recovery outlives the signal of the call that failed", async ({ server, tide, url }) => {
  const controller = new AbortController();
  server.always(500);
  await tide.fetch(url, { signal: controller.signal });
  controller.abort();
  server.always(200);
  assert.equal((await next(tide, "recovered")).scope, url);
});

scenario("what a probe was answered is kept, and what cannot be kept is let go of", async ({ server, tide, url }) => {
  server.always(500);
  await tide.fetch(url);
  const closed = new Promise((resolve) => {
    server.answer = (request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write("data: for ever");
      request.once("close", resolve);
    };
  });
  await next(tide, "recovered");
  await closed;
});

scenario("an answer that a mock makes up harms nobody", async ({ tide, url }) => {
  const real = globalThis.fetch;
  const mock = { ok: true, status: 200, json: async () => ({}), clone: () => mock };
  try {
    globalThis.fetch = async () => mock;
    assert.equal(await tide.fetch(url), mock);
    globalThis.fetch = async () => ({ ...mock, headers: new Headers() });
    assert.equal((await tide.fetch(url)).status, 200);
  } finally {
    globalThis.fetch = real;
  }
  assert.deepEqual([tide.health().engine, tide.health().counters.kept], ["ready", 0]);
});

scenario("an answer whose traits cannot be read as words harms nobody", async ({ tide, url }) => {
  const native = globalThis.fetch;
  const sulky = {
    toString: () => {
      throw new Error("no word");
    },
  };
  try {
    globalThis.fetch = async () => ({ status: 200, url: sulky, statusText: Symbol("odd"), headers: sulky, body: null });
    assert.equal((await tide.fetch(url)).status, 200);
    globalThis.fetch = async () => ({ status: sulky });
    await assert.rejects(tide.fetch(`${url}?another`));
  } finally {
    globalThis.fetch = native;
  }
  assert.equal(tide.health().engine, "ready");
});

scenario("a setTimeout that does not wait harms nobody", async ({ tide, url }) => {
  const real = globalThis.setTimeout;
  try {
    globalThis.setTimeout = (run) => run();
    assert.equal((await tide.fetch(url)).status, 200);
  } finally {
    globalThis.setTimeout = real;
  }
  assert.equal(tide.health().engine, "ready");
});

scenario("a listener that throws harms nobody", async ({ tide, url }) => {
  const thrown = new Promise((resolve) => (globalThis.reportError = resolve));
  tide.on("answer", () => {
    throw new Error("the listener's own");
  });
  assert.equal((await tide.fetch(url)).status, 200);
  assert.match((await thrown).message, /the listener's own/);
  assert.equal(tide.health().engine, "ready");
});

scenario("health tells of everything", async ({ tide, url }) => {
  await keep(tide, url);
  const { engine, online, counters, scopes, storage } = tide.health();
  const { mode, reason, entries, bytes } = storage;
  assert.deepEqual([engine, online, counters.fromNetwork, scopes[0].breaker], ["ready", true, 1, "closed"]);
  assert.deepEqual([mode, reason], ["memory", "this browser has no IndexedDB here"]);
  assert.ok(entries === 1 && bytes > "fresh".length, `${entries} entries, ${bytes} bytes`);
});

scenario("after dispose fetch is plain fetch", async ({ tide, url }) => {
  tide.dispose();
  const response = await tide.fetch(url);
  assert.equal(tide.explain(response).source, "passthrough");
  assert.deepEqual(tide.health(), { engine: "disposed" });
});

scenario(
  "calls beyond the limit are refused, with the reason",
  async ({ server, tide, url }) => {
    const arrived = new Promise((resolve) => (server.answer = (_request, response) => resolve(response)));
    const first = tide.fetch(url);
    const held = await arrived;
    await assert.rejects(tide.fetch(`${url}?more`), { code: "throttled" });
    held.end("late");
    assert.equal(await (await first).text(), "late");
  },
  { concurrency: { limit: 1, queue: 0 } },
);

for (const [settings, path, message] of [
  [{ breaker: { opnMs: 1 } }, "breaker.opnMs", /no setting `breaker.opnMs`/],
  [{ braker: {} }, "braker", /no setting `braker`/],
  [{ retry: { attempts: 0 } }, "retry.attempts", /`retry.attempts` must be a whole number from 1 to 10/],
  [{ retry: { attempts: "3" } }, "retry.attempts", /from 1 to 10/],
  [42, "settings", /`settings` is a group of settings/],
  [null, "settings", /`settings` is a group of settings/],
  [{ retry: 3 }, "retry", /`retry` is a group of settings/],
]) {
  test(`the settings ${JSON.stringify(settings)} are refused`, async () => {
    await assert.rejects(createTidegate(settings), (error) => {
      assert.ok(error instanceof TidegateError);
      assert.match(error.message, message);
      assert.deepEqual([error.code, error.path], ["invalid-settings", path]);
      return true;
    });
  });
}

test("what is undefined is as good as left out", async () => {
  const tide = await createTidegate({ retry: undefined, breaker: { openMs: undefined } });
  assert.equal(tide.health().engine, "ready");
  tide.dispose();
});

test("the package can be required as well", async () => {
  const { createTidegate } = createRequire(import.meta.url)("tidegate");
  const tide = await createTidegate();
  assert.equal(tide.health().engine, "ready");
  tide.dispose();
});

for (const [what, answer] of [
  [
    "that is no bytes",
    () => new Response(new ReadableStream({ start: (stream) => (stream.enqueue("text"), stream.close()) })),
  ],
  ["of another kind of stream", () => ({ status: 503, headers: new Headers(), body: { pipe() {} } })],
]) {
  scenario(`a body ${what} harms nobody`, async ({ tide, url }) => {
    await keep(tide, url);
    const real = globalThis.fetch;
    try {
      globalThis.fetch = async () => answer();
      await tide.fetch(url);
      // It waits for what is about to be kept.
      await tide.fetch(url, { tidegate: { strategy: "cache-first" } });
    } finally {
      globalThis.fetch = real;
    }
    assert.equal(tide.health().engine, "ready");
  });
}
