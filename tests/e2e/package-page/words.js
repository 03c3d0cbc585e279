// What the specs have the page do with the package: every word says what came of it as data.

import { createTidegate, startTidegate } from "./package/dist/index.mjs";
import { socketWords } from "./sockets.js";

/** Each call is one attempt, and none is refused: what a spec sees is the storage, not the breaker. */
const SETTINGS = { retry: { attempts: 1 }, breaker: { shadow: 1 } };

let tide;
const told = { identity: [], kept: [], storage: [] };
let call;

let frozen = false;
document.addEventListener("freeze", () => (frozen = true));
document.addEventListener("resume", () => (frozen = false));

function outcome(promise) {
  return promise.then(
    (value) => ({ fulfilled: value ?? null }),
    // An exception of the browser has a number for a code.
    (error) => ({ rejected: typeof error.code === "string" ? error.code : error.name }),
  );
}

const words = {
  async start() {
    tide = await createTidegate(SETTINGS);
    listen();
  },
  async startAndChangeUsers(before, after) {
    tide = startTidegate(SETTINGS);
    listen();
    tide.setIdentity(before);
    const gone = outcome(tide.logout());
    tide.setIdentity(after);
    await tide.ready;
    return gone;
  },
  signIn: (user) => tide.setIdentity(user),
  logOut: (user) => outcome(tide.logout(user)),
  logOutAndSignIn(user) {
    const gone = outcome(tide.logout());
    tide.setIdentity(user);
    return gone;
  },
  read: (url, init) => outcome(read(url, init)),
  begin(url, init) {
    const begun = { head: false, end: null };
    call = begun;
    outcome(read(url, init, () => (begun.head = true))).then((end) => (begun.end = end));
  },
  beginToLogOut() {
    const begun = { head: false, end: null };
    call = begun;
    const at = performance.now();
    outcome(tide.logout()).then((end) => Object.assign(begun, { end, ms: Math.round(performance.now() - at) }));
  },
  running: () => call,
  isFrozen: () => frozen,
  list: () => tide.cache.list(),
  flush: () => tide.cache.flush(),
  health: () => tide.health(),
  told: () => told,
};
// A function at the top of a module is not the page's.
Object.assign(window, words, socketWords(() => tide));

function listen() {
  for (const [name, events] of Object.entries(told)) tide.on(name, (event) => events.push(event));
}

async function read(url, init, onHead = () => {}) {
  const response = await tide.fetch(url, init);
  onHead();
  const { source, ageMs, ageCertain } = tide.explain(response);
  const language = response.headers.get("content-language");
  return { status: response.status, text: await response.text(), language, source, ageMs, ageCertain };
}
