import { TidegateError } from "./error.js";
import type { CacheEntry } from "./generated.js";

/** How the kept answers are reached. @internal */
export interface Keeping {
  kept(): Promise<CacheEntry[]>;
  forget(url?: string, tag?: string): Promise<number>;
  flush(): Promise<void>;
}

/** The kept answers of the user whose page it is, or of nobody. Where there is no engine, nothing is kept. */
export class Cache {
  #ask: <T>(ask: (keeping: Keeping) => Promise<T>, otherwise: T) => Promise<T>;

  /** @internal */
  constructor(ask: <T>(ask: (keeping: Keeping) => Promise<T>, otherwise: T) => Promise<T>) {
    this.#ask = ask;
  }

  /** Everything that is kept. No body is read. */
  list(): Promise<CacheEntry[]> {
    return this.#ask((keeping) => keeping.kept(), []);
  }

  /** How many answers are kept, and the bytes of their bodies. */
  async size(): Promise<{ entries: number; bytes: number }> {
    const list = await this.list();
    return { entries: list.length, bytes: list.reduce((sum, entry) => sum + entry.bytes, 0) };
  }

  /** Forgets what is kept of a URL, whatever it varies in, or under a tag. How many answers there were. */
  async delete(which: string | URL | { tag: string }): Promise<number> {
    if (typeof which === "object" && "tag" in which) {
      const { tag } = which;
      // To leave it out would forget everything.
      if (typeof tag !== "string")
        throw new TidegateError({ code: "invalid-options", message: "a tag is a string", path: "tag" });
      return this.#ask((keeping) => keeping.forget(undefined, tag), 0);
    }
    // As `fetch` reads it, on the page's own address.
    const { url } = new Request(which);
    return this.#ask((keeping) => keeping.forget(url), 0);
  }

  /** Forgets everything. How many answers there were. */
  clear(): Promise<number> {
    return this.#ask((keeping) => keeping.forget(), 0);
  }

  /** Resolves when what was kept so far is on disk, or was refused: {@link Tidegate.health} says which. */
  flush(): Promise<void> {
    return this.#ask((keeping) => keeping.flush(), undefined);
  }

  /** Asks the browser not to clear this site's storage when space runs low. Whether it agrees; `false` where it cannot be asked. */
  async persist(): Promise<boolean> {
    return (await storage()?.persist?.()) ?? false;
  }

  /** Whether the browser has agreed to that. */
  async persisted(): Promise<boolean> {
    return (await storage()?.persisted?.()) ?? false;
  }

  /** What this site uses of the browser's storage and how much it may, in bytes; empty where the browser does not tell. */
  async estimate(): Promise<{ usage?: number; quota?: number }> {
    const { usage, quota } = (await storage()?.estimate?.()) ?? {};
    return { ...(usage !== undefined && { usage }), ...(quota !== undefined && { quota }) };
  }
}

/** Only in secure contexts, and not everywhere there. */
function storage(): Partial<StorageManager> | undefined {
  return typeof navigator === "undefined" ? undefined : navigator.storage;
}
