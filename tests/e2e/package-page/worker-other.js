// A service worker of a release that speaks otherwise.

addEventListener("message", ({ data, ports }) => {
  if (data.tidegate === "hello") ports[0].postMessage({ protocol: 2, queue: 200, stopped: false });
});
addEventListener("install", () => skipWaiting());
