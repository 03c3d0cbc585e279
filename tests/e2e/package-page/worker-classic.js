// The same without modules.

importScripts("./package/dist/worker-classic.js");

tidegate.drainOutbox({
  wasm: "./package/dist/tidegate.wasm",
  settings: { outbox: { spreadMs: 0 } },
  authorize: ({ user }) => ({ authorization: `Bearer ${user}`, "x-client": `worker of ${user}` }),
});
addEventListener("install", () => skipWaiting());
