// A service worker that has nothing of Tidegate in it, and says so.

addEventListener("message", ({ ports }) => ports[0]?.postMessage(undefined));
addEventListener("install", () => skipWaiting());
