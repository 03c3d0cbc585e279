// The drop-in WebSocket, with a scripted one of the browser's beneath it.

import assert from "node:assert/strict";
import { test } from "node:test";

import { startTidegate } from "tidegate";
import { startTidegate as startSlim } from "tidegate/slim";
import { next } from "./backend.mjs";
import { until, withGlobals } from "./scenario.mjs";
import { heard, Wire, wired } from "./wire.mjs";

const FEED = "wss://api.example/feed";
/** It waits for longer than a test takes. */
const PATIENT = { settings: { windowMs: 600_000 } };

wired("it connects, sends and hears as the standard one does", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED, ["chat"]);
  const words = heard(socket);
  assert.deepEqual([socket.readyState, socket.url, Wire.last.url], [0, FEED, FEED]);
  assert.deepEqual(Wire.last.protocols, ["chat"]);
  Wire.last.open("chat");
  assert.deepEqual([socket.readyState, socket.protocol], [1, "chat"]);
  assert.equal(socket.send("hello"), "written");
  Wire.last.say("hello yourself");
  assert.deepEqual(Wire.last.sent, ["hello"]);
  assert.deepEqual(words, ["open", "message hello yourself"]);
});

wired("it comes back after a drop, with a socket of its own, and sends what waited", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED);
  const words = heard(socket);
  Wire.last.open();
  Wire.last.drop();
  assert.equal(socket.readyState, 0);
  assert.equal(socket.send("while away"), "queued");
  assert.equal(socket.bufferedAmount, 10);
  await until(() => Wire.all.length === 2);
  Wire.last.open();
  assert.deepEqual([Wire.last.sent, socket.bufferedAmount], [["while away"], 0]);
  assert.deepEqual(words, ["open", "open"]);
  assert.equal(Wire.all[0].sent.length, 0);
});

wired("what is said when it opens goes before what waited", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED);
  socket.onopen = () => socket.send("who I am");
  socket.send("what waited");
  Wire.last.open();
  Wire.last.drop();
  socket.send("and again");
  await until(() => Wire.all.length === 2);
  Wire.last.open();
  assert.deepEqual(
    Wire.all.map(({ sent }) => sent),
    [
      ["who I am", "what waited"],
      ["who I am", "and again"],
    ],
  );
});

wired("what an earlier socket still says is heard by nobody", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED);
  const words = heard(socket);
  const [first] = Wire.all;
  first.open();
  assert.equal(socket.reconnect(), true);
  await until(() => Wire.all.length === 2);
  Wire.last.open();
  first.say("late");
  first.drop();
  assert.deepEqual([words, socket.readyState, Wire.all.length], [["open", "open"], 1, 2]);
  assert.equal(first.closes.length, 1);
});

wired("close is final, and its event is the browser's own", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED);
  const words = heard(socket);
  Wire.last.open();
  socket.close(4000, "enough");
  assert.equal(socket.readyState, 2);
  assert.deepEqual(Wire.last.closes[0], [4000, "enough"]);
  assert.deepEqual(words, ["open"]);
  Wire.last.drop(4000, "enough", true);
  assert.deepEqual([words, socket.readyState], [["open", "close 4000"], 3]);
  assert.equal(socket.send("x"), "dropped");
  assert.equal(socket.reconnect(), false);
  assert.deepEqual([Wire.all.length, tide.health().sockets], [1, []]);
});

wired("it closes while there is no connection, too", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED, [], PATIENT);
  const words = heard(socket);
  Wire.last.open();
  Wire.last.drop();
  socket.send("for nobody");
  const dropped = next(tide, "socket");
  socket.close();
  await until(() => socket.readyState === 3);
  assert.deepEqual(words, ["open", "error", "close 1006"]);
  assert.deepEqual([(await dropped).change, Wire.all.length], ["dropped", 1]);
});

wired("a final code ends it, and it may be asked to come back", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED);
  const words = heard(socket);
  Wire.last.open();
  Wire.last.drop(1008, "policy", true);
  assert.deepEqual([words, socket.readyState], [["open", "close 1008"], 3]);
  assert.equal(socket.reconnect(), true);
  await until(() => Wire.all.length === 2);
  Wire.last.open();
  assert.equal(socket.readyState, 1);
});

