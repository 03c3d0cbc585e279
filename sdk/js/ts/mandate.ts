import { TidegateError } from "./error.js";

// Whose queue a service worker may drain while no page is open.
//
// It is one record in a database of its own, made when something of a user's waits and gone when they go: a worker that finds none touches
// nothing, and one that has begun looks again before each attempt. One for all tabs: who signs in in one of them is who the browser's
// cookies are of.

/** Whose queue, and what it takes to drain it. */
export interface Mandate {
  /** The user; `null` is nobody. */
  user: string | null;
  /** What page and worker say to each other. */
  protocol: number;
  /** The version of the queue's database. */
  queue: number;
}

const NAME = "tidegate-worker";
const STORE = "mandates";
const KEY = 0;

/** As for a database that is to be deleted. */
const LONGEST_MS = 5_000;

/** What this page has asked for is done in its order. */
let last: Promise<unknown> = Promise.resolve();

/** A worker may drain this queue from now on, if that `still` is so when it is written. */
export function issue(mandate: Mandate, still: () => boolean): Promise<void> {
  return inTurn(async () => {
    await access("readwrite", (store) => {
      if (still()) store.put(mandate, KEY);
    });
  });
}

/** The mandate that there is. */
export async function issued(): Promise<Mandate | undefined> {
  if (!(await isThere())) return undefined;
  return (await access("readonly", (store) => store.get(KEY))) as Mandate | undefined;
}

/**
 * No worker may drain the queue of such a one any more.
 *
 * @throws {@link TidegateError} with code `not-erased` when the browser's database gives no answer.
 */
export function withdraw(such: (mandate: Mandate) => boolean): Promise<void> {
  // Where there are no workers nobody has one.
  if (globalThis.navigator?.serviceWorker === undefined) return Promise.resolve();
  const gone = inTurn(async () => {
    if (!(await isThere())) return;
    await access("readwrite", (store) => {
      const asked = store.get(KEY);
      asked.onsuccess = () => {
        if (asked.result !== undefined && such(asked.result as Mandate)) store.delete(KEY);
      };
    });
  });
  return inTime(gone);
}

function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

/** Nobody who has no worker gets a database. Where the browser does not say what there is, there is no Background Sync either. */
async function isThere(): Promise<boolean> {
  try {
    const all = await indexedDB.databases();
    return all.some(({ name }) => name === NAME);
  } catch {
    return false;
  }
}

/** One transaction, which is complete when this resolves. */
async function access(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest | void): Promise<unknown> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode, { durability: "strict" });
      const asked = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(asked?.result);
      transaction.onabort = () => reject(transaction.error ?? new Error("aborted"));
    });
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("not opened"));
  });
}

async function inTime(work: Promise<unknown>): Promise<void> {
  const message = "the browser's database gives no answer, so a service worker may go on: clear this site's data";
  const refusal = new TidegateError({ code: "not-erased", message });
  let late: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<never>((_, reject) => (late = setTimeout(() => reject(refusal), LONGEST_MS)));
  try {
    await Promise.race([work, over]);
  } catch {
    throw refusal;
  } finally {
    clearTimeout(late);
  }
}
