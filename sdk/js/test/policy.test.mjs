import assert from "node:assert/strict";

import { TidegateError } from "tidegate";
import { next } from "./backend.mjs";
import { scenario, until } from "./scenario.mjs";

/** A function that counts how often it is called, and fails the first times. */
function flaky(failures, error = new Error("down")) {
  const task = ({ attempt }) => {
    task.attempts.push(attempt);
    if (task.attempts.length <= failures) throw error;
    return "done";
  };
  task.attempts = [];
  return task;
}

scenario("a function is run, and its result is the caller's", async ({ tide }) => {
  const policy = tide.policy("search");
  assert.equal(await policy.run(async ({ signal, attempt }) => [signal.aborted, attempt].join()), "false,1");
  assert.equal(policy.name, "search");
  const [{ scope, calls }] = tide.health().scopes;
  assert.deepEqual([scope, calls], ["policy:search", 1]);
});

scenario("what may be repeated is repeated", async ({ tide }) => {
  const task = flaky(2);
  assert.equal(await tide.policy("search", { repeatable: true }).run(task), "done");
  assert.deepEqual(task.attempts, [1, 2, 3]);
});

scenario("what may not is not, and the error is its own", async ({ tide }) => {
  const error = new RangeError("mine");
  const task = flaky(1, error);
  await tide
    .policy("pay")
    .run(task)
    .then(assert.fail, (caught) => assert.equal(caught, error));
  assert.deepEqual(task.attempts, [1]);
});

scenario("a value that is undefined is a value", async ({ tide }) => {
  assert.equal(await tide.policy("save").run(() => undefined), undefined);
});

scenario(
  "a breaker opens for one name and for no other",
  async ({ tide }) => {
    const opened = next(tide, "breaker");
    const search = tide.policy("search", { repeatable: true });
    await until(() => search.run(flaky(9)).catch(() => tide.health().scopes[0].breaker === "open"));
    assert.equal((await opened).scope, "policy:search");
    await assert.rejects(
      search.run(() => assert.fail("not called")),
      (error) => error instanceof TidegateError && error.code === "circuit-open" && error.retryAt > Date.now(),
    );
    assert.equal(await tide.policy("other").run(() => "fine"), "fine");
  },
  { breaker: { openMs: 60_000 }, gate: { holdMs: 0 } },
);

const verdicts = [
  [{ status: 404 }, 1],
  [{ response: { status: 404 } }, 1],
  [{ status: 502 }, 3],
  [{ response: { status: 500 } }, 3],
  [new TypeError("fetch failed"), 3],
  [new DOMException("gone", "NetworkError"), 3],
  ["just a word", 3],
  [null, 3],
];
for (const [error, attempts] of verdicts) {
  scenario(`after ${JSON.stringify(error)} (${error}) there are ${attempts} attempts`, async ({ tide }) => {
    const task = flaky(9, error);
    await tide
      .policy("search", { repeatable: true })
      .run(task)
      .then(assert.fail, (caught) => assert.equal(caught, error));
    assert.equal(task.attempts.length, attempts);
  });
}

for (const [word, attempts, failures] of [
  ["ignore", 1, 0],
  ["failure", 3, 3],
  ["nonsense", 3, 3],
]) {
  scenario(`classified as ${word}, an error leads to ${attempts} attempts`, async ({ tide }) => {
    const task = flaky(9);
    const policy = tide.policy("search", { repeatable: true, classify: () => word });
    await assert.rejects(policy.run(task), /down/);
    assert.deepEqual([task.attempts.length, tide.health().scopes[0].failures], [attempts, failures]);
  });
}

scenario("what adds to an overload is repeated less, and counts as a failure", async ({ tide }) => {
  const task = flaky(9);
  const policy = tide.policy("search", { repeatable: true, classify: () => "overload" });
  await assert.rejects(policy.run(task), /down/);
  assert.ok(task.attempts.length < 3);
  assert.equal(tide.health().scopes[0].failures, task.attempts.length);
});

