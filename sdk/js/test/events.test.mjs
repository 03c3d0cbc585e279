// Event streams in the place of a WebSocket, from a server over HTTP.

import assert from "node:assert/strict";

import { until } from "./scenario.mjs";
import { heard, Wire, wired } from "./wire.mjs";

/** What a server with event streams is asked for, and what it answers. */
function streams(server) {
  const asked = [];
  server.answer = (request, response) => {
    asked.push({
      url: request.url,
      since: request.headers["last-event-id"],
      token: request.headers.authorization,
      response,
    });
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.flushHeaders();
  };
  return asked;
}

wired(
  "three WebSockets that cannot be opened lead to an event stream, and a cut one goes on",
  async ({ tide, server }) => {
    const asked = streams(server);
    const read = [];
    const socket = new tide.WebSocket("wss://api.example/feed", [], {
      wire: "tidegate.v1",
      fallback: `${server.url}/events/{channel}`,
    });
    const words = heard(socket);
    socket.subscribe("a b", ({ data, offset }) => read.push([offset, data]));
    for (let number = 1; number <= 3; number++) {
      await until(() => Wire.all.length === number);
      Wire.last.drop();
    }
    await until(() => asked.length === 1);
    assert.deepEqual([asked[0].url, asked[0].since], ["/events/a%20b", undefined]);
    const bytes = Buffer.from('retry: 5\nid: e:1\n\nid: e:2\ndata: "é"\n\n');
    for (const byte of bytes) asked[0].response.write(Buffer.of(byte));
    await until(() => read.length === 1);
    assert.deepEqual([socket.readyState, socket.health().transport, words], [1, "sse", ["open"]]);
    asked[0].response.destroy();
    await until(() => asked.length === 2);
    assert.equal(asked[1].since, "e:2");
    asked[1].response.write('id: e:2\ndata: "é"\n\nid: e:3\ndata: 3\n\n');
    await until(() => read.length === 2);
    assert.deepEqual(read, [
      [2, "é"],
      [3, 3],
    ]);
    socket.close();
    await until(() => socket.readyState === 3);
  },
);

wired("streams alone: the function is told of the channel, and nothing can be sent", async ({ tide, server }) => {
  const asked = streams(server);
  const where = ({ channel, refresh }) => {
    const headers = { authorization: `${channel} ${refresh}` };
    return new Request(`${server.url}/events`, { headers });
  };
  const socket = new tide.WebSocket(where, [], { wire: "sse" });
  socket.subscribe("a", () => {});
  const sent = await socket.publish("a", 1);
  assert.deepEqual(sent, { state: "dropped", why: "receive-only" });
  await until(() => asked.length === 1);
  assert.equal(asked[0].token, "a false");
  assert.equal(Wire.all.length, 0);
  socket.close();
});

wired("a token is asked for once, and then it is over", async ({ tide, server }) => {
  server.always(401);
  const asked = [];
  const where = ({ refresh }) => {
    asked.push(refresh);
    return `${server.url}/events`;
  };
  const socket = new tide.WebSocket(where, [], { wire: "sse" });
  const words = heard(socket);
  socket.subscribe("a", () => {});
  await until(() => socket.readyState === 3);
  assert.deepEqual(
    [asked, words],
    [
      [false, true],
      ["error", "close 401"],
    ],
  );
});

wired("a place that is no URL is refused, and one that nobody would read", async ({ tide }) => {
  assert.throws(() => new tide.WebSocket("wss://api.example/e", [], { wire: "sse" }), { name: "SyntaxError" });
  const fallback = "http://api.example/e";
  assert.throws(() => new tide.WebSocket("wss://api.example/e", [], { fallback }), { code: "invalid-options" });
});
