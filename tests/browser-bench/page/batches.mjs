// Many at once: 500 answers kept, and 50 read.

import { answers } from "./answers.mjs";
import { fetched } from "./contenders/fetched.mjs";
import { keepingNothing } from "./contenders/tidegate.mjs";
import { shuffled, timed } from "./draw.mjs";

const KEPT = 500;
const READ = 50;
/** Of which the median counts as the round's. */
const READS_A_ROUND = 20;

/** @returns how many milliseconds each contender took, round by round. */
export async function batches(course, contenders, breakBackend) {
  const { api, rounds, draw } = course;
  const alone = await keepingNothing();
  const everybody = [...contenders, await fetched(), alone];
  const put = Object.fromEntries(everybody.map(({ name }) => [name, []]));
  // The first round warms up: code is compiled, files are made.
  for (let round = 0; round <= rounds; round += 1) {
    const list = answers(api, `put-${round}`, KEPT);
    for (const contender of shuffled(everybody, draw)) {
      const ms = await timed(() => contender.keep(list));
      if (round > 0) put[contender.name].push(ms);
      await verify(contender, list, contender === alone);
      await contender.clear();
    }
  }
  alone.tide.dispose();

  const list = answers(api, "kept", READ);
  for (const contender of contenders) await contender.keep(list);
  await breakBackend();
  const urls = list.map(({ url }) => url);
  const get = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    const samples = Object.fromEntries(contenders.map(({ name }) => [name, []]));
    for (let read = 0; read < READS_A_ROUND; read += 1) {
      for (const { name, readAll } of shuffled(contenders, draw)) {
        samples[name].push(await timed(() => readAll(urls)));
      }
    }
    if (round > 0)
      for (const { name } of contenders) get[name].push(samples[name].sort((a, b) => a - b)[READS_A_ROUND / 2]);
  }
  return { put: { count: KEPT, ms: put }, get: { count: READ, ms: get } };
}

/** Everything is there, or nothing is. */
async function verify(contender, list, nothing) {
  const { tide, read } = contender;
  if (tide) {
    const kept = (await tide.cache.list()).length;
    const wanted = nothing ? 0 : list.length;
    // The engine that keeps nothing sees what its sibling has kept; that is cleared before its turn.
    if (kept !== wanted) throw new Error(`${contender.name} has ${kept} answers, not ${wanted}`);
  } else if ((await read(list.at(-1).url)) !== list.at(-1).body) {
    throw new Error(`${contender.name} gives something else than it was given`);
  }
}
