import assert from "node:assert/strict";

import { TidegateError } from "tidegate";
import { next } from "./backend.mjs";
import { held, keep, scenario, until, withGlobals } from "./scenario.mjs";

/** From now on, every answer counts itself and has these headers. */
function counting(server, headers = {}) {
  let count = 0;
  server.answer = (_request, response) => response.writeHead(200, headers).end(String(++count));
}

/** What the next request says, and the answer to it. */
function heard(server, answer) {
  return new Promise((resolve) => {
    server.answer = (request, response) => {
      resolve(request.headers);
      answer(response);
    };
  });
}

async function ask(tide, url, init) {
  const response = await tide.fetch(url, init);
  const { source, reason, revalidating } = tide.explain(response);
  return { text: await response.text(), said: [source, reason, revalidating], response };
}

const standard = { strategy: "stale-if-error" };

scenario("a cache by the standard does not ask for what is fresh", async ({ server, tide, url }) => {
  counting(server, { "cache-control": "max-age=60" });
  tide.route("*", standard);
  await keep(tide, url);
  const { text, said, response } = await ask(tide, url);
  assert.deepEqual([text, said, server.requests.length], ["1", ["cache", "fresh", false], 1]);
  // A `Date` is told in whole seconds.
  assert.match(response.headers.get("age"), /^[01]$/);
  assert.equal(tide.health().counters.fromCache, 1);
});

scenario("what is stale is confirmed by the server, and is young again", async ({ server, tide, url }) => {
  tide.route("*", standard);
  server.answer = (_request, response) => response.writeHead(200, { etag: '"7"', "x-a": "1", age: "500" }).end("body");
  await keep(tide, url);
  const conditions = heard(server, (response) => response.writeHead(304, { etag: '"7"', "x-a": "2" }).end());
  const { text, said, response } = await ask(tide, url);
  assert.equal((await conditions)["if-none-match"], '"7"');
  assert.deepEqual([text, said, response.status], ["body", ["network", "confirmed", false], 200]);
  assert.deepEqual([response.headers.get("x-a"), Number(response.headers.get("age")) < 2], ["2", true]);
  await until(async () => (await tide.cache.list())[0].ageMs < 500_000);
});

scenario("an answer that no longer holds is replaced", async ({ server, tide, url }) => {
  tide.route("*", standard);
  server.answer = (_request, response) => response.writeHead(200, { etag: '"7"' }).end("old");
  await keep(tide, url);
  server.answer = (_request, response) => response.writeHead(200, { etag: '"8"' }).end("new");
  const kept = next(tide, "kept");
  assert.equal((await ask(tide, url)).text, "new");
  await kept;
  await server.die();
  assert.equal((await ask(tide, url)).text, "new");
});

scenario("conditions that the server refuses are left out", async ({ server, tide, url }) => {
  tide.route("*", standard);
  server.answer = (_request, response) => response.writeHead(200, { etag: '"7"' }).end("old");
  await keep(tide, url);
  server.answer = (request, response) => {
    const status = request.headers["if-none-match"] ? 412 : 200;
    response.writeHead(status).end(String(status));
  };
  const { text, said } = await ask(tide, url);
  assert.deepEqual([text, said[0], server.requests.length], ["200", "network", 3]);
});

scenario("the caller's own conditions and their answer are theirs", async ({ server, tide, url }) => {
  tide.route("*", standard);
  server.answer = (_request, response) =>
    response.writeHead(200, { etag: '"7"', "cache-control": "max-age=60" }).end("old");
  await keep(tide, url);
  const sent = heard(server, (response) => response.writeHead(304).end());
  const response = await tide.fetch(url, { headers: { "if-none-match": '"mine"' } });
  assert.deepEqual([response.status, (await sent)["if-none-match"]], [304, '"mine"']);
});

