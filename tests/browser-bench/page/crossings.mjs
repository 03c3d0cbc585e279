// What goes through the module: whether bodies do, and how often a call crosses its boundary. The module comes by the slim entry, whose
// instantiation is watched; so this is counted and not timed.

import { startTidegate } from "tidegate/slim";

import { answers, withNetworkOf } from "./answers.mjs";
import { engine, SETTINGS } from "./contenders/tidegate.mjs";

const BODIES = 50;
const BODY_BYTES = 1_000_000;

export async function crossings({ api }) {
  const watch = watchInstantiation();
  const tide = startTidegate(SETTINGS, "/tidegate/tidegate.wasm");
  await tide.ready;
  watch.end();
  await engine(tide);
  tide.route("*", { strategy: "cache-first" });
  // Whatever grows at first use has grown.
  const small = answers(api, "small", 3);
  const large = answers(api, "large", BODIES, BODY_BYTES);
  const counted = {};
  await withNetworkOf([...small, ...large], async () => {
    await text(tide, small[0].url);
    await tide.cache.flush();
    await text(tide, small[0].url);
    counted.fromNetwork = await watch.count(() => text(tide, small[1].url));
    await tide.cache.flush();
    counted.fromCache = await watch.count(() => text(tide, small[1].url));
  });

  const before = watch.memory().byteLength;
  await withNetworkOf(large, async () => {
    for (const { url } of large) await text(tide, url);
    await tide.cache.flush();
  });
  const afterKeeping = watch.memory().byteLength;
  const served = await withNetworkOf(large, async () => {
    for (const { url } of large) await text(tide, url);
  });
  const after = watch.memory().byteLength;
  await tide.cache.clear();
  tide.dispose();
  return { ...counted, memory: { bodies: BODIES, fromCache: BODIES - served, bytes: [before, afterKeeping, after] } };
}

async function text(tide, url) {
  return (await tide.fetch(url)).text();
}

/** Sees the module's memory, and counts what is called in it and what it calls. */
function watchInstantiation() {
  const native = WebAssembly.instantiate;
  let memory;
  let calls;
  const counted = (way, functions) =>
    Object.fromEntries(
      Object.entries(functions).map(([name, value]) => {
        if (typeof value !== "function") return [name, value];
        const call = (...args) => {
          if (calls) calls[way][name] = (calls[way][name] ?? 0) + 1;
          return value(...args);
        };
        return [name, call];
      }),
    );
  WebAssembly.instantiate = async (module, imports) => {
    const watched = Object.fromEntries(Object.entries(imports).map(([from, all]) => [from, counted("out", all)]));
    const { exports } = await native(module, watched);
    memory = exports.memory;
    return { exports: counted("in", exports) };
  };
  return {
    end() {
      WebAssembly.instantiate = native;
      if (!memory) throw new Error("the slim entry made its module in a way that is not watched");
    },
    memory: () => memory.buffer,
    /** The calls into the module and out of it, by name, while something is done. */
    async count(deed) {
      calls = { in: {}, out: {} };
      await deed();
      const counts = calls;
      calls = undefined;
      return counts;
    },
  };
}
