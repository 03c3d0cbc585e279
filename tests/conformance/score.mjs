// What the suite itself makes of raw results: every test that a browser's own cache has to do with, by suite.
//
// node score.mjs <site> <engine> <results.json>: prints [{"id", "tests": [{"id", "kind", "verdict", "said"}]}].

import fs from "node:fs";
import path from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";

const [site, engine, file] = process.argv.slice(2);
const suite = path.resolve(site, "suite");
const rules = ["results.mjs", "display.mjs"].map((name) => path.join(suite, engine, "lib", name)).find(fs.existsSync);
const { determineTestResult } = await import(pathToFileURL(rules).href);
const { default: suites } = await import(pathToFileURL(path.join(suite, "tests/index.mjs")).href);
const results = JSON.parse(fs.readFileSync(file, "utf8"));

/** By the signs that the suite shows. */
const VERDICTS = {
  "-": "untested",
  "✅": "pass",
  "⛔️": "fail",
  "⚠️": "fail",
  Y: "yes",
  N: "no",
  "🔹": "setup",
  "⁉️": "harness",
  "⚪️": "dependency",
  "↻": "retry",
};

function judged(test) {
  const [, , sign] = determineTestResult(suites, test.id, results);
  const raw = results[test.id];
  return {
    id: test.id,
    kind: test.kind ?? "required",
    verdict: VERDICTS[sign],
    said: Array.isArray(raw) ? raw.join(": ") : "",
  };
}

const scores = suites
  .map(({ id, tests }) => ({ id, tests: tests.filter((test) => !test.browser_skip && !test.cdn_only).map(judged) }))
  .filter(({ tests }) => tests.length > 0);
process.stdout.write(JSON.stringify(scores));