scenario("what is stale is shown at once and asked for unseen", async ({ server, tide, url }) => {
  counting(server);
  tide.route("/assets", { strategy: "stale-while-revalidate" });
  await keep(tide, url);
  const renewed = next(tide, "kept");
  const { text, said } = await ask(tide, url);
  assert.deepEqual([text, said], ["1", ["cache", "revalidating", true]]);
  await renewed;
  assert.equal(server.requests.length, 2);
  // Aborting what was answered does not end what nobody sees.
  const controller = new AbortController();
  const again = next(tide, "kept");
  assert.equal((await ask(tide, url, { signal: controller.signal })).text, "2");
  controller.abort();
  await again;
});

scenario("a route may prefer what is kept, and a request may not", async ({ server, tide, url }) => {
  counting(server);
  tide.route("/assets", { strategy: "cache-first" });
  await keep(tide, url);
  assert.deepEqual((await ask(tide, url)).said, ["cache", "preferred", false]);
  assert.equal((await ask(tide, url, { tidegate: { strategy: "network-only" } })).text, "2");
  assert.equal((await ask(tide, url, { cache: "reload" })).text, "3");
});

scenario("who wants what is kept or nothing gets a refusal where nothing is", async ({ server, tide, url }) => {
  const init = { tidegate: { strategy: "cache-only" } };
  await assert.rejects(tide.fetch(url, init), (error) => error instanceof TidegateError && error.code === "not-kept");
  assert.equal(server.requests.length, 0);
  await keep(tide, url);
  assert.deepEqual((await ask(tide, url, init)).said, ["cache", "preferred", false]);
});

scenario("variants stand side by side", async ({ server, tide, url }) => {
  server.answer = (request, response) => {
    response.writeHead(200, { vary: "accept-language", "cache-control": "max-age=60" });
    response.end(request.headers["accept-language"]);
  };
  tide.route("*", standard);
  const speak = (language) => ask(tide, url, { headers: { "accept-language": language } });
  for (const language of ["de", "en"]) {
    const kept = next(tide, "kept");
    await speak(language);
    await kept;
  }
  assert.deepEqual([(await speak("de")).text, (await speak("en")).text, server.requests.length], ["de", "en", 2]);
  assert.equal((await speak("fr")).said[0], "network");
});

scenario("a range is cut from the whole", async ({ server, tide, url }) => {
  server.answer = (_request, response) => response.writeHead(200, { "cache-control": "max-age=60" }).end("0123456789");
  tide.route("*", standard);
  await keep(tide, url);
  const { text, response } = await ask(tide, url, { headers: { range: "bytes=2-4" } });
  assert.deepEqual([text, response.status, response.headers.get("content-range")], ["234", 206, "bytes 2-4/10"]);
  const beyond = await tide.fetch(url, { headers: { range: "bytes=20-" } });
  assert.deepEqual([beyond.status, beyond.headers.get("content-range")], [416, "bytes */10"]);
});

scenario("what a part lacks is asked for, and the whole is kept", async ({ server, tide, url }) => {
  const part = (range, text) => (_request, response) =>
    response.writeHead(206, { "content-range": range, etag: '"7"', "cache-control": "max-age=60" }).end(text);
  server.answer = part("bytes 0-4/10", "01234");
  tide.route("*", standard);
  const kept = next(tide, "kept");
  await tide.fetch(url, { headers: { range: "bytes=0-4" } });
  await kept;
  const asked = heard(server, (response) => part("bytes 5-9/10", "56789")(undefined, response));
  const { text, response } = await ask(tide, url);
  assert.deepEqual([text, response.status, (await asked).range], ["0123456789", 200, "bytes=5-"]);
  await until(async () => (await tide.cache.list()).some(({ bytes, status }) => bytes === 10 && status === 200));
});

scenario("a write makes void what was kept of its URL and of what it names", async ({ server, tide, url }) => {
  await keep(tide, url);
  await keep(tide, `${url}/7`);
  await keep(tide, `${url}/8`);
  server.always(201, { location: "/assets/7" });
  await tide.fetch(url, { method: "POST" });
  assert.deepEqual(
    (await tide.cache.list()).map((entry) => entry.url),
    [`${url}/8`],
  );
});

