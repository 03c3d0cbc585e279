// How soon a socket is live again after its connection has vanished: until the first answer on another one.

import { quantile, shuffled } from "../draw.mjs";

const KILLS_A_ROUND = 5;
/** Longer than any of them takes a connection for one that may not last, after which its waits would be longer each time. */
const UPTIME_MS = 11_000;
/** The server's word on when to come back, for the one that heeds it: what a fleet of some hundreds needs. */
const WINDOW_MS = 1_000;
const PATIENCE_MS = 60_000;

/** @returns quantiles in milliseconds, of all rounds, by contender. */
export async function recovery({ api, control, rounds, draw }, contenders, told) {
  await program(control, { feed: { hint: { minMs: 0, windowMs: WINDOW_MS } } });
  const all = [...contenders, told];
  const lines = all.map(
    (contender, place) => new Line(contender, `${api.replace("http", "ws")}/api/feed?client=c${place}`, `c${place}`),
  );
  await Promise.all(lines.map((line) => line.live()));
  for (let kill = 0; kill < rounds * KILLS_A_ROUND; kill += 1) {
    await new Promise((resolve) => setTimeout(resolve, UPTIME_MS));
    // All at once, each to be waited for by itself: the slowest take ten seconds and more.
    await Promise.all(shuffled(lines, draw).map((line) => line.killed(control)));
  }
  lines.forEach((line) => line.close());
  const quantiles = ({ samples }) => ({
    p50: quantile(samples, 0.5),
    p99: quantile(samples, 0.99),
    longest: Math.max(...samples),
  });
  return {
    kills: rounds * KILLS_A_ROUND,
    windowMs: WINDOW_MS,
    ms: Object.fromEntries(lines.map((line) => [line.name, quantiles(line)])),
  };
}

class Line {
  samples = [];
  #client;
  #socket;
  #answered = () => {};
  #isLive = false;

  constructor({ name, open }, url, client) {
    this.name = name;
    this.#client = client;
    const first = JSON.stringify({ id: 1, connect: {} });
    this.#socket = open(
      url,
      // Whoever speaks the protocol says this by itself, and is open when it was answered.
      () => (this.#socket.send === undefined ? this.#answer() : this.#socket.send(first)),
      (text) => {
        if (text === "{}") this.#socket.send("{}");
        else this.#answer();
      },
    );
  }

  #answer() {
    this.#isLive = true;
    this.#answered();
  }

  async live() {
    if (this.#isLive) return;
    await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.name} does not come back`)), PATIENCE_MS);
      this.#answered = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async killed(control) {
    this.#isLive = false;
    const start = performance.now();
    await order(control, this.#client, "vanish");
    await this.live();
    this.samples.push(performance.now() - start);
  }

  close() {
    this.#socket.close();
  }
}

async function order(control, client, act) {
  const response = await fetch(`${control}/_stub/v1/streams`, {
    method: "POST",
    body: JSON.stringify({ client, act }),
  });
  const { streams } = await response.json();
  if (streams !== 1) throw new Error(`${client} has ${streams} connections`);
}

async function program(control, program) {
  const response = await fetch(`${control}/_stub/v1/program`, {
    method: "PUT",
    body: JSON.stringify({ seed: 1, ...program }),
  });
  if (!response.ok) throw new Error(`the stub does not take the program: ${await response.text()}`);
}
