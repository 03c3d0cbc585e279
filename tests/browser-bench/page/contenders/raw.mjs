// IndexedDB by hand, as fast as it goes: the body as an ArrayBuffer beside its head, one transaction for what belongs together.

/** @typedef {{ url: string, body: string, head: ResponseInit }} Answer */

export async function raw() {
  const database = await open("bench-raw", "answers");
  const transaction = (mode) => database.transaction("answers", mode, { durability: "relaxed" });
  const encoder = new TextEncoder();
  return {
    name: "IndexedDB by hand",
    async clear() {
      const clearing = transaction("readwrite");
      clearing.objectStore("answers").clear();
      await completed(clearing);
    },
    /** @param {Answer[]} list */
    async keep(list) {
      const putting = transaction("readwrite");
      const store = putting.objectStore("answers");
      for (const { url, body, head } of list) store.put({ head, body: encoder.encode(body).buffer }, url);
      await completed(putting);
    },
    async read(url) {
      return answered(await gotten(transaction("readonly").objectStore("answers").get(url))).text();
    },
    async readAll(urls) {
      const store = transaction("readonly").objectStore("answers");
      const records = await Promise.all(urls.map((url) => gotten(store.get(url))));
      return Promise.all(records.map((record) => answered(record).text()));
    },
  };
}

/** What is stored, as what a page works with. */
export function answered({ head, body }) {
  return new Response(body, head);
}

export function open(name, store) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(name, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(store);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error);
  });
}

function gotten(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

export function completed(transaction) {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
    transaction.commit?.();
  });
}