for (const said of ["No-Store", "no-cache", "max-age=0, must-revalidate"]) {
  scenario(`what says ${said} is not shown unconfirmed, whatever fails`, async ({ server, tide, url }) => {
    server.always(200, { "cache-control": said });
    await (await tide.fetch(url)).text();
    await server.die();
    await assert.rejects(tide.fetch(url));
  });
}

scenario("a copy may be too old for its route", async ({ server, tide, url }) => {
  server.always(200, { "cache-control": "max-age=10", age: "100" });
  await keep(tide, url);
  await server.die();
  assert.equal((await ask(tide, url)).said[0], "cache");
  await assert.rejects(tide.fetch(url, { tidegate: { staleMs: 60_000 } }));
});

scenario("a route may have a patience of its own", async ({ server, tide, url }) => {
  await keep(tide, url);
  held(server);
  const { said } = await ask(tide, url, { tidegate: { patienceMs: 1 } });
  assert.deepEqual(said, ["cache", "slow", true]);
});

scenario("what is kept can be seen and deleted, by URL, by tag or all", async ({ server, tide, url }) => {
  server.always(200, { "content-type": "text/plain", "cache-control": "max-age=60" });
  tide.route("/assets/*", { tags: ["assets"] });
  const urls = [1, 2, 3].map((id) => `${url}/${id}`).concat(`${server.url}/else`);
  for (const each of urls) await keep(tide, each);
  const [entry] = await tide.cache.list();
  assert.deepEqual(
    [entry.url, entry.status, entry.contentType, entry.bytes, entry.fresh, entry.tags],
    [urls[0], 200, "text/plain", 3, true, ["assets"]],
  );
  assert.deepEqual(await tide.cache.size(), { entries: 4, bytes: 12 });
  assert.equal(await tide.cache.delete(`${urls[0]}#top`), 1);
  assert.equal(await tide.cache.delete({ tag: "assets" }), 2);
  assert.equal(await tide.cache.clear(), 1);
  assert.deepEqual(await tide.cache.list(), []);
});

scenario("an option of a route that is not accepted is refused by name", async ({ tide }) => {
  const refused = (place, options, path) =>
    assert.throws(
      () => tide.route(place, options),
      (error) => error instanceof TidegateError && error.code === "invalid-options" && error.path === path,
    );
  refused("*", { strategy: "fastest" }, "route.strategy");
  refused("*", { patience: 1 }, "route.patience");
  refused("*", { staleMs: -1 }, "route.staleMs");
  refused("*", { tags: "assets" }, "route.tags");
  refused("assets", {}, "assets");
});

scenario("what the server wants confirmed may be served on the developer's own word", async ({ server, tide, url }) => {
  server.always(200, { "cache-control": "max-age=0, must-revalidate" });
  await keep(tide, url);
  await server.die();
  const noticed = next(tide, "notice");
  await assert.rejects(tide.fetch(url));
  assert.equal((await noticed).notice, "stale-forbidden");
  assert.equal((await ask(tide, url, { tidegate: { unconfirmed: true } })).text, "200");
});

scenario("a part is kept beside the whole", async ({ server, tide, url }) => {
  server.answer = (request, response) => {
    const etag = '"a"';
    if (request.headers.range === undefined) return response.writeHead(200, { etag }).end("hello");
    response.writeHead(206, { etag, "content-range": "bytes 0-1/5" }).end("he");
  };
  await keep(tide, url);
  const kept = next(tide, "kept");
  await tide.fetch(url, { headers: { range: "bytes=0-1" } });
  await kept;
  await server.die();
  assert.equal((await ask(tide, url)).text, "hello");
});

