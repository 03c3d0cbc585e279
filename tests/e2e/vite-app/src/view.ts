import type { Explanation, TidegateHealth } from "tidegate";

import type { Page } from "./assets";

/** Shows one page of the catalogue, and where it comes from. */
export function showPage(
  page: Page,
  explanation: Explanation | undefined,
): void {
  const rows = page.items.map(({ id, name }) => {
    const row = document.createElement("li");
    row.dataset["testid"] = "asset-row";
    row.dataset["id"] = id;
    row.textContent = name;
    return row;
  });
  document.querySelector("ul")?.replaceChildren(...rows);
  showBadge(explanation?.source ?? "none", explanation);
}

/** Shows that there is nothing to show. */
export function showTrouble(trouble: unknown): void {
  document.querySelector("ul")?.replaceChildren();
  showBadge("none", undefined);
  byTestId("badge").textContent = String(trouble);
}

/** Shows how the engine is. */
export function showHealth(health: TidegateHealth): void {
  const engine = byTestId("engine");
  engine.dataset["state"] = health.engine;
  if (health.engine === "lost") engine.textContent = health.reason;
  if (health.engine === "ready")
    engine.dataset["storage"] = health.storage.mode;
}

/** The element with this test id. */
export function byTestId(id: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
  if (element === null) throw new Error(`there is no ${id}`);
  return element;
}

function showBadge(source: string, explanation: Explanation | undefined): void {
  const badge = byTestId("badge");
  badge.dataset["source"] = source;
  badge.dataset["reason"] = explanation?.reason ?? "";
  badge.dataset["ageMs"] = String(explanation?.ageMs ?? "");
  badge.textContent = source;
}
