// What somebody would write who keeps by hand what they fetch: a clone of each answer is read while its caller reads the answer, and what has
// been read together goes into one transaction.

import { withNetworkOf } from "../answers.mjs";
import { AT_ONCE } from "./tidegate.mjs";
import { completed, open } from "./raw.mjs";

export async function fetched() {
  const database = await open("bench-fetched", "answers");
  const transaction = (mode) => database.transaction("answers", mode, { durability: "relaxed" });
  return {
    name: "IndexedDB by hand, of what is fetched",
    async clear() {
      const clearing = transaction("readwrite");
      clearing.objectStore("answers").clear();
      await completed(clearing);
    },
    async keep(list) {
      await withNetworkOf(list, async () => {
        const written = [];
        for (let first = 0; first < list.length; first += AT_ONCE) {
          const records = await Promise.all(list.slice(first, first + AT_ONCE).map(answer));
          const putting = transaction("readwrite");
          const store = putting.objectStore("answers");
          for (const { url, head, body } of records) store.put({ head, body }, url);
          written.push(completed(putting));
        }
        await Promise.all(written);
      });
    },
    async read(url) {
      const asked = transaction("readonly").objectStore("answers").get(url);
      await new Promise((resolve, reject) => {
        asked.onsuccess = resolve;
        asked.onerror = () => reject(asked.error);
      });
      return new TextDecoder().decode(asked.result.body);
    },
  };
}

async function answer({ url }) {
  const response = await fetch(url);
  const copy = response.clone();
  const [body] = await Promise.all([copy.arrayBuffer(), response.text()]);
  return { url, body, head: { status: response.status, headers: [...response.headers] } };
}
