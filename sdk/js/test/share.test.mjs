import assert from "node:assert/strict";
import { once } from "node:events";

import { held, keep, scenario, withGlobals } from "./scenario.mjs";

/** Two equal reads, and the backend's one request for them. */
async function two(server, tide, url, inits = [{}, {}]) {
  const arrived = held(server);
  const calls = inits.map((init) => tide.fetch(url, init));
  for (const call of calls) call.catch(() => {});
  return { calls, ...(await arrived) };
}

scenario(
  "equal reads at the same time are one request, and each has a body of its own",
  async ({ server, tide, url }) => {
    const { calls, response } = await two(server, tide, url, [{}, {}, {}]);
    response.end("once");
    const answers = await Promise.all(calls);
    assert.deepEqual(await Promise.all(answers.map((answer) => answer.text())), ["once", "once", "once"]);
    assert.deepEqual(new Set(answers).size, 3);
    for (const answer of answers) assert.equal(tide.explain(answer).source, "network");
    const { calls: counted, coalesced, fromNetwork } = tide.health().counters;
    assert.deepEqual([server.requests.length, counted, coalesced, fromNetwork], [1, 1, 2, 1]);
  },
);

scenario("a read after the answer asks anew", async ({ server, tide, url }) => {
  for (const _ of [1, 2]) await tide.fetch(url);
  assert.equal(server.requests.length, 2);
});

const unequal = [
  [{}, { headers: { accept: "text/plain" } }],
  [{}, { cache: "no-store" }],
  [{}, { credentials: "omit" }],
  [{}, { redirect: "error" }],
  [{}, { method: "HEAD" }],
  [{ priority: "low" }, {}],
  [{}, { tidegate: { coalesce: false } }],
  [{}, { tidegate: { route: "/elsewhere" } }],
  [{ method: "OPTIONS" }, { method: "OPTIONS" }],
  [{ headers: { accept: "text/event-stream" } }, { headers: { accept: "text/event-stream" } }],
];
for (const inits of unequal) {
  scenario(`${JSON.stringify(inits)} are two questions`, async ({ server, tide, url }) => {
    await Promise.all(inits.map((init) => tide.fetch(url, init)));
    assert.deepEqual([server.requests.length, tide.health().counters.coalesced], [2, 0]);
  });
}

scenario(
  "with no keys nothing is shared",
  async ({ server, tide, url }) => {
    await Promise.all([tide.fetch(url), tide.fetch(url)]);
    assert.equal(server.requests.length, 2);
  },
  { coalesce: { keys: 0 } },
);

scenario("the first one's abort ends nobody else's wait", async ({ server, tide, url }) => {
  const controller = new AbortController();
  const { calls, response } = await two(server, tide, url, [{ signal: controller.signal }, {}]);
  controller.abort("mine alone");
  await calls[0].then(assert.fail, (reason) => assert.equal(reason, "mine alone"));
  response.end("still here");
  assert.equal(await (await calls[1]).text(), "still here");
  assert.deepEqual([server.requests.length, tide.health().counters.cancelled], [1, 0]);
});

scenario("the last one's abort cancels the request", async ({ server, tide, url }) => {
  const controllers = [new AbortController(), new AbortController()];
  const { calls, response } = await two(server, tide, url, controllers);
  const closed = once(response, "close");
  for (const controller of controllers) controller.abort();
  for (const call of calls) await assert.rejects(call, { name: "AbortError" });
  await closed;
  const { counters, inFlight } = tide.health();
  assert.deepEqual([counters.cancelled, inFlight], [1, 0]);
});

scenario("a failure is everybody's", async ({ server, tide, url }) => {
  const { calls } = await two(server, tide, url);
  await server.die();
  const errors = await Promise.all(calls.map((call) => call.then(assert.fail, (error) => error)));
  assert.ok(errors[0] instanceof TypeError && errors[0] === errors[1]);
});

