// Runs the suite in this page and posts its raw results: `?cache=native|tidegate`, `&reload=yes`, `&collector=<port>`, and `&engine=<folder/>`
// where the suite keeps its client in a folder of its own.
//
// The suite's requests for `/test/` go through what is tested. What it configures and asks beside them does not, nor does what the SDK
// itself sends: that comes as a `Request`, the suite's as text.

import suites from "../suite/tests/index.mjs";
import { life } from "./life.mjs";
import { Lives } from "./lives.mjs";

/** How many tests run at the same time. Three quarters of them wait for three seconds or more; this many leave the machine responsive. */
const AT_ONCE = 25;
/**
 * With a new life for every request: they begin in step, and what is stale after two seconds must not be for want of a processor. On two of
 * them 25 lives that began together took two to five seconds.
 */
const LIVES_AT_ONCE = 4;

const words = new URL(location).searchParams;
const plain = window.fetch.bind(window);

async function run() {
  const cache = words.get("cache");
  const first = await life(cache);
  const reloads = words.get("reload") === "yes";
  if (reloads && cache !== "native") window.compiled = await compile();
  const through = reloads ? new Lives(first, cache) : first;
  window.fetch = (input, init) => {
    if (typeof input !== "string") return plain(input, init);
    if (input.startsWith("/test/")) return through.fetch(new URL(input, location), init);
    if (input.startsWith("/state/")) through.over?.(input.split("/")[2]);
    return plain(input, init);
  };
  const { getResults, runTests } = await import(`../suite/${words.get("engine")}client/runner.mjs`);
  // A checkout of today has the suite's code in a folder of its own, and its runner takes `fetch` from the window.
  const before = words.get("engine") === "" ? [suites, window.fetch] : [suites];
  await runTests(...before, true, "", reloads ? LIVES_AT_ONCE : AT_ONCE);
  return { results: getResults() };
}

async function compile() {
  const file = await plain("../tidegate/tidegate.wasm");
  return WebAssembly.compile(await file.arrayBuffer());
}

const report = await run().catch((error) => ({ error: `${error}\n${error?.stack ?? ""}` }));
await plain(`http://127.0.0.1:${words.get("collector")}/`, {
  method: "POST",
  mode: "no-cors",
  body: JSON.stringify(report),
});
