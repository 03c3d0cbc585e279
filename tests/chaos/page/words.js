// A tab that does what its own site tells it, one word after another, and tells what became of it. What it has not told when it dies, nobody
// knows.

import { createTidegate } from "./package/dist/index.mjs";

const JSON_BODY = { "content-type": "application/json" };
/** How long it leaves a write alone that was given up, or a session that has ended, before it decides. */
const THOUGHT_MS = 200;

const tab = Number(new URL(location).searchParams.get("tab"));
const hello = await ask("/hello", { tab });
const { life, api } = hello;
const tide = await createTidegate(hello.settings);
let user = hello.user;

tide.route("/api/assets/*", { idempotent: true });
tide.route(`${api}/api/assets/*`, { idempotent: true });
tide.outbox.authorize(async ({ entry, url, refused }) => {
  const mine = name();
  const { token } = await ask("/attempt", { tab, life, user: mine, write: numberOf(url), entry, refused });
  return { authorization: `Bearer ${token}`, "x-client": mine };
});
tide.on("identity", ({ signedIn, elsewhere }) => {
  if (signedIn || !elsewhere) return;
  user = null;
  tell({ left: true });
});
tide.on("outbox", ({ entry, change, reason, status }) => {
  if (change === "dead") setTimeout(() => again(entry), THOUGHT_MS);
  if (change === "parked") setTimeout(() => signInAgain(), THOUGHT_MS);
  if (change === "dead" || change === "in-doubt" || change === "parked") tell({ trouble: { entry, change, reason, status } });
});
if (user !== null) tide.setIdentity(user);
// Whatever the browser says of databases, it goes on with what is queued.
decide();

const words = {
  write({ writes, as }) {
    for (const write of writes) {
      if (as === name()) queue(write);
      else tell({ skipped: write });
    }
  },
  user(word) {
    user = word.user;
    tide.setIdentity(user);
    decide();
  },
  logout() {
    user = null;
    tide.logout().catch((error) => tell({ odd: `logout: ${error}` }));
  },
  who() {
    tell({ is: name() });
  },
  async look() {
    const { outbox, origins, scopes, storage } = tide.health();
    const waits = await tide.outbox.list();
    const entries = waits.map(({ id, state, reason, attempts, retryAt }) => [id, state, reason, attempts, retryAt && retryAt - Date.now()]);
    tell({ looks: JSON.stringify({ user: name(), entries, outbox, origins, scopes, storage }) });
  },
  async settle() {
    const left = await decide();
    if (left.some(({ state }) => state === "parked")) signInAgain();
    const waits = left.map(({ id, state, reason, attempts, retryAt }) => ({ id, state, reason, attempts, retryAt }));
    tell({ waits, user: name() });
  },
};

let turn = Promise.resolve();
listen();

/** Anew when it was cut off: a page that was frozen has lost its socket. */
function listen() {
  const address = new URL(`/words?tab=${tab}&life=${life}`, location);
  const socket = new WebSocket(Object.assign(address, { protocol: "ws:" }));
  socket.onmessage = ({ data }) => {
    const word = JSON.parse(data);
    turn = turn.then(() => words[word.word](word)).catch((error) => tell({ odd: `${word.word}: ${error}` }));
  };
  socket.onclose = () => setTimeout(listen, THOUGHT_MS);
}

async function queue({ number, asset, key }) {
  const mine = name();
  const url = `${api}/api/assets/${asset}?write=${number}&user=${mine}`;
  const headers = key === null ? JSON_BODY : { ...JSON_BODY, "idempotency-key": key };
  const body = JSON.stringify({ description: `write ${number}` });
  try {
    const response = await tide.fetch(url, { method: "PATCH", headers, body, tidegate: { queue: true } });
    if (response.status !== 202) throw new Error(`answered ${response.status}`);
    const { entry } = await response.json();
    tell({ accepted: { number, entry, user: mine } });
  } catch (error) {
    tell({ rejected: { number, code: String(error.code ?? error), user: mine } });
  }
}

/** What waits for a decision goes again: whoever heard of it may have gone before they decided. */
async function decide() {
  const left = await tide.outbox.list();
  for (const { id, state } of left) if (state === "dead" || state === "in-doubt") again(id);
  return left;
}

async function again(entry) {
  await tide.outbox.again(entry).catch(() => {});
}

/** A session that has ended: the person signs in again, as the one who they are. */
function signInAgain() {
  tide.setIdentity(user);
}

function name() {
  return user ?? "nobody";
}

function numberOf(url) {
  return Number(new URL(url).searchParams.get("write"));
}

/** Tells the site, also while the page is going. */
function tell(said) {
  ask("/told", { tab, life, ...said }).catch(() => {});
}

async function ask(path, said) {
  const init = { method: "POST", headers: JSON_BODY, body: JSON.stringify(said), keepalive: path === "/told" };
  return (await fetch(path, init)).json();
}
