// Libraries whose dependencies a browser does not take as they are, in one module.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

/** Bundles a module under its own name. */
export async function bundle(entry) {
  const folder = mkdtempSync(join(tmpdir(), "tidegate-bench-modules-"));
  await build({
    bundle: true,
    define: { "process.env.NODE_ENV": '"production"' },
    entryPoints: [fileURLToPath(entry)],
    format: "esm",
    logLevel: "error",
    minify: true,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    target: "es2022",
  });
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