wired("without reconnection it is the browser's own", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED, [], { reconnect: false });
  const words = heard(socket);
  assert.throws(() => socket.send("early"), { name: "InvalidStateError" });
  Wire.last.open();
  socket.send("x");
  Wire.last.drop(1012, "restart", true);
  assert.deepEqual([words, Wire.all.length, socket.readyState], [["open", "close 1012"], 1, 3]);
});

wired(
  "a URL of a function is asked for before each connection, and again when it is not to be had",
  async ({ tide }) => {
    let asked = 0;
    const url = async () => {
      asked++;
      if (asked === 2) throw new Error("no token");
      return `${FEED}?token=${asked}`;
    };
    const socket = new tide.WebSocket(url);
    assert.equal(socket.url, "");
    await until(() => Wire.all.length === 1);
    assert.equal(socket.url, `${FEED}?token=1`);
    Wire.last.open();
    Wire.last.drop();
    await until(() => Wire.all.length === 2);
    assert.deepEqual([asked, Wire.last.url], [3, `${FEED}?token=3`]);
  },
);

wired("4401 asks for another token, once", async ({ tide }) => {
  const asked = [];
  const url = ({ refresh }) => {
    asked.push(refresh);
    return FEED;
  };
  const socket = new tide.WebSocket(url);
  await until(() => Wire.all.length === 1);
  Wire.last.open();
  Wire.last.drop(4401, "", true);
  await until(() => Wire.all.length === 2);
  Wire.last.open();
  Wire.last.drop(4401, "", true);
  assert.deepEqual([asked, socket.readyState], [[false, true], 3]);
});

wired("what happens is an event of the socket and of the client, and health has it", async ({ tide }) => {
  const own = [];
  const all = [];
  const stop = tide.on("socket", ({ socket, change }) => all.push([socket, change]));
  const socket = new tide.WebSocket(FEED, [], PATIENT);
  socket.addEventListener("change", ({ detail }) => own.push(detail));
  Wire.last.open();
  Wire.last.drop();
  assert.deepEqual(
    own.map(({ change }) => change),
    ["open", "waiting"],
  );
  assert.deepEqual(all, [
    [1, "connecting"],
    [1, "open"],
    [1, "waiting"],
  ]);
  assert.deepEqual([own[1].cause, typeof own[1].retryInMs, own[1].code], ["lost", "number", 1006]);
  const [health] = tide.health().sockets;
  assert.deepEqual([health.socket, health.scope, health.opened], [1, "https://api.example/feed", 1]);
  stop();
});

wired("what is dropped for want of room is an event", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED, [], { settings: { queueEntries: 1 } });
  const dropped = [];
  socket.addEventListener("change", ({ detail }) => detail.change === "dropped" && dropped.push(detail.why));
  socket.send("first");
  socket.send("second");
  Wire.last.open();
  assert.deepEqual([Wire.last.sent, dropped], [["second"], ["full"]]);
});

wired("bytes that wait are those that were sent, whatever becomes of their buffer", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED);
  const bytes = new Uint8Array([1, 2]);
  socket.send(bytes);
  bytes[0] = 9;
  Wire.last.open();
  assert.deepEqual([...Wire.last.sent[0]], [1, 2]);
});

wired("arguments are refused as the standard has it", async ({ tide }) => {
  const { WebSocket } = tide;
  for (const url of ["nowhere", "ftp://a.example/", "wss://a.example/#part", "wss://a.example/#"]) {
    assert.throws(() => new WebSocket(url), { name: "SyntaxError" }, url);
  }
  for (const protocols of ["", "two words", ["a", "a"], ["a", "A"]]) {
    assert.throws(() => new WebSocket(FEED, protocols), { name: "SyntaxError" }, String(protocols));
  }
  const socket = new WebSocket("https://a.example/feed");
  assert.equal(socket.url, "wss://a.example/feed");
  for (const code of [0, 999, 1001, 2999, 5000, 65_536]) {
    assert.throws(() => socket.close(code), { name: "InvalidAccessError" }, String(code));
  }
  assert.throws(() => socket.close(1000, "é".repeat(62)), { name: "SyntaxError" });
  socket.close(1000, `é${"e".repeat(121)}`);
  assert.throws(() => new WebSocket(FEED, [], { reconect: true }), {
    code: "invalid-options",
    path: "socket.reconect",
  });
  assert.throws(() => new WebSocket(FEED, [], { settings: { windowMs: -1 } }), { code: "invalid-settings" });
});

