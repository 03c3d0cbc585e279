// Two libraries that queue writes, bundled: their dependencies are no modules that a browser takes as they are.

export { tanstack } from "./tanstack.mjs";
export { workbox } from "./workbox.mjs";
