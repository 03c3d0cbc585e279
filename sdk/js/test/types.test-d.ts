// Compiled, never run: what an application may write, and what its compiler must refuse.

import {
  createTidegate,
  RpcError,
  startTidegate,
  TidegateError,
  type CacheEntry,
  type Explanation,
  type OutboxEntry,
  type Reason,
  type Settings,
  type Subscription,
  type Tidegate,
} from "tidegate";
import { drainOutbox, type OutboxWorker } from "tidegate/worker";
import { createTidegate as createSlim } from "tidegate/slim";

const settings = { breaker: { openMs: 5_000 }, cache: { entries: 0 } } satisfies Settings;

export async function use(): Promise<void> {
  const tide: Tidegate = await createTidegate(settings);
  const dropIn: typeof fetch = tide.fetch;
  const response: Response = await dropIn("/api", { method: "POST", body: "x", signal: AbortSignal.timeout(10) });

  const explanation: Explanation | undefined = tide.explain(response);
  if (explanation?.source === "cache") {
    const age: number = explanation.ageMs;
    const reason: Reason | undefined = explanation.reason;
    console.log(age, reason);
  }

  const anySocket: typeof WebSocket = tide.WebSocket;
  new anySocket("wss://api.example/").close();
  const socket = new tide.WebSocket(async ({ refresh }) => `wss://api.example/?fresh=${refresh}`, "chat", {
    reconnect: true,
  });
  const state: "acknowledged" | "dropped" | "queued" | "written" = socket.send("x");
  socket.addEventListener("change", ({ detail }) => console.log(detail.cause, detail.retryInMs, state));
  socket.addEventListener("close", ({ code }) => console.log(code));
  const feed = new tide.WebSocket("/feed", [], { wire: "tidegate.v1", settings: { windowMs: 1 } });
  feed.subscribe("governance", async ({ data, offset }) => console.log(data, offset), { everyMs: 100 });
  const { why }: { why?: string } = await feed.publish("governance", { x: 1 });
  console.log(why, feed.health()?.downtimeMs);
  const lasting = new tide.WebSocket("/feed", [], { wire: "tidegate.v1", keep: true, durable: true, name: "feed" });
  const { message }: { message?: string } = await lasting.publish("governance", 1, { durable: true, idem: "k" });
  lasting.addEventListener("change", ({ detail }) =>
    console.log(message === detail.message && detail.state === "acknowledged"),
  );
  const channel: Subscription = feed.subscribe("a", console.log);
  channel.pause();
  channel();
  const answer: unknown = await feed.rpc("echo", 1, { idempotent: true, timeoutMs: 1, signal: AbortSignal.timeout(1) });
  const failed = answer instanceof RpcError && answer.code === "lost";
  new tide.WebSocket("/feed", [], { wire: "centrifugo", token: async ({ refresh }) => String(refresh) });
  new tide.WebSocket(({ position }) => `/feed?from=${position}`, [], {
    hello: async (socket) => {
      socket.send(`${socket.position} ${failed}`);
      await socket.next();
    },
    isPong: (data) => data === "pong",
    extractPosition: (data) => (typeof data === "string" ? data : undefined),
  });
  new tide.WebSocket("/feed", [], {
    wire: "tidegate.v1",
    fallback: "/events?channel={channel}",
    settings: { sseAfter: 2 },
  });
  new tide.WebSocket(({ channel, refresh }) => new Request(`/events/${channel}?${refresh}`), [], { wire: "sse" });
  const carried: "sse" | "websocket" | undefined = feed.health()?.transport;
  carried === "sse";
  // @ts-expect-error an option that is none
  new tide.WebSocket("/feed", [], { reconect: true });

  const stop: () => void = tide.on("breaker", (event) => {
    const state: "closed" | "half-open" | "isolated" | "open" = event.to;
    console.log(event.scope, state, event.retryInMs);
  });
  tide.on("engine-lost", ({ reason }) => console.log(reason));
  stop();

  const health = tide.health();
  if (health.engine === "ready") console.log(health.counters.attempts, health.storage.mode);
  if (health.engine === "lost") console.log(health.reason);
  tide.dispose();

  try {
    await tide.fetch(new URL("https://a.example/"));
  } catch (error) {
    if (error instanceof TidegateError && error.code === "circuit-open") console.log(error.retryAt, error.scope);
  }

  const fallback = new Response("[]");
  await tide.fetch("/api", {
    method: "GET",
    tidegate: { priority: "background", weight: 2, route: "/:all", fallback },
  });
  await tide.fetch("/api", {
    tidegate: { coalesce: false, fallback: async ({ code, cause }) => Response.json({ code, cause }) },
  });

  tide.route("/assets/:id", { strategy: "stale-while-revalidate", staleMs: 60_000, tags: ["assets"] });
  await tide.fetch("/api", { tidegate: { strategy: "cache-only", patienceMs: 10 } });
  const queue = { lane: "asset 7", coalesce: true, sent: true, after: [1, { entry: 2, take: { "{id}": "data.id" } }] };
  await tide.fetch("/api", { method: "PUT", body: "x", tidegate: { queue, idempotent: true } });
  await tide.fetch("/api", { method: "PUT", body: "x", tidegate: { queue: true } });
  const queued: OutboxEntry[] = await tide.outbox.list();
  for (const { id, state } of queued) if (state === "dead") await tide.outbox.discard(id);
  tide.on("outbox", ({ entry, change }) => console.log(entry, change === "done"));
  tide.outbox.authorize(async ({ refused }) => (refused ? { authorization: "Bearer new" } : null));
  tide.outbox.authorize(null);
  await tide.fetch("/api", { method: "PUT", tidegate: { queue: { live: true } } });
  // @ts-expect-error: header fields are text.
  tide.outbox.authorize(() => ({ authorization: 7 }));
  tide.setIdentity("alice");
  tide.setIdentity(null);
  const entries: CacheEntry[] = await tide.cache.list();
  const deleted: number = await tide.cache.delete({ tag: entries[0]?.tags[0] ?? "" });
  const { bytes }: { bytes: number } = await tide.cache.size();
  const kept: boolean = (await tide.cache.persist()) && deleted + bytes > 0;
  if (kept) await tide.logout();
  // @ts-expect-error There is no such strategy.
  tide.route("*", { strategy: "fastest" });

  const search = tide.policy("search", { repeatable: true, fallback: [], classify: () => "overload" });
  const found: string[] = await search.run(async ({ signal, attempt }) => [`${signal.aborted} ${attempt}`], {
    signal: AbortSignal.timeout(10),
  });
  const plain: number = await tide.policy("sum").run(() => found.length);
  const either: number | null = await tide.policy("sum", { fallback: (error) => (error ? null : 0) }).run(() => plain);
  console.log(either);

  tide.configure({ retry: { attempts: 2, tellAttempts: 1 }, coalesce: { keys: 0 } });
  tide.isolate("https://a.example/assets/:id");
  tide.release("https://a.example/assets/:id");
  tide.on("server-word", ({ levelPermille, embargoMs }) => console.log(levelPermille + embargoMs));
  tide.on("notice", ({ notice, detail }) => console.log(notice === "retry-after-hidden", detail?.length));

  const ready: Promise<void> = startTidegate().ready;
  await ready;

  await createSlim({}, new URL("https://a.example/tidegate.wasm"));
  await createSlim({}, fetch("/tidegate.wasm"));

  const worker: OutboxWorker = drainOutbox({
    authorize: async ({ user }) => ({ "x-user": user ?? "" }),
    killSwitch: "/off",
  });
  await worker.drain();
  await tide.outbox.worker(navigator.serviceWorker.register("/worker.js"));
  await tide.outbox.worker(null);
  tide.on("worker", ({ state }) => state === "unfit");
  // @ts-expect-error: there is no such state.
  tide.on("worker", ({ state }) => state === "unwell");
  // @ts-expect-error: there is no such option of a worker.
  drainOutbox({ patience: 7 });
  // @ts-expect-error: there is no such setting.
  await createTidegate({ breaker: { opnMs: 5 } });
  // @ts-expect-error: there is no such option.
  await tide.fetch("/api", { tidegate: { prioritt: "urgent" } });
  // @ts-expect-error: there is no such priority.
  await tide.fetch("/api", { tidegate: { priority: "high" } });
  // @ts-expect-error: a fallback of a request is a response.
  await tide.fetch("/api", { tidegate: { fallback: "text" } });
  // @ts-expect-error: there is no such option of a policy.
  tide.policy("search", { route: "/api" });
  // @ts-expect-error: there is no such verdict.
  tide.policy("search", { classify: () => "fine" });
  // @ts-expect-error: there is no such event.
  tide.on("braker", () => {});
  // @ts-expect-error: the slim entry needs to be told where the module is.
  await createSlim({});
  // @ts-expect-error: there is no such code.
  if (new TidegateError({} as never).code === "nope") return;
  if (new TidegateError({} as never).code === "unknown-scope") return;
}