wired("it has the standard's shape", async ({ tide }) => {
  const { WebSocket } = tide;
  const socket = new WebSocket(FEED);
  for (const [name, value] of Object.entries({ CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 })) {
    assert.deepEqual([WebSocket[name], socket[name]], [value, value]);
    assert.throws(() => (WebSocket[name] = 7), TypeError);
  }
  assert.deepEqual([WebSocket.name, WebSocket.length, String(socket)], ["WebSocket", 1, "[object WebSocket]"]);
  assert.throws(() => new WebSocket(), TypeError);
  assert.throws(() => WebSocket(FEED), TypeError);
  assert.ok(socket instanceof WebSocket && socket instanceof EventTarget);
  assert.deepEqual([socket.binaryType, socket.onopen], ["blob", null]);
  socket.binaryType = "arraybuffer";
  socket.binaryType = "nonsense";
  assert.deepEqual([socket.binaryType, Wire.last.binaryType], ["arraybuffer", "arraybuffer"]);
  const order = [];
  socket.onopen = () => order.push("replaced");
  socket.addEventListener("open", () => order.push("second"));
  socket.onopen = function () {
    order.push(this === socket ? "first" : "lost");
  };
  socket.onmessage = 7;
  assert.equal(socket.onmessage, null);
  Wire.last.open();
  assert.deepEqual(order, ["first", "second"]);
});

wired("when somebody signs out, their socket closes and nobody else's", async ({ tide }) => {
  const open = new tide.WebSocket(FEED);
  Wire.last.open();
  tide.setIdentity("ann");
  assert.equal(open.readyState, 1);
  const hers = new tide.WebSocket(FEED);
  const words = heard(hers);
  const wire = Wire.last;
  wire.open();
  const follows = new tide.WebSocket(FEED, [], { follow: true });
  Wire.last.open();
  Wire.last.drop();
  follows.send("hers");
  await tide.logout();
  assert.deepEqual([hers.readyState, wire.closes], [2, [[3000, "signed out"]]]);
  wire.drop(3000, "signed out", true);
  assert.deepEqual(words, ["open", "close 3000"]);
  await until(() => Wire.all.length > 3);
  Wire.last.open();
  assert.deepEqual([follows.readyState, Wire.last.sent, hers.reconnect()], [1, [], false]);
});

wired("dispose closes it, and later ones are the browser's own", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED);
  const words = heard(socket);
  Wire.last.open();
  tide.dispose();
  assert.equal(Wire.last.closes.length, 1);
  Wire.last.drop(1000, "", true);
  assert.deepEqual(words, ["open", "close 1000"]);
  const later = new tide.WebSocket(FEED);
  Wire.last.open();
  Wire.last.drop();
  assert.equal(later.readyState, 3);
});

wired("channels resume, and what is published is acknowledged", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED, [], { wire: "tidegate.v1" });
  assert.deepEqual(Wire.last.protocols, ["tidegate.v1"]);
  const read = [];
  socket.subscribe("a", ({ data, offset }) => read.push([offset, data]));
  const published = socket.publish("a", { x: 1 });
  Wire.last.open("tidegate.v1");
  assert.equal(socket.readyState, 0);
  const greeting = (subs) => JSON.stringify({ id: 1, connect: { session: "s", ping: 25, pong: true, subs } });
  Wire.last.say(greeting({ a: { positioned: true, recoverable: true, epoch: "e", offset: 4 } }));
  assert.equal(socket.readyState, 1);
  const wire = Wire.last;
  const write = wire.sent.map((text) => JSON.parse(text)).find(({ publish }) => publish);
  assert.deepEqual([write.seq, write.publish], [1, { channel: "a", data: { x: 1 } }]);
  wire.say(JSON.stringify({ ack: 1 }));
  assert.deepEqual(await published, { state: "acknowledged" });
  for (const offset of [5, 5, 6])
    wire.say(JSON.stringify({ push: { channel: "a", pub: { offset, data: { n: offset } } } }));
  await until(() => read.length === 2);
  assert.deepEqual(read, [
    [5, { n: 5 }],
    [6, { n: 6 }],
  ]);
  await until(() => JSON.parse(socket.positions).a.offset === 6);
  wire.drop();
  await until(() => Wire.all.length === 2);
  Wire.last.open("tidegate.v1");
  assert.deepEqual(JSON.parse(Wire.last.sent[0]).connect.subs, { a: { recover: true, epoch: "e", offset: 6 } });
});