for (const path of ["/8", "/8?again", "/7"]) {
  scenario(`who reads /8 after a write to ${path} is not told what was before`, async ({ server, tide, url }) => {
    const { calls, response } = await two(server, tide, `${url}/8`);
    server.answer = (_request, answer) => answer.end("after");
    await tide.fetch(url + path, { method: "POST" });
    assert.equal(await (await tide.fetch(`${url}/8`)).text(), "after");
    response.end("before");
    for (const call of calls) assert.equal(await (await call).text(), "before");
  });
}

scenario(
  "a read that begins while a write is on its way is not shared when that is over",
  async ({ server, tide, url }) => {
    const writing = held(server);
    const write = tide.fetch(url, { method: "POST" });
    const { response: written } = await writing;
    const reading = held(server);
    const early = tide.fetch(url);
    const { response: read } = await reading;
    written.end();
    await write;
    server.answer = (_request, answer) => answer.end("after");
    assert.equal(await (await tide.fetch(url)).text(), "after");
    read.end("before");
    assert.equal(await (await early).text(), "before");
  },
);

scenario("a write to another route ends no sharing", async ({ server, tide, url }) => {
  const { calls, response } = await two(server, tide, url);
  server.always(200);
  await tide.fetch(`${server.url}/other`, { method: "POST" });
  calls.push(tide.fetch(url));
  response.end("shared");
  for (const call of calls) assert.equal(await (await call).text(), "shared");
});

scenario("an abort while the body is read ends the reading", async ({ server, tide, url }) => {
  const controller = new AbortController();
  const { calls, response } = await two(server, tide, url, [{ signal: controller.signal }]);
  const closed = once(response, "close");
  response.write("half");
  const body = (await calls[0]).text();
  controller.abort();
  await assert.rejects(body, { name: "AbortError" });
  await closed;
});

scenario("a body that is shared is read until nobody wants it", async ({ server, tide, url }) => {
  const controllers = [new AbortController(), new AbortController()];
  const { calls, response } = await two(server, tide, url, controllers);
  const closed = once(response, "close");
  response.write("half");
  const bodies = [];
  for (const call of calls) bodies.push((await call).text());
  controllers[0].abort();
  controllers[1].abort();
  for (const body of bodies) await assert.rejects(body, { name: "AbortError" });
  await closed;
});

scenario("what is sent is what was asked for, referrer and all", async ({ tide, url }) => {
  const sent = [];
  const fetch = async (request, init) => {
    sent.push(new Request(request, init));
    return new Response("");
  };
  await withGlobals({ fetch }, () => tide.fetch(url, { referrerPolicy: "no-referrer", keepalive: true }));
  assert.deepEqual([sent[0].referrerPolicy, sent[0].keepalive], ["no-referrer", true]);
});

scenario("a caller that comes from within an event is served", async ({ server, tide, url }) => {
  server.always(500);
  let again;
  const stop = tide.on("retry", () => {
    stop();
    server.always(200);
    again = tide.fetch(url);
  });
  assert.equal((await tide.fetch(url)).status, 200);
  assert.equal((await again).status, 200);
  assert.deepEqual([server.requests.length, tide.health().counters.coalesced], [2, 1]);
});

scenario("what one caller allows is not given to another", async ({ server, tide, url }) => {
  server.always(200, { "cache-control": "max-age=0, must-revalidate" });
  await keep(tide, url);
  await server.die();
  const allowed = tide.fetch(url, { tidegate: { unconfirmed: true } });
  const refused = assert.rejects(tide.fetch(url));
  assert.equal((await allowed).status, 200);
  await refused;
});

scenario("each of those who share a kept answer sees its address", async ({ server, tide, url }) => {
  await keep(tide, url);
  await server.die();
  const answers = await Promise.all([tide.fetch(url), tide.fetch(url)]);
  assert.deepEqual(
    answers.map((answer) => answer.url),
    [url, url],
  );
});
