// Compiled, never run: what an application may write, and what its compiler must refuse.

import {
  createTidegate,
  startTidegate,
  TidegateError,
  type Explanation,
  type Reason,
  type Settings,
  type Tidegate,
} from "tidegate";
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

  const ready: Promise<void> = startTidegate().ready;
  await ready;

  await createSlim({}, new URL("https://a.example/tidegate.wasm"));
  await createSlim({}, fetch("/tidegate.wasm"));

  // @ts-expect-error: there is no such setting.
  await createTidegate({ breaker: { opnMs: 5 } });
  // @ts-expect-error: there is no such event.
  tide.on("braker", () => {});
  // @ts-expect-error: the slim entry needs to be told where the module is.
  await createSlim({});
  // @ts-expect-error: there is no such code.
  if (new TidegateError({} as never).code === "nope") return;
}
