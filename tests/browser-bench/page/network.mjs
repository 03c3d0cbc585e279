// What a call costs more than the browser's own when the backend is well: both ask for the same small answer by turns.

import { createTidegate } from "tidegate";

import { engine, SETTINGS } from "./contenders/tidegate.mjs";
import { quantile } from "./draw.mjs";

const PAIRS_A_ROUND = 200;

/** @returns quantiles in milliseconds, round by round. */
export async function network({ api, rounds, draw }) {
  const tide = await engine(createTidegate(SETTINGS));
  const ways = { native: (url) => fetch(url), tidegate: (url) => tide.fetch(url) };
  const result = { native: { p50: [], p99: [] }, tidegate: { p50: [], p99: [] }, added: { p50: [], p99: [] } };
  let bytes = 0;
  let number = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const samples = { native: [], tidegate: [], added: [] };
    for (let pair = 0; pair < PAIRS_A_ROUND; pair += 1) {
      const took = {};
      const order = draw() < 0.5 ? ["native", "tidegate"] : ["tidegate", "native"];
      for (const name of order) {
        // An address of its own each time: nobody's cache has the answer.
        number += 1;
        const url = `${api}/api/assets/ds-00001?n=${number}`;
        const start = performance.now();
        const response = await ways[name](url);
        bytes = (await response.text()).length;
        took[name] = performance.now() - start;
        if (!response.ok) throw new Error(`${url} answers ${response.status}`);
        samples[name].push(took[name]);
      }
      samples.added.push(took.tidegate - took.native);
    }
    if (round === 0) continue;
    for (const name of ["native", "tidegate"]) {
      result[name].p50.push(quantile(samples[name], 0.5));
      result[name].p99.push(quantile(samples[name], 0.99));
    }
    result.added.p50.push(result.tidegate.p50.at(-1) - result.native.p50.at(-1));
    result.added.p99.push(result.tidegate.p99.at(-1) - result.native.p99.at(-1));
  }
  await tide.cache.flush();
  await tide.cache.clear();
  tide.dispose();
  return { pairs: PAIRS_A_ROUND, bytes, ms: result };
}
