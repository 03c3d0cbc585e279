// Workbox's queue of background-sync. It is made for service workers; in a page, only where its worker would be is made up.

import { Queue } from "workbox-background-sync";

export async function workbox() {
  globalThis.registration ??= {};
  const queue = new Queue("bench", { forceSyncFallback: true });
  return {
    name: "Workbox background-sync",
    queue: ({ url, ...init }) => queue.pushRequest({ request: new Request(url, init) }),
    waiting: () => queue.size(),
    replay: () => queue.replayRequests(),
    async clear() {
      while (await queue.shiftRequest());
    },
  };
}
