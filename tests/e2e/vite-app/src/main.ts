import { createTidegate } from "tidegate";

import { type Page, pathOf } from "./assets";
import { byTestId, showHealth, showPage, showTrouble } from "./view";

const api =
  new URLSearchParams(location.search).get("api") ?? "http://127.0.0.1:4780";
const tide = await createTidegate();
let page = 1;
let questions = 0;

/** Asks for the current page. Only the latest question's answer is shown. */
async function show(): Promise<void> {
  const question = ++questions;
  document.body.dataset["asking"] = "true";
  const render = await ask(api + pathOf(page));
  if (question !== questions) return;
  render();
  showHealth(tide.health());
  document.body.dataset["asking"] = "false";
}

async function ask(url: string): Promise<() => void> {
  try {
    const response = await tide.fetch(url);
    if (!response.ok) throw new Error(`status ${response.status}`);
    const content = (await response.json()) as Page;
    return () => showPage(content, tide.explain(response));
  } catch (error) {
    return () => showTrouble(error);
  }
}

function turn(pages: number): void {
  page = Math.max(1, page + pages);
  void show();
}

byTestId("previous-page").addEventListener("click", () => turn(-1));
byTestId("next-page").addEventListener("click", () => turn(1));
tide.on("recovered", () => void show());
tide.on("storage", () => showHealth(tide.health()));
void show();
