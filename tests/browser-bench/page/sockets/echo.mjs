// How many messages a second go there and come back: small ones, the next as soon as one has returned, with so many under way.

import { shuffled } from "../draw.mjs";

const MESSAGES = 4_000;
const UNDER_WAY = 64;

/** @returns messages a second, round by round, by contender. */
export async function echo({ api, rounds, draw }, contenders) {
  const rates = Object.fromEntries(contenders.map(({ name }) => [name, []]));
  const url = `${api.replace("http", "ws")}/api/feed?client=echo`;
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { name, open } of shuffled(contenders, draw)) {
      const rate = await run(open, url);
      if (round > 0) rates[name].push(rate);
    }
  }
  return { messages: MESSAGES, underWay: UNDER_WAY, rates };
}

function run(open, url) {
  return new Promise((resolve) => {
    let [said, returned, start] = [0, 0, 0];
    const say = () => {
      said += 1;
      socket.send(`{"id":${said + 1},"ping":{}}`);
    };
    const socket = open(
      url,
      () => socket.send(`{"id":1,"connect":{}}`),
      (text) => {
        if (text === "{}") return socket.send("{}");
        if (start === 0) {
          start = performance.now();
          while (said < UNDER_WAY) say();
          return;
        }
        returned += 1;
        if (said < MESSAGES) say();
        if (returned < MESSAGES) return;
        const rate = (MESSAGES / (performance.now() - start)) * 1_000;
        socket.close();
        resolve(rate);
      },
    );
  });
}
