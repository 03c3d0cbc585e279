// The figures as Markdown: medians of the rounds with the smallest and the largest, and the goals beside them.

const OWN = "Tidegate";
const RAW = "IndexedDB by hand";
const FETCHED = "IndexedDB by hand, of what is fetched";
const STRICT = "IndexedDB by hand, strict";
const NOTHING_KEPT = "Tidegate, keeping nothing";

/** The goals: what is wished for and what was measured in the research behind them. */
const GOALS = { cachedOverRawMs: 0.6, putRatio: 0.8, networkMs: 0.2, crossings: 2, queuedOverRawMs: 3, echoRatio: 0.9 };

export function markdown(run) {
  const { version, seed, rounds, isolated } = run;
  const clock = isolated ? "" : "; the page is not isolated, its clock is coarse";
  return [
    `${version}, seed ${seed}, ${rounds} rounds: medians [smallest-largest]${clock}.`,
    ...Object.entries({ cached, batches, network, writes, sockets, crossings })
      .filter(([name]) => run[name] !== undefined)
      .map(([name, text]) => text(run[name])),
  ].join("\n\n");
}

function cached({ reads, breaker, ms }) {
  const over = median(pairwise(ms[OWN].p50, ms[RAW].p50, (own, raw) => own - raw));
  const rows = Object.entries(ms).map(([name, { p50, p99 }]) => [name, spread(p50), spread(p99)]);
  const goal = `p50 over the one by hand: ${over.toFixed(3)} ms; the goal is ${GOALS.cachedOverRawMs} ms at most.`;
  return [
    `**One kept answer of 1 KB, backend down (${breaker}), call to last byte, ms; ${reads} reads a round**`,
    table(["", "p50", "p99"], rows),
    goal,
  ].join("\n\n");
}

function batches({ put, get }) {
  const rate = (ms, times) => pairwise(times[RAW], ms, (raw, own) => raw / own);
  const kept = Object.entries(put.ms).map(([name, ms]) => [name, spread(ms, 1), spread(rate(ms, put.ms), 2)]);
  const store = pairwise(put.ms[OWN], put.ms[NOTHING_KEPT], (own, calls) => own - calls);
  kept.push([`${OWN}, less its calls`, spread(store, 1), spread(rate(store, put.ms), 2)]);
  const read = Object.entries(get.ms).map(([name, ms]) => [name, spread(ms, 2), spread(rate(ms, get.ms), 2)]);
  const own = median(pairwise(put.ms[FETCHED], put.ms[OWN], (hand, own) => hand / own));
  return [
    `**${put.count} answers of 1 KB kept, from the first call until all are on disk, ms**`,
    table(["", "ms", "times as fast as by hand"], kept),
    `Keeping is fetching, here from memory, and reading a clone: beside the same answers fetched and kept by hand, Tidegate has ${own.toFixed(2)} of ` +
      `the speed; the goal is ${GOALS.putRatio} at least. \`${NOTHING_KEPT}\` makes the same calls, and the last row is the difference.`,
    `**${get.count} kept answers at once, backend down, ms**`,
    table(["", "ms", "times as fast as by hand"], read),
  ].join("\n\n");
}

function network({ pairs, bytes, ms }) {
  const rows = [
    ["`fetch`", ms.native],
    [`\`tide.fetch\``, ms.tidegate],
    ["added", ms.added],
  ];
  return [
    `**An answer of ${bytes} letters from a healthy backend, by turns, ms; ${pairs} pairs a round**`,
    table(
      ["", "p50", "p99"],
      rows.map(([name, { p50, p99 }]) => [name, spread(p50), spread(p99)]),
    ),
    `Added at p50: ${median(ms.added.p50).toFixed(3)} ms; the goal is ${GOALS.networkMs} ms at most.`,
  ].join("\n\n");
}

function writes({ writes, answerMs, enqueue, drain }) {
  const queued = Object.entries(enqueue).map(([name, { p50, p99 }]) => [name, spread(p50, 2), spread(p99, 2)]);
  const over = median(pairwise(enqueue[OWN].p50, enqueue[STRICT].p50, (own, raw) => own - raw));
  const rate = (ms) =>
    spread(
      ms.map((each) => (writes / each) * 1_000),
      0,
    );
  const sent = Object.entries(drain).map(([name, { sent, all }]) => [name, rate(sent), spread(all, 0)]);
  return [
    `**One write of 1 KB queued without a network, from the call until it is stored, ms; ${writes} a round**`,
    table(["", "p50", "p99"], queued),
    `p50 over one strict put by hand: ${over.toFixed(2)} ms; the goal is ${GOALS.queuedOverRawMs} ms at most.`,
    `**${writes} queued writes sent when the network is back, each answered after ${answerMs} ms**`,
    table(["", "writes a second once it sends", "ms from the network's return until all are answered"], sent),
  ].join("\n\n");
}

function sockets({ recovery, echo }) {
  const whole = (ms) => ms.toFixed(0);
  const back = Object.entries(recovery.ms).map(([name, { p50, p99, longest }]) => [
    name,
    whole(p50),
    whole(p99),
    whole(longest),
  ]);
  const rates = Object.entries(echo.rates);
  const [, native] = rates.find(([name]) => name.startsWith("native"));
  const said = rates.map(([name, rate]) => {
    const beside = pairwise(rate, native, (own, native) => own / native);
    return [name, spread(rate, 0), spread(beside, 2)];
  });
  return [
    `**Until live again after the connection has vanished, ms; ${recovery.kills} kills each**`,
    table(["", "p50", "p99", "longest"], back),
    `All with their defaults. Whoever comes back at once does so with everybody else whose connection that server had; the last one was told to ` +
      `spread over ${recovery.windowMs} ms.`,
    `**Small messages there and back, ${echo.underWay} under way, messages a second; ${echo.messages} a round**`,
    table(["", "a second", "beside native"], said),
    `The goal is ${GOALS.echoRatio} of native at least.`,
  ].join("\n\n");
}

function crossings({ fromNetwork, fromCache, memory }) {
  const rows = [
    ["answer from the network", fromNetwork],
    ["answer from the cache", fromCache],
  ].map(([name, counts]) => [name, api(counts), total(counts.in), total(counts.out)]);
  const [before, afterKeeping, after] = memory.bytes;
  return [
    "**What crosses the module's boundary for one call**",
    table(["", "Tidegate's own exports", "all calls into it", "calls out of it"], rows),
    `The goal is ${GOALS.crossings} of Tidegate's own. Bodies: ${memory.bodies} of 1 MB kept and ${memory.fromCache} served from the cache; the ` +
      `module's memory had ${before} bytes before, ${afterKeeping} after keeping, ${after} after serving.`,
  ].join("\n\n");
}

/** Calls of what the SDK exports, as against what wasm-bindgen needs for promises and memory. */
function api(counts) {
  const own = Object.entries(counts.in).filter(([name]) => name.startsWith("engine_"));
  return own.map(([name, count]) => `${name} ${count}`).join(", ") || "0";
}

function total(counts) {
  return String(Object.values(counts).reduce((sum, count) => sum + count, 0));
}

function pairwise(one, other, combine) {
  return one.map((value, index) => combine(value, other[index]));
}

function spread(values, digits = 3) {
  const least = Math.min(...values).toFixed(digits);
  const most = Math.max(...values).toFixed(digits);
  return `${median(values).toFixed(digits)} [${least}-${most}]`;
}

function median(values) {
  const sorted = [...values].sort((one, other) => one - other);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index ? "---:" : "---"))), ...rows.map(line)].join("\n");
}
