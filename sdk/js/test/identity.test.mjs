import assert from "node:assert/strict";
import { test } from "node:test";

import { startTidegate, TidegateError } from "tidegate";
import { next } from "./backend.mjs";
import { held, keep, scenario, until, withGlobals } from "./scenario.mjs";

const mine = { headers: { authorization: "Bearer secret" } };

scenario("what is about one person is kept only when it is known who that is", async ({ server, tide, url }) => {
  const noticed = next(tide, "notice");
  await (await tide.fetch(url, mine)).text();
  assert.equal((await noticed).notice, "identity-missing");
  assert.deepEqual(await tide.cache.list(), []);
  tide.setIdentity("alice");
  const kept = next(tide, "kept");
  await tide.fetch(url, mine);
  await kept;
  await server.die();
  assert.equal(await (await tide.fetch(url, mine)).text(), "fresh");
});

for (const [what, headers, init] of [
  ["private", { "cache-control": "private" }, {}],
  ["with cookies", {}, { credentials: "include" }],
]) {
  scenario(`an answer that is ${what} is about one person`, async ({ server, tide, url }) => {
    server.always(200, headers);
    const noticed = next(tide, "notice");
    await tide.fetch(url, init);
    assert.equal((await noticed).notice, "identity-missing");
  });
}

scenario("nobody sees what another user kept, and a returning one does", async ({ server, tide, url }) => {
  tide.setIdentity("alice");
  await keep(tide, url);
  await server.die();
  const texts = async () => (await tide.fetch(url).then((response) => response.text())) ?? "";
  tide.setIdentity("bob");
  await assert.rejects(texts());
  assert.deepEqual(await tide.cache.list(), []);
  tide.setIdentity(null);
  await assert.rejects(texts());
  tide.setIdentity("alice");
  assert.equal(await texts(), "fresh");
});

scenario("after a logout nothing is left", async ({ tide, url }) => {
  tide.setIdentity("alice");
  await keep(tide, url);
  const told = next(tide, "identity");
  await tide.logout();
  assert.deepEqual([(await told).signedIn, (await told).elsewhere], [false, false]);
  tide.setIdentity("alice");
  assert.deepEqual(await tide.cache.list(), []);
});

scenario("a user who is not here can be erased", async ({ tide, url }) => {
  tide.setIdentity("alice");
  await keep(tide, url);
  tide.setIdentity("bob");
  await keep(tide, url);
  await tide.logout("alice");
  assert.equal((await tide.cache.list()).length, 1);
  tide.setIdentity("alice");
  assert.deepEqual(await tide.cache.list(), []);
});

scenario("a call under way ends with its user, and what comes late is not kept", async ({ server, tide, url }) => {
  tide.setIdentity("alice");
  const arrived = held(server);
  const call = tide.fetch(url);
  const { response } = await arrived;
  await Promise.all([assert.rejects(call, { name: "AbortError" }), tide.logout()]);
  response.end("late");
  tide.setIdentity("alice");
  assert.deepEqual(await tide.cache.list(), []);
});

scenario("equal reads of two users are two requests", async ({ server, tide, url }) => {
  const waiting = [];
  server.answer = (_request, response) => waiting.push(response);
  tide.setIdentity("alice");
  const first = assert.rejects(tide.fetch(url), { name: "AbortError" });
  await until(() => waiting.length === 1);
  tide.setIdentity("bob");
  const second = tide.fetch(url);
  await until(() => waiting.length === 2);
  waiting[1].end("bob's");
  assert.equal(await (await second).text(), "bob's");
  await first;
});

scenario("an identity is not empty", async ({ tide }) => {
  assert.throws(
    () => tide.setIdentity(""),
    (error) => error instanceof TidegateError && error.path === "user",
  );
});

scenario("an identity is a string, or two users would be one", async ({ tide }) => {
  const refused = { code: "invalid-options", path: "user" };
  for (const user of [7, {}, true]) {
    assert.throws(() => tide.setIdentity(user), refused);
    await assert.rejects(tide.logout(user), refused);
  }
  assert.equal(tide.health().engine, "ready");
});

/** A database that only counts how often it is deleted. */
function deletable() {
  const database = { deleted: 0, open: () => assert.fail("nobody opens it") };
  database.deleteDatabase = () => {
    const request = {};
    database.deleted += 1;
    setImmediate(() => request.onsuccess());
    return request;
  };
  return database;
}

scenario("a logout after the client is disposed leaves nothing either", async ({ tide }) => {
  const indexedDB = deletable();
  tide.dispose();
  await withGlobals({ indexedDB }, () => tide.logout());
  assert.equal(indexedDB.deleted, 1);
});

test("a logout where a setting was refused leaves nothing either", async () => {
  const indexedDB = deletable();
  const tide = startTidegate({ retry: { attempts: 0 } });
  await assert.rejects(tide.ready);
  await withGlobals({ indexedDB }, () => tide.logout());
  assert.equal(indexedDB.deleted, 1);
});
