// A file of its own: an engine that is lost is lost for all.

import assert from "node:assert/strict";
import { test } from "node:test";

import { createTidegate } from "tidegate";
import { lose, until, withGlobals } from "./scenario.mjs";
import { heard, Wire } from "./wire.mjs";

const FEED = "wss://api.example/feed";

test("when the engine is lost, sockets go on as the browser's own", async () => {
  const quiet = { ...console, warn() {}, error() {} };
  await withGlobals({ WebSocket: Wire, console: quiet }, async () => {
    const tide = await createTidegate();
    const socket = new tide.WebSocket(FEED);
    const words = heard(socket);
    const [wire] = Wire.all;
    wire.open();
    const speaks = new tide.WebSocket(FEED, [], { wire: "tidegate.v1" });
    const published = speaks.publish("a", 1);

    await lose(tide);

    wire.say("still here");
    assert.equal(socket.send("so am I"), "written");
    socket.close(4000, "enough");
    wire.drop(4000, "enough", true);
    assert.deepEqual([wire.sent, wire.closes], [["so am I"], [[4000, "enough"]]]);
    assert.deepEqual(words, ["open", "message still here", "close 4000"]);
    assert.deepEqual(await published, { state: "dropped", why: "unconfirmed" });
    await until(() => speaks.readyState >= 2);
  });
});
