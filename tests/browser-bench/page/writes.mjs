// Writes queued while there is no network, each until it is on the disk; then the network comes back, and all are sent.

import { quantile, shuffled } from "./draw.mjs";

const WRITES_A_ROUND = 200;
/** Not of this machine: what is, is there without a network. */
const ORIGIN = "https://backend.example";
/** What an answer takes on a quick network. */
const ANSWER_MS = 5;

/** @returns each queue's times in milliseconds, round by round. */
export async function writes({ rounds, draw }, queues) {
  const enqueue = Object.fromEntries(queues.map(({ name }) => [name, { p50: [], p99: [] }]));
  const drain = Object.fromEntries(
    queues.filter(({ replay }) => replay).map(({ name }) => [name, { sent: [], all: [] }]),
  );
  const network = new Network();
  try {
    // The first round warms up.
    for (let round = 0; round <= rounds; round += 1) {
      const samples = Object.fromEntries(queues.map(({ name }) => [name, []]));
      for (let write = 0; write < WRITES_A_ROUND; write += 1) {
        for (const { name, queue } of shuffled(queues, draw)) {
          const start = performance.now();
          await queue(edit(round, write));
          samples[name].push(performance.now() - start);
        }
      }
      for (const { clear } of queues) await clear();
      // Alone, since a network that is back is back for all of them.
      for (const { name, queue, waiting, replay, clear } of shuffled(queues, draw)) {
        if (!replay) continue;
        for (let write = 0; write < WRITES_A_ROUND; write += 1) await queue(edit(round, write));
        if ((await waiting()) !== WRITES_A_ROUND) throw new Error(`${name} has not what it was given`);
        const { sent, all } = await drained(network, replay);
        await clear();
        if (round === 0) continue;
        drain[name].sent.push(sent);
        drain[name].all.push(all);
      }
      if (round === 0) continue;
      for (const { name } of queues) {
        enqueue[name].p50.push(quantile(samples[name], 0.5));
        enqueue[name].p99.push(quantile(samples[name], 0.99));
      }
    }
  } finally {
    network.end();
  }
  return { writes: WRITES_A_ROUND, answerMs: ANSWER_MS, enqueue, drain };
}

/** Of an asset each, so nobody has to keep an order. */
function edit(round, write) {
  return {
    url: `${ORIGIN}/api/assets/write-${round}-${write}`,
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ description: "x".repeat(1_000) }),
  };
}

/** From the first request, and from when the network is back, until all are answered. */
async function drained(network, replay) {
  const start = performance.now();
  const answered = network.returns(WRITES_A_ROUND);
  await replay();
  const { first, last } = await answered;
  network.goes();
  return { sent: last - first, all: last - start };
}

/** A network in memory that the page has, or has not. */
class Network {
  #native = globalThis.fetch;
  #there = false;
  #missing = 0;
  #first;
  #done;

  constructor() {
    Object.defineProperty(navigator, "onLine", { configurable: true, get: () => this.#there });
    globalThis.fetch = async (input, init) => {
      const method = input instanceof Request ? input.method : init?.method;
      if (method !== "PUT") return this.#native.call(globalThis, input, init);
      if (!this.#there) throw new TypeError("Failed to fetch");
      this.#first ??= performance.now();
      await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
      this.#missing -= 1;
      if (this.#missing === 0) this.#done({ first: this.#first, last: performance.now() });
      return new Response("{}", { headers: { "content-type": "application/json" } });
    };
    this.goes();
  }

  /** Resolves when as many writes are answered. */
  returns(count) {
    this.#there = true;
    this.#missing = count;
    this.#first = undefined;
    const done = new Promise((resolve) => (this.#done = resolve));
    dispatchEvent(new Event("online"));
    return done;
  }

  goes() {
    this.#there = false;
    dispatchEvent(new Event("offline"));
  }

  end() {
    globalThis.fetch = this.#native;
    delete navigator.onLine;
    dispatchEvent(new Event("online"));
  }
}
