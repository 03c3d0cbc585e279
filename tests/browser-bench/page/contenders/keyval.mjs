// idb-keyval, with the same records.

import { clear, createStore, get, getMany, setMany } from "idb-keyval";

import { answered } from "./raw.mjs";

export async function keyval() {
  const store = createStore("bench-keyval", "answers");
  const encoder = new TextEncoder();
  const record = ({ url, body, head }) => [url, { head, body: encoder.encode(body).buffer }];
  return {
    name: "idb-keyval",
    clear: () => clear(store),
    keep: (list) => setMany(list.map(record), store),
    read: async (url) => answered(await get(url, store)).text(),
    async readAll(urls) {
      const records = await getMany(urls, store);
      return Promise.all(records.map((record) => answered(record).text()));
    },
  };
}
