import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { transformSync } from "esbuild";

import { spelled } from "../spelling.mjs";

const source = readFileSync(new URL("../ts/spelled.ts", import.meta.url), "utf8");
const reader = transformSync(source, { loader: "ts" }).code;
const { unspelled } = await import(`data:text/javascript,${encodeURIComponent(reader)}`);

const require = createRequire(import.meta.url);
const entry = (name) => readFileSync(require.resolve(name), "latin1");

test("every byte can be read again, wherever it stands", () => {
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const pairs = Uint8Array.from([...every].flatMap((byte) => [byte, 255 - byte]));
  for (const bytes of [every, pairs, new Uint8Array(0), new Uint8Array(1000).fill(0xff)]) {
    assert.deepEqual(unspelled(spelled(bytes)), bytes);
  }
});

test("the module in the default entry is the module of the file, to the byte", () => {
  const module = readFileSync(require.resolve("tidegate/tidegate.wasm"));
  const text = spelled(module);
  assert.ok(entry("tidegate").includes(`"${text}"`));
  assert.deepEqual(Buffer.from(unspelled(text)), module);
});

test("no letter of the text has to be escaped or means something to HTML, a template or a comment", () => {
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  assert.match(spelled(every), /^[!-~]+$/);
  assert.doesNotMatch(spelled(every), /["'`\\$<*]/);
});

test("the default entry means the same in every character set", () => {
  assert.doesNotMatch(entry("tidegate"), /[^\n -~]/);
});

test("a text that was damaged on its way is no module", async () => {
  const module = readFileSync(require.resolve("tidegate/tidegate.wasm"));
  const text = spelled(module);
  for (const damaged of [text.slice(0, -1), text.slice(0, text.length / 2), "", `${text}}`]) {
    await assert.rejects(WebAssembly.compile(unspelled(damaged)), WebAssembly.CompileError);
  }
});
