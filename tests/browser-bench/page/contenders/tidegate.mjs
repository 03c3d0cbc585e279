// Tidegate by its public API. What it keeps is what it has fetched, so keeping is fetching, from a network that has the answers in memory,
// and waiting until they are on disk.

import { createTidegate } from "tidegate";

import { withNetworkOf } from "../answers.mjs";

/** So many calls at once as a page would make; the limits of the SDK are above that. */
export const AT_ONCE = 50;
/** Straight to the network: a look at what is kept would be a read more for each answer. */
const PAST_WHAT_IS_KEPT = { cache: "reload" };
/** Room for what a round keeps, and no limit in its way. */
export const SETTINGS = {
  cache: { entries: 5_000, totalBytes: 200_000_000, userBytes: 200_000_000 },
  concurrency: { limit: 100, queue: 1_000 },
};

export async function tidegate() {
  const tide = await engine(createTidegate(SETTINGS));
  tide.route("*", { strategy: "cache-first" });
  return keeper("Tidegate", tide);
}

/** The same engine with nothing kept: what the calls themselves take. */
export async function keepingNothing() {
  const tide = await engine(createTidegate({ ...SETTINGS, cache: { entries: 0 } }));
  tide.route("*", { strategy: "network-only" });
  return keeper("Tidegate, keeping nothing", tide);
}

function keeper(name, tide) {
  const text = async (url, init) => (await tide.fetch(url, init)).text();
  return {
    name,
    tide,
    clear: () => tide.cache.clear(),
    async keep(list) {
      await withNetworkOf(list, async () => {
        for (let first = 0; first < list.length; first += AT_ONCE) {
          await Promise.all(list.slice(first, first + AT_ONCE).map(({ url }) => text(url, PAST_WHAT_IS_KEPT)));
        }
        await tide.cache.flush();
      });
    },
    read: (url) => text(url),
    readAll: (urls) => Promise.all(urls.map((url) => text(url))),
  };
}

/** A Tidegate that has what is measured here, or word of what it has not. */
export async function engine(made) {
  const tide = await made;
  const { engine, reason } = tide.health();
  if (engine !== "ready") throw new Error(`Tidegate has no engine: ${reason ?? engine}`);
  const missing = [
    [typeof tide.route !== "function", "`tide.route`"],
    [typeof tide.cache?.flush !== "function", "`tide.cache.flush`"],
    [typeof tide.cache?.list !== "function", "`tide.cache.list`"],
    [typeof tide.cache?.clear !== "function", "`tide.cache.clear`"],
  ];
  const names = missing.filter(([absent]) => absent).map(([, name]) => name);
  if (names.length > 0) throw new Error(`this build of the package has no ${names.join(", no ")}`);
  return tide;
}