wired("what cannot be stored is not sent as if it were", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED, [], { wire: "tidegate.v1", keep: true, durable: true });
  const changes = [];
  socket.addEventListener("change", ({ detail }) => detail.change === "durable" && changes.push(detail));
  const { message, ...rest } = await socket.publish("a", 1, { idem: "k" });
  assert.deepEqual([message, rest], ["k", { state: "dropped", why: "not-durable" }]);
  assert.deepEqual([changes[0].message, changes[0].state, changes[0].why], ["k", "dropped", "not-durable"]);
  assert.equal(socket.health().dropped, 1);
  socket.close();
  assert.deepEqual((await socket.publish("a", 1)).why, "closed");
});

test("before the engine is there, it waits for it", async () => {
  Wire.all = [];
  await withGlobals({ WebSocket: Wire }, async () => {
    const tide = startTidegate();
    const socket = new tide.WebSocket(FEED);
    assert.equal(socket.send("early"), "queued");
    assert.deepEqual([Wire.all.length, socket.bufferedAmount], [0, 5]);
    await tide.ready;
    Wire.last.open();
    assert.deepEqual([Wire.last.sent, socket.bufferedAmount], [["early"], 0]);
    tide.dispose();
  });
});

test("without an engine it is the browser's own", async () => {
  Wire.all = [];
  await withGlobals({ WebSocket: Wire, console: { ...console, warn() {} } }, async () => {
    const tide = startSlim({}, new Uint8Array([1, 2, 3]));
    const socket = new tide.WebSocket(async () => FEED);
    const words = heard(socket);
    socket.send("early");
    await tide.ready;
    await until(() => Wire.all.length === 1);
    Wire.last.open();
    Wire.last.say("x");
    Wire.last.drop();
    assert.deepEqual([Wire.last.sent, words], [["early"], ["open", "message x", "error", "close 1006"]]);
    const speaks = new tide.WebSocket(FEED, [], { wire: "tidegate.v1" });
    await until(() => speaks.readyState === 3);
    assert.deepEqual(await speaks.publish("a", 1), { state: "dropped", why: "closed" });
  });
});

wired("a buffer that was given away is sent as an empty one, and harms nobody", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED);
  const [buffer, view] = [new ArrayBuffer(3), new Uint8Array(3)];
  structuredClone([buffer, view], { transfer: [buffer, view.buffer] });
  assert.deepEqual([socket.send(buffer), socket.send(view)], ["queued", "queued"]);
  Wire.last.open();
  assert.deepEqual(
    Wire.last.sent.map(({ byteLength }) => byteLength),
    [0, 0],
  );
  assert.equal(tide.health().engine, "ready");
});

test("what is asked of a socket that is closed before there is an engine ends", async () => {
  await withGlobals({ WebSocket: Wire }, async () => {
    const tide = startTidegate();
    const socket = new tide.WebSocket(FEED, [], { wire: "tidegate.v1" });
    const [asked, published] = [socket.rpc("ask"), socket.publish("a", 1)];
    socket.close();
    await assert.rejects(asked, { code: "closed" });
    assert.deepEqual(await published, { state: "dropped", why: "closed" });
    await tide.ready;
    await assert.rejects(socket.rpc("ask"), { code: "closed" });
    tide.dispose();
  });
});

wired("a mock that answers while it is written to is heard", async ({ tide }) => {
  const socket = new tide.WebSocket(FEED);
  const words = heard(socket);
  socket.onopen = () => socket.send("hello");
  Wire.last.send = function (data) {
    this.say(`you said ${data}`);
  };
  Wire.last.open();
  await until(() => words.length === 2 || tide.health().engine !== "ready");
  assert.equal(tide.health().engine, "ready");
  assert.deepEqual(words, ["open", "message you said hello"]);
});
