// What a socket asks of the application: a first word, a token, what a message is. And what the application asks of the server.

import assert from "node:assert/strict";
import { test } from "node:test";

import { RpcError, startTidegate } from "tidegate";
import { startTidegate as startSlim } from "tidegate/slim";
import { until, withGlobals } from "./scenario.mjs";
import { heard, Wire, wired } from "./wire.mjs";

const FEED = "wss://api.example/feed";
const TIDEGATE = { wire: "tidegate.v1" };

const said = (wire = Wire.last) => wire.sent.map((text) => JSON.parse(text));
const lastSaid = (kind) => said().findLast((command) => kind in command);
const greet = (more = {}) => Wire.last.say(JSON.stringify({ id: 1, connect: { session: "s", ping: 25, ...more } }));

async function connected(tide, options = {}) {
  const socket = new tide.WebSocket(FEED, [], { ...TIDEGATE, ...options });
  await until(() => Wire.all.length > 0);
  Wire.last.open("tidegate.v1");
  greet();
  return socket;
}

wired("what waits goes when hello has been said, and messages to it are nobody else's", async ({ tide }) => {
  const hello = async (socket) => {
    socket.send("who I am");
    assert.equal(await socket.next(), "who are you?");
    assert.equal(await socket.next(), "sure?");
    socket.send("sure");
  };
  const socket = new tide.WebSocket(FEED, [], { hello });
  const words = heard(socket);
  socket.onopen = () => socket.send("first");
  socket.send("later");
  Wire.last.open();
  Wire.last.say("who are you?");
  assert.deepEqual([socket.readyState, Wire.last.sent, words], [0, ["who I am"], []]);
  assert.equal(socket.send("even later"), "queued");
  Wire.last.say("sure?");
  Wire.last.say("news");
  await until(() => Wire.last.sent.length === 5);
  assert.deepEqual(Wire.last.sent, ["who I am", "sure", "first", "later", "even later"]);
  assert.deepEqual([words, socket.readyState], [["open", "message news"], 1]);
});

wired("a hello that fails is another attempt, with its cause", async ({ tide }) => {
  const errors = [];
  await withGlobals({ reportError: (error) => errors.push(error.message) }, async () => {
    let tries = 0;
    const signals = [];
    const hello = async ({ signal }) => {
      signals.push(signal);
      if (++tries < 3) throw new Error(`not ${tries}`);
    };
    const socket = new tide.WebSocket(FEED, [], { hello });
    const causes = [];
    socket.addEventListener("change", ({ detail }) => detail.change === "waiting" && causes.push(detail.cause));
    for (const count of [1, 2, 3]) {
      await until(() => Wire.all.length === count);
      Wire.last.open();
    }
    await until(() => socket.readyState === 1);
    assert.deepEqual(
      [causes, errors],
      [
        ["hello", "hello"],
        ["not 1", "not 2"],
      ],
    );
    assert.deepEqual(
      Wire.all.map(({ closes }) => closes.length),
      [1, 1, 0],
    );
    assert.deepEqual(
      signals.map(({ aborted }) => aborted),
      [true, true, false],
    );
  });
});

wired("a hello has the time of a connection, and one that comes late is heard by nobody", async ({ tide }) => {
  const helloes = [];
  const hello = (socket) => new Promise((done) => helloes.push({ socket, done }));
  const socket = new tide.WebSocket(FEED, [], { hello, settings: { connectMs: 100 } });
  const words = heard(socket);
  Wire.last.open();
  const [first] = helloes;
  await until(() => Wire.all.length === 2);
  assert.equal(first.socket.signal.aborted, true);
  assert.throws(() => first.socket.send("late"), { name: "AbortError" });
  await assert.rejects(first.socket.next(), { name: "AbortError" });
  first.done();
  Wire.last.open();
  await until(() => helloes.length === 2);
  assert.deepEqual([words, socket.readyState], [[], 0]);
  helloes[1].done();
  await until(() => socket.readyState === 1);
  assert.deepEqual(words, ["open"]);
});

wired(
  "answers to pings are nobody's business, and how far was read is told to whoever says the URL",
  async ({ tide }) => {
    const asked = [];
    const positions = [];
    const url = (told) => {
      asked.push(told);
      return FEED;
    };
    const socket = new tide.WebSocket(url, [], {
      ping: "ping",
      positions: "5",
      isPong: (data) => data === "pong",
      extractPosition: (data) => /^n(\d+)/.exec(data)?.[1],
      hello: ({ position }) => positions.push(position),
    });
    const words = heard(socket);
    await until(() => Wire.all.length === 1);
    Wire.last.open();
    await until(() => socket.readyState === 1);
    for (const data of ["pong", "n6", "other", "n7"]) Wire.last.say(data);
    assert.deepEqual(words, ["open", "message n6", "message other", "message n7"]);
    assert.equal(socket.positions, "7");
    Wire.last.drop();
    await until(() => Wire.all.length === 2);
    Wire.last.open();
    await until(() => socket.readyState === 1);
    assert.deepEqual(asked, [
      { refresh: false, position: "5" },
      { refresh: false, position: "7" },
    ]);
    assert.deepEqual(positions, ["5", "7"]);
  },
);

