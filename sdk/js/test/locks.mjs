// `navigator.locks`, which Node has not.

/** Locks as browsers have them, all of one name: granted later, in their order. */
export function locks() {
  let holders = [];
  const waiting = [];
  const grant = (lock) => {
    holders.push(lock);
    setImmediate(async () => {
      const result = await lock.callback({}).catch?.(() => {});
      if (!holders.includes(lock)) return;
      holders = holders.filter((each) => each !== lock);
      lock.resolve(result);
      setImmediate(next);
    });
  };
  const next = () => {
    const fits = ({ mode }) => holders.every((each) => each.mode === "shared" && mode === "shared");
    while (waiting.length > 0 && fits(waiting[0])) grant(waiting.shift());
  };
  const request = (_name, { mode = "exclusive", steal = false }, ask) =>
    new Promise((resolve, reject) => {
      const lock = { mode, resolve, reject, callback: async () => ask() };
      setImmediate(() => {
        if (!steal) return void (waiting.push(lock), next());
        for (const each of holders) each.reject(new DOMException("stolen", "AbortError"));
        holders = [];
        grant(lock);
      });
    });
  return { request };
}
