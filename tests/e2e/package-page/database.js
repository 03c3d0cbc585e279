// The package's database, by hand: what other programs, other tabs and broken disks leave in it.

const NAME = "tidegate";

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

let older;

/** Holds the database open in a version of long ago, and hears nobody who asks for it. */
async function holdOlder() {
  older = await done(indexedDB.open(NAME, 100));
}

function letGo() {
  older.close();
}

/** Changes every record of a store; how many there were. */
async function rewrite(store, change) {
  const database = await done(indexedDB.open(NAME));
  const transaction = database.transaction(store, "readwrite");
  const records = transaction.objectStore(store);
  const [keys, values] = await Promise.all([done(records.getAllKeys()), done(records.getAll())]);
  const { keyPath } = records;
  values.forEach((value, place) => {
    const changed = change(value);
    if (keyPath === null) records.put(changed, keys[place]);
    else records.put(changed);
  });
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  database.close();
  return keys.length;
}

/** One bit of each body is another. */
function spoilBodies() {
  return rewrite("bodies", (body) => {
    const bytes = new Uint8Array(body.slice(0));
    bytes[bytes.length >> 1] ^= 1;
    return bytes.buffer;
  });
}

/** Each body has lost its last byte. */
function cutBodies() {
  return rewrite("bodies", (body) => body.slice(0, -1));
}

/** Each head says another status than it did. */
function spoilHeads() {
  return rewrite("heads", (record) => ({ ...record, head: record.head.replace("status 200", "status 203") }));
}

/** Somebody deletes it without asking the package. */
async function deleteDatabase() {
  await done(indexedDB.deleteDatabase(NAME));
}

/** How many records each store has. */
async function counts() {
  const database = await done(indexedDB.open(NAME));
  const counts = {};
  for (const store of database.objectStoreNames)
    counts[store] = await done(database.transaction(store).objectStore(store).count());
  database.close();
  return counts;
}
