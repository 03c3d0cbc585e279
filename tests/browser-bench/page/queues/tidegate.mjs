// Tidegate's outbox by its public API: durable when the 202 is there.

import { createTidegate } from "tidegate";

import { engine } from "../contenders/tidegate.mjs";

/** Room for what a round queues. */
const SETTINGS = { outbox: { entries: 5_000 } };

export async function tidegate() {
  const tide = await engine(createTidegate(SETTINGS));
  return {
    name: "Tidegate",
    async queue({ url, ...init }) {
      const response = await tide.fetch(url, { ...init, tidegate: { queue: true } });
      if (response.status !== 202) throw new Error(`a write is answered ${response.status} and not queued`);
    },
    waiting: async () => (await tide.outbox.list()).length,
    /** It hears of the network by itself. */
    async replay() {},
    async clear() {
      // One that was answered just now may be done before it is discarded.
      for (const { id } of await tide.outbox.list()) await tide.outbox.discard(id).catch(() => {});
      const left = await tide.outbox.list();
      if (left.length > 0) throw new Error(`${left.length} writes are left`);
    },
  };
}
