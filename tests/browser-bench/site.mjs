// Folders over HTTP on this machine, isolated so that the browser's clock is fine, and one address for the report.

import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { extname, isAbsolute, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const MEDIA_TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm",
};
/** Without isolation, clocks go in steps of 0.1 ms in Chromium and of 1 ms in Firefox. */
const ISOLATED = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** Serves folders by the beginnings of paths; the longest counts. */
export async function serve(folders) {
  const places = Object.entries(folders)
    .map(([prefix, folder]) => [prefix, folder instanceof URL ? fileURLToPath(folder) : folder])
    .sort(([one], [other]) => other.length - one.length);
  let posted;
  const report = new Promise((resolve) => (posted = resolve));
  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://127.0.0.1");
    if (request.method === "POST" && pathname === "/report") {
      posted(JSON.parse(await text(request)));
      return response.writeHead(204).end();
    }
    try {
      const file = named(places, pathname === "/" ? "/index.html" : pathname);
      const body = await readFile(file);
      const type = MEDIA_TYPES[extname(file)] ?? "application/octet-stream";
      response.writeHead(200, { "content-type": type, "cache-control": "no-store", ...ISOLATED }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, report, close };
}

function named(places, path) {
  const [prefix, folder] = places.find(([prefix]) => path.startsWith(prefix));
  const rest = normalize(decodeURIComponent(path.slice(prefix.length)));
  if (rest.startsWith("..") || isAbsolute(rest)) throw new Error("outside of what is served");
  return join(folder, rest);
}

async function text(request) {
  const pieces = [];
  for await (const piece of request) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