scenario("a 304 that means a part confirms no whole", async ({ server, tide, url }) => {
  const etag = '"a"';
  server.answer = (request, response) => {
    if (request.headers["if-none-match"] !== undefined) return response.writeHead(304, { etag }).end();
    if (request.headers.range === undefined) return response.writeHead(200, { vary: "x-a", etag }).end("hello");
    response.writeHead(206, { vary: "x-a", etag, "content-range": "bytes 0-1/5" }).end("he");
  };
  const kept = next(tide, "kept");
  await tide.fetch(url, { headers: { "x-a": "1", range: "bytes=0-1" } });
  await kept;
  const answer = await tide.fetch(url, { headers: { "x-a": "2" }, tidegate: { strategy: "cache-first" } });
  assert.deepEqual([answer.status, await answer.text()], [200, "hello"]);
});

scenario("what is still being read when something is written there is not kept", async ({ server, tide, url }) => {
  const arrived = held(server);
  const call = tide.fetch(url);
  const { response } = await arrived;
  response.writeHead(200, { "cache-control": "max-age=60" }).write("before ");
  const answer = await call;
  server.answer = (_request, response) => response.end("after");
  await tide.fetch(url, { method: "POST", body: "write" });
  response.end("it");
  assert.equal(await answer.text(), "before it");
  assert.equal((await ask(tide, url, { tidegate: { strategy: "cache-first" } })).text, "after");
});

scenario("what a write is answered with is kept where it says what it is", async ({ server, tide, url }) => {
  server.always(200, { "content-location": url, "cache-control": "max-age=60" });
  const kept = next(tide, "kept");
  await tide.fetch(url, { method: "POST", body: "write" });
  await kept;
  assert.equal((await tide.cache.list()).length, 1);
});

scenario("what fetch itself would refuse is not served", async ({ server, tide, url }) => {
  server.answer = (request, response) =>
    request.url.endsWith("/there")
      ? response.end("there")
      : response.writeHead(302, { location: `${url}/there` }).end();
  await keep(tide, url);
  await server.die();
  assert.equal((await ask(tide, url)).text, "there");
  await assert.rejects(tide.fetch(url, { redirect: "error" }));
  await assert.rejects(tide.fetch(url, { integrity: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" }));
});

scenario("a tag that is none forgets nothing", async ({ tide, url }) => {
  await keep(tide, url);
  await assert.rejects(tide.cache.delete({ tag: undefined }), { code: "invalid-options" });
  assert.equal((await tide.cache.size()).entries, 1);
});

scenario(
  "a second attempt beside a slow one asks for an answer of its own",
  async ({ server, tide, url }) => {
    tide.route("*", standard);
    server.answer = (_request, response) => response.writeHead(200, { etag: '"7"' }).end("old");
    await keep(tide, url);
    for (let n = 0; n < 40; n++) await (await tide.fetch(`${url}?${n}`)).text();
    const heard = [];
    server.answer = ({ headers }, response) => {
      heard.push(headers["if-none-match"]);
      if (heard.length > 1) response.end("new");
      else held = response;
    };
    let held;
    const kept = next(tide, "kept");
    assert.equal((await ask(tide, url)).text, "new");
    assert.deepEqual(heard, ['"7"', undefined]);
    await kept;
    held.destroy();
  },
  { hedge: { sharePermille: 50, leastSamples: 20, leastDelayMs: 500 } },
);

for (const [name, crypto, reason] of [
  ["what only memory has is not sealed, and is served", globalThis.crypto ?? { subtle: { encrypt() {} } }, /IndexedDB/],
  ["where nothing can be sealed, memory has it and health says what to do", {}, /secure context.*https/],
]) {
  scenario(
    name,
    ({ server, tide, url }) =>
      withGlobals({ crypto }, async () => {
        counting(server);
        await keep(tide, url);
        await server.die();
        assert.equal((await ask(tide, url)).text, "1");
        const { storage } = tide.health();
        assert.equal(storage.mode, "memory");
        assert.match(storage.reason, reason);
      }),
    { cache: { encrypt: 1 } },
  );
}
