// One run of everything, in an order that begins with a healthy backend and ends without one; then the figures are posted.

import { tanstack, workbox } from "others";

import { batches } from "./batches.mjs";
import { cached } from "./cached.mjs";
import { cacheApi } from "./contenders/cache-api.mjs";
import { dexie } from "./contenders/dexie.mjs";
import { keyval } from "./contenders/keyval.mjs";
import { raw } from "./contenders/raw.mjs";
import { tidegate } from "./contenders/tidegate.mjs";
import { crossings } from "./crossings.mjs";
import { random } from "./draw.mjs";
import { network } from "./network.mjs";
import { raw as rawQueue } from "./queues/raw.mjs";
import { tidegate as outbox } from "./queues/tidegate.mjs";
import { sockets } from "./sockets.mjs";
import { writes } from "./writes.mjs";

const words = new URLSearchParams(location.search);
const course = {
  api: words.get("api"),
  control: words.get("control"),
  rounds: Number(words.get("rounds")),
  draw: random(Number(words.get("seed"))),
};

try {
  await report({ isolated: crossOriginIsolated, ...(await everything()) });
} catch (error) {
  await report({ error: `${error.message}\n${error.stack}` });
}

/** All parts, or the one that is asked for. */
async function everything() {
  const only = words.get("only");
  const figures = {};
  for (const [part, measure] of Object.entries({ network: calls, outbox: queued, sockets: links, kept })) {
    if (only !== "" && only !== part) continue;
    await preset("healthy");
    Object.assign(figures, await measure());
  }
  // Watched engines are slower: theirs is another module, after the one that is measured.
  if (only === "") figures.crossings = await crossings(course);
  return figures;
}

async function calls() {
  return { network: await network(course) };
}

async function queued() {
  return { writes: await writes(course, [await rawQueue(), await outbox(), await workbox(), await tanstack()]) };
}

async function links() {
  return { sockets: await sockets(course) };
}

async function kept() {
  const contenders = [await raw(), await tidegate(), await keyval(), await dexie(), await cacheApi()];
  const batched = await batches(course, contenders, () => preset("outage"));
  return { batches: batched, cached: await cached(course, contenders) };
}

async function preset(name) {
  const response = await fetch(`${course.control}/_stub/v1/presets/${name}`, { method: "PUT" });
  if (!response.ok) throw new Error(`the stub does not take the preset ${name}: ${response.status}`);
}

function report(figures) {
  return fetch("/report", { method: "POST", body: JSON.stringify(figures) });
}
