// What the specs have a page do that has the package and a service worker.

import { createTidegate } from "./package/dist/index.mjs";

/** What has failed once rests for minutes: nothing but a worker that is woken sends it while a spec runs. */
const SETTINGS = { outbox: { spreadMs: 0, baseMs: 600_000, capMs: 3_600_000 }, retry: { attempts: 1 } };
const DATABASE = "tidegate-worker";

/** What the browser was asked to wake the worker for. It does not: it would do so at once, since it has a network, and a spec says when. */
const asked = [];
SyncManager.prototype.register = async (tag) => void asked.push(tag);

let tide;
let begun;
/** The worker that was attached last. */
let attached;

const words = {
  async start(user) {
    tide = await createTidegate(SETTINGS);
    tide.route("*", { idempotent: true });
    tide.outbox.authorize(() => ({ authorization: "Bearer page", "x-client": "page" }));
    if (user !== null) tide.setIdentity(user);
    // Goes on with what is queued.
    await tide.outbox.list();
  },
  async attach(script, type) {
    attached = new URL(script, location).href;
    await tide.outbox.worker(navigator.serviceWorker.register(script, { type }));
  },
  /** How it stands, once the worker that was attached last has taken over: the one before may stand so too. */
  async worker() {
    const { active } = await navigator.serviceWorker.getRegistration();
    return active?.scriptURL === attached ? tide.health().worker : undefined;
  },
  signIn: async (user) => tide.setIdentity(user),
  logOut: () => tide.logout(),
  async queue(urls) {
    const write = { method: "PATCH", body: '{"description":"x"}', headers: { "content-type": "application/json" } };
    for (const url of urls) await tide.fetch(url, { ...write, tidegate: { queue: { lane: "assets" } } });
  },
  async states() {
    return (await tide.outbox.list()).map(({ state }) => state);
  },
  /** Whose queue a worker may drain; `undefined` for nobody's. */
  mandate: async () => (await mandates((store) => store.get(0)))?.user,
  /** As a page of another release would have it. */
  async mandateOf(change) {
    const mandate = await mandates((store) => store.get(0));
    await mandates((store) => store.put({ ...mandate, ...change }, 0));
  },
  wakes: async () => asked,
  isRegistered: async () => (await navigator.serviceWorker.getRegistration()) !== undefined,
  beginToDrain: async () => void (begun = words.drain()),
  whatItBegan: () => begun,
  /** Whether somebody stands in the line of those who drain a user's queue. */
  async isWaited(user) {
    const { pending } = await navigator.locks.query();
    return pending.some(({ name }) => name === `tidegate outbox =${user}`);
  },
  /** Has the worker drain, as another event than a sync would; what became of it. */
  async drain() {
    const { active } = await navigator.serviceWorker.getRegistration();
    const { port1, port2 } = new MessageChannel();
    active.postMessage("drain", [port2]);
    return new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  },
};
// What fails is told: it is no answer that a spec expects.
const told = ([name, word]) => [name, async (...said) => word(...said).catch((error) => `${name}: ${error}`)];
Object.assign(window, Object.fromEntries(Object.entries(words).map(told)));

async function mandates(work) {
  if (!(await indexedDB.databases()).some(({ name }) => name === DATABASE)) return undefined;
  const database = await done(indexedDB.open(DATABASE));
  try {
    return await done(work(database.transaction("mandates", "readwrite").objectStore("mandates")));
  } finally {
    database.close();
  }
}

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
