// A backend on a free port whose answers a test decides.

import { once } from "node:events";
import { createServer } from "node:http";

export async function backend() {
  const server = createServer((request, response) => {
    backend.requests.push(`${request.method} ${request.url}`);
    backend.answer(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  const backend = {
    url: `http://127.0.0.1:${port}`,
    requests: [],
    answer: (_request, response) => response.end("fresh"),
    /** From now on, every answer has this status. */
    always(status, headers = {}) {
      backend.answer = (_request, response) => response.writeHead(status, headers).end(String(status));
    },
    /** From now on, connections are refused. */
    async die() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
    async [Symbol.asyncDispose]() {
      if (server.listening) await backend.die();
    },
  };
  return backend;
}

/** The next event of a name. */
export function next(tide, name) {
  return new Promise((resolve) => {
    const stop = tide.on(name, (event) => {
      stop();
      resolve(event);
    });
  });
}
