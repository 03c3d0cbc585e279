// What a page fetches with for as long as it lives: the browser's own cache, or Tidegate's.

/**
 * A cache by the standard and nothing else. Many of the tests' answers are failures on purpose, all of one origin: whatever learns from
 * them would answer for the cache, so nobody waits, refuses, repeats or shares. Nor does anybody ask in the background, while the suite
 * counts requests, whether what failed works again: that is left for later than the suite takes.
 */
const SETTINGS = {
  retry: { attempts: 1 },
  breaker: { shadow: 1 },
  coalesce: { keys: 0 },
  concurrency: { limit: 1000 },
  gate: { restMs: 600_000, overloadRestMs: 600_000, restCapMs: 600_000 },
};

/** Of many lives each takes the same compiled engine, since they begin at the same time. */
export async function life(cache, compiled) {
  return cache === "native" ? native() : tidegate(compiled);
}

function native() {
  const plain = window.fetch.bind(window);
  return { fetch: plain, flush: async () => {} };
}

async function tidegate(compiled) {
  const { createTidegate } = await import(compiled ? "../tidegate/slim.mjs" : "../tidegate/index.mjs");
  const tide = await createTidegate(SETTINGS, compiled);
  const { engine, reason } = tide.health();
  if (engine !== "ready") throw new Error(`there is no engine: it is ${engine}, ${reason}`);
  if (!tide.route || !tide.cache?.flush) throw new Error("this package has no `route` or no `cache.flush`");
  tide.setIdentity("conformance");
  tide.route("*", { strategy: "stale-if-error" });
  return {
    fetch: (url, init) => tide.fetch(url, init).catch(refused),
    flush: () => tide.cache.flush(),
  };
}

/** Where no answer may be given the suite waits for one that says so, as a proxy's does; a rejection is a failure of the test to it. */
function refused(error) {
  if (error.name === "AbortError") throw error;
  return new Response(null, { status: 504 });
}
