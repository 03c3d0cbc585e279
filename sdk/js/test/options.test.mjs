import assert from "node:assert/strict";

import { TidegateError } from "tidegate";
import { held, keep, scenario, until } from "./scenario.mjs";

const refusals = [
  ["fast", "tidegate", /must be an object/],
  [{ prioritt: "urgent" }, "tidegate.prioritt", /`tidegate.prioritt` is no option/],
  [{ priority: "high" }, "tidegate.priority", /"urgent", "normal" or "background"/],
  [{ weight: 0 }, "tidegate.weight", /from 1 to 1000/],
  [{ weight: 1.5 }, "tidegate.weight", /from 1 to 1000/],
  [{ route: 7 }, "tidegate.route", /a string/],
  [{ fallback: "text" }, "tidegate.fallback", /a Response, or a function/],
  [{ coalesce: "no" }, "tidegate.coalesce", /true or false/],
];
for (const [tidegate, path, message] of refusals) {
  scenario(`the option ${JSON.stringify(tidegate)} is refused`, async ({ server, tide, url }) => {
    await assert.rejects(tide.fetch(url, { tidegate }), (error) => {
      assert.ok(error instanceof TidegateError);
      assert.match(error.message, message);
      return error.code === "invalid-options" && error.path === path;
    });
    assert.deepEqual([server.requests.length, tide.health().counters.calls], [0, 0]);
  });
}

scenario("an option that is undefined is as good as left out", async ({ tide, url }) => {
  const tidegate = { priority: undefined, weight: undefined, fallback: undefined };
  assert.equal((await tide.fetch(url, { tidegate })).status, 200);
});

scenario("a route that is named is the one that is guarded", async ({ server, tide }) => {
  const tidegate = { route: "/reports/:kind" };
  for (const kind of ["daily", "weekly"]) {
    const response = await tide.fetch(`${server.url}/reports/${kind}`, { tidegate });
    assert.equal(tide.explain(response).scope, `${server.url}/reports/:kind`);
  }
  assert.equal(tide.health().scopes.length, 1);
});

for (const urgent of [{ tidegate: { priority: "urgent" } }, { priority: "high" }]) {
  scenario(
    `with ${JSON.stringify(urgent)} a call goes first`,
    async ({ server, tide, url }) => {
      const first = held(server);
      const calls = [tide.fetch(url)];
      const { response } = await first;
      server.always(200);
      calls.push(tide.fetch(`${url}/background`, { priority: "low" }));
      calls.push(tide.fetch(`${url}/normal`), tide.fetch(`${url}/urgent`, urgent));
      await until(() => tide.health().queued === 3);
      response.end();
      await Promise.all(calls);
      const order = server.requests.slice(1).map((line) => line.split("/").at(-1));
      assert.deepEqual(order, ["urgent", "normal", "background"]);
    },
    { concurrency: { limit: 1 } },
  );
}

scenario(
  "a heavy call leaves no room for another one",
  async ({ server, tide, url }) => {
    const heavy = held(server);
    const first = tide.fetch(url, { tidegate: { weight: 2 } });
    const { response } = await heavy;
    await assert.rejects(tide.fetch(`${url}/light`), { code: "throttled" });
    response.end();
    await first;
    server.always(200);
    assert.equal((await tide.fetch(`${url}/light`)).status, 200);
  },
  { concurrency: { limit: 2, queue: 0 } },
);

scenario("what plain fetch is given does not disturb it", async ({ tide, url }) => {
  tide.dispose();
  assert.equal((await tide.fetch(url, { tidegate: { weight: 2 } })).status, 200);
});

scenario(
  "a fallback is given where the network gives nothing, as often as it is asked for",
  async ({ server, tide, url }) => {
    const fallback = new Response("instead", { status: 203 });
    await server.die();
    for (const _ of [1, 2]) {
      const response = await tide.fetch(url, { tidegate: { fallback } });
      assert.deepEqual([response.status, await response.text()], [203, "instead"]);
      const { source, reason, scope } = tide.explain(response);
      assert.deepEqual([source, reason, scope], ["fallback", "unreachable", url]);
    }
    assert.equal(tide.health().counters.fromFallback, 2);
  },
);

scenario("a function is told why it is asked", async ({ server, tide, url }) => {
  const refusals = [];
  const fallback = async (refusal) => {
    refusals.push(refusal);
    return new Response("instead");
  };
  server.always(500);
  const failing = await tide.fetch(url, { tidegate: { fallback } });
  assert.equal(await failing.text(), "instead");
  assert.deepEqual([refusals[0].code, refusals[0].cause.status, refusals[0].attempts], ["status", 500, 3]);
  tide.isolate(url);
  await tide.fetch(url, { tidegate: { fallback } });
  assert.deepEqual([refusals[1].code, refusals[1].scope], ["circuit-open", url]);
  tide.release(url);
  await server.die();
  await tide.fetch(`${url}/more`, { tidegate: { fallback } });
  assert.ok(refusals[2].cause instanceof TypeError);
  assert.ok(refusals.every((refusal) => refusal instanceof TidegateError));
});

scenario("a fallback stays unused where there is an answer", async ({ server, tide, url }) => {
  const fallback = () => assert.fail("there is an answer");
  await keep(tide, url);
  server.always(404);
  assert.equal((await tide.fetch(`${url}/none`, { tidegate: { fallback } })).status, 404);
  await server.die();
  assert.equal(tide.explain(await tide.fetch(url, { tidegate: { fallback } })).source, "cache");
});

scenario("an abort is no failure that a fallback is for", async ({ tide, url }) => {
  const fallback = new Response("instead");
  const call = tide.fetch(url, { signal: AbortSignal.abort(), tidegate: { fallback } });
  await assert.rejects(call, { name: "AbortError" });
});

scenario("what a fallback throws is what the caller gets", async ({ server, tide, url }) => {
  await server.die();
  const fallback = () => {
    throw new RangeError("nothing either");
  };
  await assert.rejects(tide.fetch(url, { tidegate: { fallback } }), /nothing either/);
});

for (const [tellAttempts, told] of [
  [1, [undefined, "2", "3"]],
  [0, [undefined, undefined, undefined]],
]) {
  scenario(
    `with tellAttempts at ${tellAttempts} the backend is told ${told}`,
    async ({ server, tide, url }) => {
      const numbers = [];
      server.answer = (request, response) => {
        numbers.push(request.headers["tidegate-attempt"]);
        response.writeHead(500).end();
      };
      await tide.fetch(url);
      assert.deepEqual(numbers, told);
    },
    { retry: { tellAttempts } },
  );
}
