// An application's service worker that drains the outbox. What it is told is in its address.

import { drainOutbox } from "./package/dist/worker.mjs";

const told = new URL(location).searchParams;
const outbox = drainOutbox({
  settings: { outbox: { spreadMs: 0 } },
  authorize: ({ user }) => ({ authorization: `Bearer ${user}`, "x-client": `worker of ${user}` }),
  enabled: told.get("enabled") !== "no",
  killSwitch: told.get("switch") ?? undefined,
  unregister: told.get("unregister") === "yes",
});

addEventListener("install", () => skipWaiting());
addEventListener("message", (event) => {
  if (event.data !== "drain") return;
  const tell = (outcome) => event.ports[0].postMessage(outcome);
  const tried = outbox.drain().then(
    () => tell("done"),
    ({ message }) => tell(message),
  );
  event.waitUntil(tried);
});
