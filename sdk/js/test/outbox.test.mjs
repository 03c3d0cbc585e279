// What the facade says of the outbox. Node has no IndexedDB: what is on a disk is tested in browsers.

import assert from "node:assert/strict";
import { execFile as run } from "node:child_process";
import { promisify } from "node:util";

import { TidegateError } from "tidegate";
import { scenario, withGlobals } from "./scenario.mjs";

const execFile = promisify(run);
const write = (queue) => ({ method: "PUT", body: "x", tidegate: { queue } });

scenario("where nothing can be stored, nothing is queued, and its caller is told", async ({ server, tide, url }) => {
  await assert.rejects(tide.fetch(url, write(true)), (error) => {
    assert.ok(error instanceof TidegateError);
    assert.equal(error.code, "not-durable");
    return true;
  });
  assert.deepEqual(server.requests, []);
});

scenario("a fallback is given in place of what could not be queued", async ({ tide, url }) => {
  const fallback = ({ code }) => new Response(code);
  const response = await tide.fetch(url, { ...write(true), tidegate: { queue: true, fallback } });
  assert.equal(await response.text(), "not-durable");
  assert.equal(tide.explain(response).source, "fallback");
});

scenario("a write that is not to be queued is sent", async ({ server, tide, url }) => {
  const response = await tide.fetch(url, write(false));
  assert.equal(tide.explain(response).source, "network");
  assert.deepEqual(server.requests, ["PUT /assets"]);
});

scenario("an option that is none is refused with its path", async ({ tide, url }) => {
  for (const [queue, path] of [
    [7, "tidegate.queue"],
    [{ lan: "a" }, "tidegate.queue.lan"],
    [{ lane: 7 }, "tidegate.queue.lane"],
    [{ coalesce: "yes" }, "tidegate.queue.coalesce"],
    [{ live: "yes" }, "tidegate.queue.live"],
    [{ after: "first" }, "tidegate.queue.after"],
    [{ after: [1, { take: {} }] }, "tidegate.queue.after"],
    [{ after: { entry: 1, take: { "{id}": 7 } } }, "tidegate.queue.after"],
  ]) {
    await assert.rejects(tide.fetch(url, write(queue)), { code: "invalid-options", path });
  }
});

scenario("what is asked of a queue that cannot be read is rejected", async ({ tide }) => {
  const refused = { code: "not-durable" };
  await assert.rejects(tide.outbox.list(), refused);
  await assert.rejects(tide.outbox.again(1), refused);
  await assert.rejects(tide.outbox.forget("ann"), refused);
  await assert.rejects(tide.outbox.forget(""), { code: "invalid-options", path: "user" });
});

scenario("who queues nothing opens no database and asks for no lock", async ({ tide, url }) => {
  const nobody = () => assert.fail("nobody asks");
  const globals = { indexedDB: { open: nobody, databases: nobody } };
  await withGlobals(globals, async () => {
    tide.setIdentity("ann");
    await tide.fetch(url, { method: "PUT", body: "x" });
  });
  assert.equal(tide.health().outbox.length, 0);
});

scenario("no-cors requests, whose answers nobody can read, are not queued", async ({ server, tide, url }) => {
  await assert.rejects(tide.fetch(url, { ...write(true), method: "POST", mode: "no-cors" }), Error);
  assert.deepEqual(server.requests, []);
});

scenario("who sends an entry is said by a function, or by nobody", async ({ tide }) => {
  tide.outbox.authorize(async ({ refused }) => ({ authorization: `Bearer ${refused ? "new" : "old"}` }));
  tide.outbox.authorize(null);
  for (const hook of [undefined, "Bearer token", {}]) {
    assert.throws(() => tide.outbox.authorize(hook), { code: "invalid-options", path: "hook" });
  }
});

scenario("what nobody waits for keeps no process alive", async ({ url }) => {
  const script = `
    import { createTidegate } from "tidegate";
    const tide = await createTidegate();
    await tide.fetch(${JSON.stringify(url)}, { method: "PUT", tidegate: { queue: true } }).catch(({ code }) => console.log(code));
  `;
  const { stdout } = await execFile(process.execPath, ["--input-type=module", "-e", script], { timeout: 20_000 });
  assert.equal(stdout.trim(), "not-durable");
});
