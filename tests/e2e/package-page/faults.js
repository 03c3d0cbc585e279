// What browsers do to their databases now and then, done on purpose. It is loaded before the package; `?fault=` names what is wrong from
// the first moment on, `breaks` and `heals` what is from then on.

let fault = new URLSearchParams(location.search).get("fault");

function breaks(name) {
  fault = name;
}

function heals() {
  fault = null;
  // What has opened without a word holds the database until then, and a deletion waits for it.
  for (const request of silent) if (request.readyState === "done") request.result?.close();
  silent.clear();
}

/** Connections of whoever has opened one through this page's `indexedDB`. */
const connections = new Set();
const silent = new Set();
const touched = new WeakSet();
const thrown = (name) => new DOMException("made up by the page", name);

const { open: openDatabase } = IDBFactory.prototype;
IDBFactory.prototype.open = function (...words) {
  if (fault === "refuses" || fault === "refuses-all") throw thrown("SecurityError");
  const request = openDatabase.apply(this, words);
  if (fault === "never-opens") silent.add(request);
  for (const name of ["success", "error", "upgradeneeded", "blocked"])
    request.addEventListener(name, (event) => {
      if (silent.has(request) && name !== "upgradeneeded") event.stopImmediatePropagation();
      else if (name === "success") connections.add(request.result);
    });
  return request;
};

const { deleteDatabase: deleteForGood } = IDBFactory.prototype;
IDBFactory.prototype.deleteDatabase = function (...words) {
  if (fault === "refuses-all") throw thrown("SecurityError");
  return deleteForGood.apply(this, words);
};

const { put } = IDBObjectStore.prototype;
IDBObjectStore.prototype.put = function (...words) {
  if (fault === "full-at-put") throw thrown("QuotaExceededError");
  touched.add(this.transaction);
  const request = put.apply(this, words);
  // A request that fails, and with it its transaction: what is there already cannot be added.
  if (fault === "put-fails") return this.add(...words);
  return request;
};

/** What a transaction that has put something, or any that would change something, ends with; `null` is an abort without a word. */
const ends = {
  "full-at-commit": "QuotaExceededError",
  "commit-fails": "UnknownError",
  "commit-aborts": null,
  "change-fails": "UnknownError",
};
const { commit } = IDBTransaction.prototype;
IDBTransaction.prototype.commit = function () {
  const suffers = fault === "change-fails" ? this.mode === "readwrite" : touched.has(this);
  if (!(fault in ends) || !suffers) return commit.call(this);
  if (ends[fault] !== null) Object.defineProperty(this, "error", { value: thrown(ends[fault]) });
  this.abort();
};

/** The browser closes every connection, as it does when the site's data is cleared or its disk fails, with its event or without one. */
function closeConnections(withEvent) {
  const count = connections.size;
  for (const connection of connections) {
    connection.close();
    if (withEvent) connection.dispatchEvent(new Event("close"));
  }
  connections.clear();
  return count;
}