wired("a hook that throws says nothing, and its message is heard all the same", async ({ tide }) => {
  await withGlobals({ reportError: () => {} }, async () => {
    const fails = () => {
      throw new Error("no");
    };
    const socket = new tide.WebSocket(FEED, [], { isPong: fails, extractPosition: fails });
    const words = heard(socket);
    Wire.last.open();
    Wire.last.say("x");
    assert.deepEqual([words, socket.positions], [["open", "message x"], ""]);
  });
});

wired("hooks belong to their wires", async ({ tide }) => {
  const hook = () => "";
  const refused = (options, path) =>
    assert.throws(() => new tide.WebSocket(FEED, [], options), { code: "invalid-options", path });
  for (const name of ["hello", "isPong", "extractPosition"]) {
    refused({ ...TIDEGATE, [name]: hook }, `socket.${name}`);
    refused({ [name]: 7 }, `socket.${name}`);
  }
  refused({ token: hook }, "socket.token");
  refused({ ...TIDEGATE, token: "t" }, "socket.token");
});

wired("the token goes with the connection, and another one over it before it is too old", async ({ tide }) => {
  const asked = [];
  const token = async ({ refresh }) => {
    asked.push(refresh);
    if (asked.length === 2) throw new Error("not now");
    return `t${asked.length}`;
  };
  const socket = new tide.WebSocket(FEED, [], { ...TIDEGATE, token });
  const changes = [];
  socket.addEventListener("change", ({ detail }) => changes.push(detail.change));
  await until(() => Wire.all.length === 1);
  Wire.last.open("tidegate.v1");
  assert.equal(said()[0].connect.token, "t1");
  greet({ expires: true, ttl: 3 });
  await until(() => lastSaid("refresh"));
  const refresh = lastSaid("refresh");
  assert.deepEqual([asked, refresh.refresh.token], [[false, true, true], "t3"]);
  Wire.last.say(JSON.stringify({ id: refresh.id, refresh: { expires: true, ttl: 3600 } }));
  assert.deepEqual([Wire.all.length, socket.readyState], [1, 1]);
  assert.deepEqual(changes.slice(-2), ["token-failed", "token-renewed"]);
  // The server ends it for its token: another one, once.
  Wire.last.drop(3005, "connection expired", true);
  await until(() => Wire.all.length === 2);
  Wire.last.open("tidegate.v1");
  assert.deepEqual([asked.length, said()[0].connect.token], [4, "t4"]);
  Wire.last.drop(3005, "connection expired", true);
  assert.equal(socket.readyState, 3);
});

wired("a question is answered, or refused with the server's code and words", async ({ tide }) => {
  const socket = await connected(tide);
  const asked = socket.rpc("echo", { a: 1 });
  const { id, rpc } = lastSaid("rpc");
  assert.deepEqual(rpc, { method: "echo", data: { a: 1 } });
  Wire.last.say(JSON.stringify({ id, rpc: { data: { b: 2 } } }));
  assert.deepEqual(await asked, { b: 2 });
  const refused = socket.rpc("none");
  assert.equal(lastSaid("rpc").rpc.data, null);
  const error = { code: 104, message: "method not found", temporary: true };
  Wire.last.say(JSON.stringify({ id: lastSaid("rpc").id, error }));
  await assert.rejects(refused, (thrown) => {
    assert.ok(thrown instanceof RpcError);
    const { code, serverCode, message, temporary } = thrown;
    assert.deepEqual([code, serverCode, message, temporary], ["refused", 104, "method not found", true]);
    return true;
  });
});

wired("what a connection takes with it is lost, or asked again", async ({ tide }) => {
  const socket = await connected(tide);
  const once = socket.rpc("once");
  const twice = socket.rpc("twice", 2, { idempotent: true });
  Wire.last.drop();
  await assert.rejects(once, { name: "RpcError", code: "lost" });
  const waits = socket.rpc("waits", 3, { timeoutMs: 60_000 });
  await until(() => Wire.all.length === 2);
  Wire.last.open("tidegate.v1");
  greet();
  const asked = said().filter(({ rpc }) => rpc);
  assert.deepEqual(
    asked.map(({ rpc }) => rpc.method),
    ["twice", "waits"],
  );
  for (const { id, rpc } of asked) Wire.last.say(JSON.stringify({ id, rpc: { data: rpc.data } }));
  assert.deepEqual(await Promise.all([twice, waits]), [2, 3]);
});

