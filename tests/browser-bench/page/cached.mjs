// One kept answer while the backend is down and the breaker is open: from the call to the last byte of the body.

import { quantile, shuffled } from "./draw.mjs";

const READS_A_ROUND = 300;
const COPIES = 50;
/** A breaker is open long before. */
const MOST_TRIES = 200;

/** Reads what `batches` has left. @returns each contender's quantiles in milliseconds, round by round. */
export async function cached({ api, rounds, draw }, contenders) {
  const { tide } = contenders.find((contender) => contender.tide);
  const code = await openBreaker(tide, api);
  await isServedFromCache(tide, `${api}/api/assets/kept-0`);
  const result = Object.fromEntries(contenders.map(({ name }) => [name, { p50: [], p99: [] }]));
  for (let round = 0; round <= rounds; round += 1) {
    const samples = Object.fromEntries(contenders.map(({ name }) => [name, []]));
    for (let read = 0; read < READS_A_ROUND; read += 1) {
      const url = `${api}/api/assets/kept-${Math.floor(draw() * COPIES)}`;
      for (const contender of shuffled(contenders, draw)) {
        const start = performance.now();
        const text = await contender.read(url);
        samples[contender.name].push(performance.now() - start);
        if (text.length < 1_000) throw new Error(`${contender.name} gives ${text.length} letters`);
      }
    }
    if (round === 0) continue;
    for (const { name } of contenders) {
      result[name].p50.push(quantile(samples[name], 0.5));
      result[name].p99.push(quantile(samples[name], 0.99));
    }
  }
  return { reads: READS_A_ROUND, breaker: code, ms: result };
}

/** Calls what is not kept until a call is refused without being sent. */
async function openBreaker(tide, api) {
  for (let attempt = 0; attempt < MOST_TRIES; attempt += 1) {
    try {
      const response = await tide.fetch(`${api}/api/assets/none-${attempt}`);
      throw new Error(`the backend is down and answers ${response.status}`);
    } catch (error) {
      if (error.code === "circuit-open" || error.code === "gate-shut") return error.code;
      if (error.code === undefined && !(error instanceof TypeError)) throw error;
    }
  }
  throw new Error(`no breaker has opened after ${MOST_TRIES} failures`);
}

async function isServedFromCache(tide, url) {
  const response = await tide.fetch(url);
  await response.text();
  const said = tide.explain(response);
  if (said?.source !== "cache") throw new Error(`the kept answer comes from ${said?.source}`);
}
