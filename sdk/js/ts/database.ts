import { TidegateError } from "./error.js";

/** The longest that other tabs, which let go of it when they are asked to, are waited for. */
const LONGEST_MS = 5_000;

/** Deletes everything that was kept, of everybody. Resolves when it is gone. */
export function deleteDatabase(): Promise<void> {
  if (typeof indexedDB === "undefined") return Promise.resolve();
  return new Promise((resolve, reject) => {
    const message =
      "the browser's database gives no answer, so what is kept may still be there: clear this site's data";
    const refuse = () => reject(new TidegateError({ code: "not-erased", message }));
    const late = setTimeout(refuse, LONGEST_MS);
    const request = indexedDB.deleteDatabase("tidegate");
    request.onsuccess = () => resolve(clearTimeout(late));
    request.onerror = refuse;
  });
}
