// Answers of about 1 KB with the heads of real ones, and a network that has them in memory.
//
// What is measured of a store is then not what a network takes, and the backend's own headers (`must-revalidate`) do not stand in the way.

/** As many answers, at addresses of this origin. */
export function answers(origin, name, count, bytes = 1024) {
  return Array.from({ length: count }, (_, index) => {
    const id = `${name}-${index}`;
    const shape = { id, name: "orders", owner: "data-platform", tags: ["pii", "gold"], rows: 48_211, text: "" };
    const missing = bytes - JSON.stringify(shape).length;
    const body = JSON.stringify({ ...shape, text: "x".repeat(Math.max(0, missing)) });
    const url = `${origin}/api/assets/${id}`;
    return { url, body, head: { status: 200, headers: headers(body, id) } };
  });
}

function headers(body, id) {
  return {
    "cache-control": "max-age=3600",
    "content-length": String(body.length),
    "content-type": "application/json",
    date: new Date().toUTCString(),
    etag: `"${id}"`,
  };
}

/** While something is done, `fetch` has these answers, and counts how often it is asked. */
export async function withNetworkOf(list, deed) {
  const native = globalThis.fetch;
  const known = new Map(list.map((answer) => [answer.url, answer]));
  let asked = 0;
  globalThis.fetch = async (input, init) => {
    const answer = known.get(input instanceof Request ? input.url : String(input));
    if (!answer) return native(input, init);
    asked += 1;
    return new Response(answer.body, answer.head);
  };
  try {
    await deed();
  } finally {
    globalThis.fetch = native;
  }
  return asked;
}
