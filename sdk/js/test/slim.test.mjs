import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";

import { createTidegate, startTidegate } from "tidegate/slim";
import { backend } from "./backend.mjs";

const wasm = readFileSync(createRequire(import.meta.url).resolve("tidegate/tidegate.wasm"));

/** What the page sees when the engine cannot be had. */
async function isPlainFetch(tide, reason) {
  const server = await backend();
  const response = await tide.fetch(server.url);
  assert.equal(await response.text(), "fresh");
  assert.equal(tide.explain(response).source, "passthrough");
  assert.equal(tide.health().engine, "lost");
  assert.match(tide.health().reason, reason);
  await server[Symbol.asyncDispose]();
}

test("a module that is none leaves plain fetch", async () => {
  await isPlainFetch(await createTidegate({}, new Uint8Array([1, 2, 3])), /WebAssembly/);
});

test("the module of another release leaves plain fetch, and its name is told", async () => {
  const [{ module: name }] = WebAssembly.Module.imports(new WebAssembly.Module(wasm));
  assert.match(name, /^tidegate \d+\.\d+\.\d+ [0-9a-f]{8}$/);
  const other = name.replace(/.{8}$/, "elsewise");
  const bytes = Buffer.from(wasm.toString("latin1").replaceAll(name, other), "latin1");
  await isPlainFetch(await createTidegate({}, bytes), new RegExp(other));
});

test("a module that is not there leaves plain fetch", async () => {
  const server = await backend();
  server.always(404);
  await isPlainFetch(await createTidegate({}, `${server.url}/tidegate.wasm`), /answered 404/);
  await server[Symbol.asyncDispose]();
});

test("a page that forbids WebAssembly is told the keyword", async () => {
  const compile = WebAssembly.compile;
  const forbidden =
    "Refused to compile because 'unsafe-eval' is not an allowed source in the Content Security Policy directive";
  try {
    WebAssembly.compile = () => Promise.reject(new WebAssembly.CompileError(forbidden));
    await isPlainFetch(await createTidegate({}, wasm), /'wasm-unsafe-eval'/);
  } finally {
    WebAssembly.compile = compile;
  }
});

test("the module comes as bytes, a response, an address or compiled", async () => {
  const server = await backend();
  server.answer = (_request, response) => response.end(wasm);
  const sources = [wasm, fetch(server.url), new URL(server.url), await WebAssembly.compile(wasm)];
  for (const source of sources) {
    const tide = await createTidegate({}, source);
    assert.equal(tide.health().engine, "ready");
    tide.dispose();
  }
  await server[Symbol.asyncDispose]();
});

test("until the engine is there fetch is plain fetch", async () => {
  const server = await backend();
  let arrive;
  const tide = startTidegate({}, new Promise((resolve) => (arrive = resolve)));
  assert.deepEqual(tide.health(), { engine: "loading" });
  assert.equal(tide.explain(await tide.fetch(server.url)).source, "passthrough");
  arrive(wasm);
  await tide.ready;
  assert.equal(tide.explain(await tide.fetch(server.url)).source, "network");
  tide.dispose();
  await server[Symbol.asyncDispose]();
});

test("a refused setting rejects ready, and fetch is plain fetch", async () => {
  const tide = startTidegate({ retry: { attempts: 0 } }, wasm);
  await assert.rejects(tide.ready, { code: "invalid-settings", path: "retry.attempts" });
  await isPlainFetch(tide, /from 1 to 10/);
});
