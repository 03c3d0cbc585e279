// Whether the page has a text anywhere that outlives it, looked for by hand: nothing of the package has a part in it.

/** Every place in which one of the texts is to be found. */
async function traces(...texts) {
  const found = [];
  const look = (place, value) => {
    const said = [...strings(value, new Set())];
    for (const text of texts) if (said.some((each) => each.includes(text))) found.push(`${place} has ${text}`);
  };
  await lookInDatabases(look);
  await lookInCaches(look);
  for (const name of ["localStorage", "sessionStorage"]) look(name, { ...window[name] });
  look("document.cookie", document.cookie);
  return found;
}

async function lookInDatabases(look) {
  for (const { name } of await indexedDB.databases()) {
    look("a database's name", name);
    const database = await settled(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      const records = database.transaction(store).objectStore(store);
      const [keys, values] = await Promise.all([settled(records.getAllKeys()), settled(records.getAll())]);
      look(`a key of ${name}.${store}`, keys);
      for (const value of values) look(`${name}.${store}`, value instanceof Blob ? await value.text() : value);
    }
    database.close();
  }
}

async function lookInCaches(look) {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const response = await cache.match(request);
      const told = [request.url, [...request.headers], [...response.headers], await response.text()];
      look(`the cache ${name}`, told);
    }
  }
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** All text in a value, however deep; bytes are read as text. */
function* strings(value, seen) {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null || seen.has(value)) return;
  seen.add(value);
  if (value instanceof ArrayBuffer) yield new TextDecoder("latin1").decode(value);
  else if (ArrayBuffer.isView(value)) yield new TextDecoder("latin1").decode(value);
  else if (value instanceof Map || value instanceof Set) for (const each of value) yield* strings(each, seen);
  else for (const [name, each] of Object.entries(value)) (yield name, yield* strings(each, seen));
}
