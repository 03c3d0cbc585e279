import assert from "node:assert/strict";

import { next } from "./backend.mjs";
import { scenario, withGlobals } from "./scenario.mjs";

// Half a second: on a busy machine, too, the reads before are quicker, and leave credit for one that is not.
const hedged = { hedge: { sharePermille: 50, leastSamples: 20, leastDelayMs: 500 }, cache: { entries: 0 } };

scenario(
  "a slow read is sent a second time, and the first to succeed is the answer",
  async ({ server, tide, url }) => {
    for (let n = 0; n < 40; n++) await (await tide.fetch(url)).text();
    const stuck = [];
    server.answer = (_, response) => {
      if (stuck.length === 0) stuck.push(response);
      else response.end("the second");
    };
    assert.equal(await (await tide.fetch(url)).text(), "the second");
    const { counters, inFlight } = tide.health();
    assert.ok(counters.hedges >= 1);
    assert.equal(inFlight, 0);
    for (const response of stuck) response.destroy();
  },
  hedged,
);

scenario(
  "a figure that becomes bad is an event, and in health",
  async ({ server, tide, url }) => {
    server.always(500);
    const told = new Promise((resolve) => tide.on("alert", ({ kind, to }) => kind === "error-rate" && resolve(to)));
    const again = () => tide.fetch(url).then(() => undefined);
    let to;
    while (to === undefined) to = await Promise.race([told, again()]);
    assert.equal(to, "critical");
    const figure = tide.health().alerts.find((each) => each.kind === "error-rate");
    assert.deepEqual([figure.level, figure.value > 900], ["critical", true]);
  },
  { alerts: { riseMs: 0, leastCalls: 2 }, breaker: { shadow: 1 }, retry: { attempts: 1 } },
);

scenario("names that are data become one scope, with latencies of all", async ({ server, tide }) => {
  for (let n = 0; n < 14; n++) {
    const name = "abcdefghijklmn"[n].repeat(3);
    await (await tide.fetch(`${server.url}/users/${name}`)).text();
  }
  const [users, ...others] = tide.health().scopes;
  assert.deepEqual([users.scope, others.length], [`${server.url}/users/:id`, 0]);
  assert.equal(users.latency.count, 14);
});

scenario(
  "what the engine was told can be had as text",
  async ({ tide, url }) => {
    await tide.fetch(`${url}?secret=1`);
    assert.match(tide.trace(), /^tidegate-trace\.[\w-]+\.[0-9a-f]{16}$/);
  },
  { trace: { bytes: 10_000 } },
);

scenario("nothing is recorded unless it was asked for", async ({ tide, url }) => {
  await tide.fetch(url);
  assert.equal(tide.trace(), undefined);
});

scenario(
  "storage that is nearly full is an alert",
  async ({ tide, url }) => {
    const estimate = async () => ({ usage: 96, quota: 100 });
    await withGlobals({ navigator: { onLine: true, storage: { estimate } } }, async () => {
      const alert = next(tide, "alert");
      await tide.fetch(url);
      const { kind, to, value } = await alert;
      assert.deepEqual([kind, to, value], ["storage-use", "critical", 960]);
    });
  },
  { alerts: { riseMs: 0 } },
);
