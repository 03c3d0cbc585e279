// Runs the page against the stub in a real browser and prints what it has measured: `cargo xtask bench --only browser`.

import { spawn, spawnSync } from "node:child_process";
import { parseArgs } from "node:util";

import { open } from "./browsers.mjs";
import { bundle } from "./bundle.mjs";
import { markdown } from "./report.mjs";
import { serve } from "./site.mjs";

/** Some minutes on a quiet machine. */
const PATIENCE_MS = 20 * 60_000;

const { values: said } = parseArgs({
  options: {
    browser: { type: "string", default: "chromium" },
    dist: { type: "string" },
    only: { type: "string", default: "" },
    json: { type: "boolean", default: false },
    program: { type: "string" },
    rounds: { type: "string", default: "5" },
    seed: { type: "string", default: "1" },
    stub: { type: "string" },
  },
});

const ends = [];
try {
  const figures = await measure();
  if (figures.error) throw new Error(`the page says: ${figures.error}`);
  const { browser, rounds, seed } = said;
  const run = { browser, version: version(said.program), seed: Number(seed), rounds: Number(rounds), ...figures };
  console.log(said.json ? JSON.stringify(run, null, 2) : markdown(run));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  for (const end of ends.reverse()) await end();
}

async function measure() {
  const stub = await startStub(said.stub);
  const built = await bundle(new URL("page/queues/others.mjs", import.meta.url));
  ends.push(built.remove);
  const sockets = await bundle(new URL("page/sockets/others.mjs", import.meta.url));
  ends.push(sockets.remove);
  const site = await serve({
    "/": new URL("page/", import.meta.url),
    "/built/": built.folder,
    "/built-sockets/": sockets.folder,
    "/modules/": new URL("node_modules/", import.meta.url),
    "/tidegate/": said.dist,
  });
  ends.push(site.close);
  const { only, rounds, seed } = said;
  const words = new URLSearchParams({ api: stub.api, control: stub.control, only, rounds, seed });
  const browser = open(said.browser, said.program, `${site.origin}/?${words}`);
  ends.push(browser.end);
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the page is not done after ${PATIENCE_MS / 60_000} minutes`)),
      PATIENCE_MS,
    );
  });
  ends.push(() => clearTimeout(timer));
  return Promise.race([site.report, browser.ended, late]);
}

/** On ports that the system chooses; it ends when its standard input does. */
function startStub(program) {
  const words = ["--port", "0", "--control-port", "0", "--exit-with-stdin"];
  const child = spawn(program, words, { stdio: ["pipe", "pipe", "ignore"] });
  ends.push(() => child.stdin.end());
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", () => reject(new Error("the stub ended before it was ready")));
    let text = "";
    child.stdout.on("data", (piece) => {
      text += piece;
      if (text.includes("\n")) resolve(JSON.parse(text.slice(0, text.indexOf("\n"))));
    });
  });
}

function version(program) {
  return spawnSync(program, ["--version"], { encoding: "utf8" }).stdout.split(" built on")[0].trim();
}
