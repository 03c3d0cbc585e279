// A page with one socket: it reads some channels, says a hundred things a second in others, and tells what became of all that.

import { createTidegate } from "./package/dist/index.mjs";

/** How often it tells. */
const TELL_MS = 50;

const hello = await ask("/hello", {});
const { feed, down, up, everyMs } = hello;
const tide = await createTidegate(hello.settings);
let notes = blank();
let [sent, settled, stops] = [0, 0, false];

const socket = new tide.WebSocket(feed, [], { wire: "tidegate.v1" });
socket.addEventListener("change", ({ detail }) => notes.changes.push(detail));
for (const channel of down) {
  socket.subscribe(channel, ({ data }) => {
    // The first message of a channel is nobody's.
    if (data.n !== undefined) notes.read.push([channel, data.n]);
  });
}

const began = performance.now();
const talking = setInterval(() => {
  const due = Math.floor((performance.now() - began) / everyMs);
  while (!stops && sent < due) say(sent++);
}, everyMs);

for (;;) {
  await new Promise((done) => setTimeout(done, TELL_MS));
  const told = { ...notes, done: stops && settled === sent };
  notes = blank();
  const answer = await ask("/told", told);
  if (answer.stop && !stops) {
    stops = true;
    clearInterval(talking);
  }
}

async function say(place) {
  const channel = up[place % up.length];
  const n = Math.floor(place / up.length) + 1;
  notes.handedIn.push([channel, n]);
  try {
    const { state, why } = await socket.publish(channel, { n });
    if (state === "acknowledged") notes.acknowledged.push([channel, n]);
    else notes.odd.push(`${n} of ${channel} was ${state}: ${why}`);
  } catch (error) {
    notes.odd.push(`${n} of ${channel}: ${error}`);
  }
  settled += 1;
}

function blank() {
  return { read: [], handedIn: [], acknowledged: [], changes: [], odd: [] };
}

async function ask(path, body) {
  const response = await fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return response.json();
}
