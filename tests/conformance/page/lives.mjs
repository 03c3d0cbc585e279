// Every request of a test after its first is made in a new life of the page: a same-origin frame with an engine of its own and a
// connection of its own to what is kept, begun when what the life before has kept is on disk and when that life is over.
//
// What it proves: a kept answer is as good after a reload as before, its head, its body, its age, its variants, its parts, and so is what
// became of it since, updated by a 304 or invalidated by a write. Nothing that decides is in memory alone. What it does not prove: that
// a browser keeps what is on disk, or that a page which ends without having written loses nothing but the latest.

export class Lives {
  #first;
  #cache;
  /** Of each test that is under way, its latest life by its token. */
  #latest = new Map();

  constructor(first, cache) {
    this.#first = first;
    this.#cache = cache;
  }

  /** Request number n of a test is made in the test's life number n. */
  async fetch(url, init) {
    if (number(init) === 1) return this.#first.fetch(url, init);
    const token = url.pathname.split("/")[2];
    const before = this.#latest.get(token);
    await (before?.life ?? this.#first).flush();
    before?.frame.remove();
    const next = await begin(this.#cache);
    this.#latest.set(token, next);
    return next.life.fetch(url, init);
  }

  /** A test asks the server what it saw: it makes no more requests. */
  over(token) {
    this.#latest.get(token)?.frame.remove();
    this.#latest.delete(token);
  }
}

async function begin(cache) {
  const frame = document.createElement("iframe");
  const loaded = new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
  frame.src = `life.html?cache=${cache}`;
  document.body.append(frame);
  await loaded;
  return { frame, life: await frame.contentWindow.life };
}

function number(init) {
  const [, text] = init.headers.find(([name]) => name === "Req-Num");
  return Number(text);
}
