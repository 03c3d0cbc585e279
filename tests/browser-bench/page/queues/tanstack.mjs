// TanStack's offline transactions. A commit resolves when the write was sent; that it is stored, its storage says.

import { createCollection, localOnlyCollectionOptions } from "@tanstack/db";
import { IndexedDBAdapter, startOfflineExecutor } from "@tanstack/offline-transactions";

export async function tanstack() {
  const writes = createCollection(localOnlyCollectionOptions({ id: "writes", getKey: ({ id }) => id }));
  const network = detector();
  let stored = () => {};
  class Told extends IndexedDBAdapter {
    async set(key, value) {
      await super.set(key, value);
      stored();
    }
  }
  const executor = startOfflineExecutor({
    collections: { writes },
    mutationFns: {
      async send({ transaction, idempotencyKey }) {
        for (const { modified } of transaction.mutations) {
          const { url, method, headers, body } = modified;
          const response = await fetch(url, {
            method,
            headers: { ...headers, "idempotency-key": idempotencyKey },
            body,
          });
          if (!response.ok) throw new Error(`answered ${response.status}`);
        }
      },
    },
    storage: new Told("bench-tanstack"),
    onlineDetector: network,
  });
  await executor.waitForInit();
  let number = 0;
  return {
    name: "TanStack offline-transactions",
    queue(write) {
      const transaction = executor.createOfflineTransaction({ mutationFnName: "send", autoCommit: false });
      transaction.mutate(() => writes.insert({ id: (number += 1), ...write }));
      return new Promise((resolve, reject) => {
        stored = resolve;
        transaction.commit().catch(reject);
      });
    },
    waiting: async () => (await executor.peekOutbox()).length,
    async replay() {
      network.notifyOnline();
    },
    clear: () => executor.clearOutbox(),
  };
}

/** What the browser says of the network, as its own detector has it. */
function detector() {
  const heard = new Set();
  return {
    subscribe(callback) {
      heard.add(callback);
      return () => heard.delete(callback);
    },
    notifyOnline: () => heard.forEach((callback) => callback()),
    isOnline: () => navigator.onLine,
    dispose: () => heard.clear(),
  };
}