wired("a question ends with its time, its signal and its socket", async ({ tide }) => {
  const socket = await connected(tide);
  await assert.rejects(socket.rpc("slow", 1, { timeoutMs: 1 }), { code: "timed-out" });
  const gone = AbortSignal.abort(new Error("gone"));
  await assert.rejects(socket.rpc("x", 1, { signal: gone }), { message: "gone" });
  const leaving = new AbortController();
  const left = socket.rpc("left", 1, { signal: leaving.signal });
  leaving.abort(new Error("left"));
  await assert.rejects(left, { message: "left" });
  assert.equal(socket.health().unanswered, 0);
  const out = socket.rpc("out");
  socket.close();
  await assert.rejects(out, { code: "lost" });
  await assert.rejects(socket.rpc("late"), { code: "closed" });
  const raw = new tide.WebSocket(FEED);
  await assert.rejects(raw.rpc("x"), { code: "malformed" });
});

wired("a channel rests and goes on", async ({ tide }) => {
  const socket = await connected(tide);
  const read = [];
  const channel = socket.subscribe("a", ({ offset }) => read.push(offset));
  const stand = { positioned: true, recoverable: true, epoch: "e", offset: 0 };
  Wire.last.say(JSON.stringify({ id: lastSaid("subscribe").id, subscribe: stand }));
  const publish = (offset) => Wire.last.say(JSON.stringify({ push: { channel: "a", pub: { offset, data: offset } } }));
  publish(1);
  await until(() => read.length === 1);
  channel.pause();
  assert.deepEqual(lastSaid("pause").pause, { channel: "a" });
  publish(2);
  channel.resume();
  const { id, gap } = lastSaid("gap");
  assert.deepEqual(gap, { channel: "a", have: { epoch: "e", offset: 2 } });
  const publications = [{ offset: 3, data: 3 }];
  Wire.last.say(JSON.stringify({ id, replay: { channel: "a", epoch: "e", offset: 3, publications } }));
  await until(() => read.length === 3);
  assert.deepEqual(read, [1, 2, 3]);
  channel();
  assert.deepEqual(lastSaid("unsubscribe").unsubscribe, { channel: "a" });
});

test("without an engine hello is said all the same, and questions are closed", async () => {
  Wire.all = [];
  await withGlobals({ WebSocket: Wire, console: { ...console, warn() {}, error() {} } }, async () => {
    const tide = startSlim({}, new Uint8Array([1, 2, 3]));
    let fails = false;
    const hello = async () => {
      if (fails) throw new Error("no");
    };
    const socket = new tide.WebSocket(FEED, [], { hello: async (own) => (own.send("hello"), hello(own)) });
    socket.send("early");
    await tide.ready;
    await until(() => Wire.all.length === 1);
    Wire.last.open();
    await until(() => socket.readyState === 1);
    assert.equal(socket.send("x"), "written");
    assert.deepEqual(Wire.last.sent, ["hello", "early", "x"]);
    fails = true;
    const other = new tide.WebSocket(FEED, [], { hello });
    await until(() => Wire.all.length === 2);
    Wire.last.open();
    await until(() => Wire.last.closes.length === 1);
    assert.deepEqual([Wire.last.closes, other.readyState], [[[4499, "hello"]], 0]);
    const speaks = new tide.WebSocket(FEED, [], TIDEGATE);
    await assert.rejects(speaks.rpc("x"), { code: "closed" });
  });
});

test("a question that is asked before the engine is there waits for it", async () => {
  Wire.all = [];
  await withGlobals({ WebSocket: Wire }, async () => {
    const tide = startTidegate();
    const socket = new tide.WebSocket(FEED, [], TIDEGATE);
    const asked = socket.rpc("echo", 1);
    const leaving = new AbortController();
    const left = socket.rpc("left", 1, { signal: leaving.signal });
    leaving.abort();
    await assert.rejects(left, { name: "AbortError" });
    await tide.ready;
    Wire.last.open("tidegate.v1");
    greet();
    assert.equal(said().filter(({ rpc }) => rpc).length, 1);
    Wire.last.say(JSON.stringify({ id: lastSaid("rpc").id, rpc: { data: 7 } }));
    assert.equal(await asked, 7);
    tide.dispose();
  });
});