scenario(
  "an attempt that takes too long is told so, and given up",
  async ({ tide }) => {
    let given;
    const late = tide.policy("slow").run(({ signal }) => {
      given = signal;
      return new Promise(() => {});
    });
    await assert.rejects(late, { code: "timeout" });
    assert.equal(given.aborted, true);
  },
  { timeout: { attemptMs: 50 } },
);

scenario("the caller's signal ends the run, with its reason", async ({ tide }) => {
  const controller = new AbortController();
  let given;
  const run = tide.policy("slow", { fallback: "unused" }).run(
    ({ signal }) => {
      given = signal;
      controller.abort("enough");
      return new Promise(() => {});
    },
    { signal: controller.signal },
  );
  await run.then(assert.fail, (reason) => assert.equal(reason, "enough"));
  assert.deepEqual([given.aborted, given.reason], [true, "enough"]);
  const { counters, inFlight, scopes } = tide.health();
  assert.deepEqual([counters.cancelled, inFlight, scopes[0].failures], [1, 0, 0]);
});

scenario("a signal that has fired already runs nothing", async ({ tide }) => {
  const run = tide.policy("slow").run(() => assert.fail("not called"), { signal: AbortSignal.abort() });
  await assert.rejects(run, { name: "AbortError" });
});

scenario("a fallback is a value, or a function of the error", async ({ tide }) => {
  assert.deepEqual(await tide.policy("a", { fallback: [] }).run(flaky(1)), []);
  const told = await tide.policy("b", { fallback: async (error) => error.message }).run(flaky(1));
  assert.equal(told, "down");
  tide.isolate("policy:a");
  assert.deepEqual(await tide.policy("a", { fallback: null }).run(flaky(0)), null);
  assert.equal(tide.health().counters.fromFallback, 3);
});

scenario("runs with an equal key are one run", async ({ tide }) => {
  const policy = tide.policy("search", { coalesceKey: "words" });
  const task = flaky(0);
  const results = await Promise.all([policy.run(task), policy.run(task), tide.policy("search").run(task)]);
  assert.deepEqual(results, ["done", "done", "done"]);
  assert.deepEqual([task.attempts.length, tide.health().counters.coalesced], [2, 1]);
});

scenario("of runs with an equal key each ends its own wait", async ({ tide }) => {
  const controllers = [new AbortController(), new AbortController()];
  const policy = tide.policy("search", { coalesceKey: "words" });
  let given;
  const task = ({ signal }) => {
    given = signal;
    return new Promise(() => {});
  };
  const runs = controllers.map(({ signal }) => policy.run(task, { signal }));
  for (const run of runs) run.catch(() => {});
  await until(() => given !== undefined);
  controllers[0].abort();
  await assert.rejects(runs[0], { name: "AbortError" });
  assert.equal(given.aborted, false);
  controllers[1].abort();
  await assert.rejects(runs[1], { name: "AbortError" });
  assert.equal(given.aborted, true);
});

for (const [options, path] of [
  [{ repeatble: true }, "policy.repeatble"],
  [{ repeatable: 1 }, "policy.repeatable"],
  [{ classify: "ignore" }, "policy.classify"],
  [{ coalesceKey: 7, fallback: "unused" }, "policy.coalesceKey"],
]) {
  scenario(`the policy ${JSON.stringify(options)} is refused`, async ({ tide }) => {
    const run = tide.policy("search", options).run(() => assert.fail("not called"));
    await assert.rejects(run, { code: "invalid-options", path });
  });
}

scenario("without an engine a function is just run", async ({ tide }) => {
  tide.dispose();
  const policy = tide.policy("search", { repeatable: true, fallback: "instead" });
  assert.equal(await policy.run(({ signal, attempt }) => `${signal.aborted} ${attempt}`), "false 1");
  assert.equal(await policy.run(flaky(1)), "instead");
});
