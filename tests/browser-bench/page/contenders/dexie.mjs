// Dexie, with the same records and the durability that the others have.

import { Dexie } from "dexie";

import { answered } from "./raw.mjs";

export async function dexie() {
  const database = new Dexie("bench-dexie", { chromeTransactionDurability: "relaxed" });
  database.version(1).stores({ answers: "url" });
  await database.open();
  const encoder = new TextEncoder();
  const record = ({ url, body, head }) => ({ url, head, body: encoder.encode(body).buffer });
  return {
    name: "Dexie",
    clear: () => database.answers.clear(),
    keep: (list) => database.answers.bulkPut(list.map(record)),
    read: async (url) => answered(await database.answers.get(url)).text(),
    async readAll(urls) {
      const records = await database.answers.bulkGet(urls);
      return Promise.all(records.map((record) => answered(record).text()));
    },
  };
}
