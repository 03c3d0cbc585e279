// IndexedDB by hand: one strict put for each write, and nothing that would send it.

import { completed, open } from "../contenders/raw.mjs";

export async function raw() {
  const database = await open("bench-writes", "writes");
  const transaction = () => database.transaction("writes", "readwrite", { durability: "strict" });
  const encoder = new TextEncoder();
  let number = 0;
  return {
    name: "IndexedDB by hand, strict",
    async queue({ url, method, headers, body }) {
      const putting = transaction();
      const record = { url, method, headers, body: encoder.encode(body).buffer };
      putting.objectStore("writes").put(record, (number += 1));
      await completed(putting);
    },
    async clear() {
      const clearing = transaction();
      clearing.objectStore("writes").clear();
      await completed(clearing);
    },
  };
}
