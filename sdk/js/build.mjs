// Fills dist/ with the npm package's files, out of what wasm-bindgen made (in $TIDEGATE_BINDGEN) and the TypeScript in ts/.
// Run by `cargo xtask pack`.

import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { build } from "esbuild";

import { renamed } from "./imports.mjs";
import { spelled } from "./spelling.mjs";

const bindgen = process.env.TIDEGATE_BINDGEN;
if (!bindgen) throw new Error("set TIDEGATE_BINDGEN to wasm-bindgen's output, or run `cargo xtask pack`");
const ENTRIES = ["index", "slim"];
/** For service workers: with modules, and for `importScripts`. */
const WORKER = "worker";
const CLASSIC_WORKER = "worker-classic";
const { version } = JSON.parse(readFileSync("package.json"));
const { module, script } = renamed(readFileSync(join(bindgen, "tidegate_bg.wasm")), version);

const FORMATS = [
  ["esm", ".mjs"],
  ["cjs", ".cjs"],
];
const HOW = { outdir: "dist", bundle: true, target: "es2022", minify: true, legalComments: "none" };

emptyDist();
checkTypes();
await bundleCode();
await bundleWorkers();
bundleTypes();
copyFiles();

function emptyDist() {
  rmSync("dist", { recursive: true, force: true });
  mkdirSync("dist");
}

function checkTypes() {
  run("typescript/bin/tsc", ["--project", "."]);
}

/** One file an entry and format, with nothing left to import. */
async function bundleCode() {
  for (const [format, ending] of FORMATS) {
    await build({
      ...HOW,
      entryPoints: ENTRIES.map((entry) => `ts/${entry}.ts`),
      outExtension: { ".js": ending },
      format,
      plugins: [fromBindgen()],
    });
  }
}

/** The engine of the one with modules is that of the main entry; the other one has all in one script but the module's file. */
async function bundleWorkers() {
  for (const [format, ending] of FORMATS) {
    const main = { path: `./index${ending}`, external: true };
    const setup = (build) => build.onResolve({ filter: /^\.\/index\.js$/ }, () => main);
    await build({
      ...HOW,
      entryPoints: [`ts/${WORKER}.ts`],
      outExtension: { ".js": ending },
      format,
      plugins: [{ name: "main-entry", setup }],
    });
  }
  await build({
    ...HOW,
    entryPoints: [`ts/${CLASSIC_WORKER}.ts`],
    format: "iife",
    globalName: "tidegate",
    plugins: [fromBindgen()],
  });
}

/** `tidegate:boundary`, `tidegate:glue`, `tidegate:imports` and `tidegate:wasm`, which the TypeScript imports. */
function fromBindgen() {
  const made = { "tidegate:imports": [script, "js"], "tidegate:wasm": [spelled(module), "text"] };
  const setup = (build) => {
    build.onResolve({ filter: /^tidegate:boundary$/ }, () => ({ path: boundary() }));
    build.onResolve({ filter: /^tidegate:glue$/ }, () => ({ path: join(bindgen, "tidegate_bg.js") }));
    build.onResolve({ filter: /^tidegate:(imports|wasm)$/ }, ({ path }) => ({ path, namespace: "made" }));
    build.onLoad({ filter: /.*/, namespace: "made" }, ({ path }) => {
      const [contents, loader] = made[path];
      return { contents, loader };
    });
  };
  return { name: "from-bindgen", setup };
}

/** The sdk's own JavaScript, which the module imports partly by way of the glue and partly at once. */
function boundary() {
  const files = readdirSync(join(bindgen, "snippets"), { recursive: true });
  return join(
    bindgen,
    "snippets",
    files.find((file) => file.endsWith("boundary.js")),
  );
}

/** One declaration file an entry, for both module systems. */
function bundleTypes() {
  for (const entry of [...ENTRIES, WORKER]) {
    run("dts-bundle-generator/dist/bin/dts-bundle-generator.js", [
      "--silent",
      "--no-banner",
      "--export-referenced-types=false",
      ...["--project", "tsconfig.json"],
      ...["--out-file", `dist/${entry}.d.mts`],
      `ts/${entry}.ts`,
    ]);
    copyFileSync(`dist/${entry}.d.mts`, `dist/${entry}.d.cts`);
  }
}

function copyFiles() {
  writeFileSync("dist/tidegate.wasm", module);
  for (const file of ["LICENSE-MIT", "LICENSE-APACHE"]) cpSync(`../../${file}`, file);
}

function run(script, args) {
  execFileSync(process.execPath, [createRequire(import.meta.url).resolve(script), ...args], { stdio: "inherit" });
}
