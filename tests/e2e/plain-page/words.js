// What the specs have the browser do, with nothing in between: what is seen here is what any page would see.

/** How a promise ended, as data. */
function outcome(promise) {
  return promise.then(
    (value) => ({ fulfilled: value }),
    (error) => ({ rejected: error.name }),
  );
}

/** A call: whether there is a head, and then whether there is a body. */
function call(url, init) {
  return outcome(answer(url, init));
}

async function answer(url, init) {
  const response = await fetch(url, init);
  const copy = response.clone();
  const [body, json] = await Promise.all([outcome(response.text()), outcome(copy.json())]);
  return { status: response.status, headers: Object.fromEntries(response.headers), body, json };
}

/** The call that is looked at while it runs. */
let running;

function begin(url) {
  const call = { controller: new AbortController(), status: null, bytes: [], end: null };
  running = call;
  outcome(follow(call, url)).then((end) => (call.end = end));
}

async function follow(call, url) {
  const response = await fetch(url, { cache: "no-store", signal: call.controller.signal });
  call.status = response.status;
  for await (const piece of response.body) call.bytes.push(piece.length);
  return null;
}

function abort() {
  running.controller.abort();
}

function look() {
  const { status, bytes, end } = running;
  return { status, bytes, end };
}

/** Sockets and event streams by the names that the specs give them. */
const streams = {};

function openSocket(name, url) {
  const socket = new WebSocket(url);
  const seen = { opens: 0, errors: 0, messages: [], close: null };
  streams[name] = { stream: socket, seen };
  socket.onopen = () => (seen.opens += 1);
  socket.onerror = () => (seen.errors += 1);
  socket.onmessage = ({ data }) => seen.messages.push(data);
  socket.onclose = ({ code, reason, wasClean }) => (seen.close = { code, reason, wasClean });
}

function say(name, text) {
  streams[name].stream.send(text);
}

function openEvents(name, url) {
  const source = new EventSource(url);
  const seen = { opens: 0, errors: 0, messages: [], ids: [], close: null };
  streams[name] = { stream: source, seen };
  source.onopen = () => (seen.opens += 1);
  source.onerror = () => (seen.errors += 1);
  source.onmessage = ({ data, lastEventId }) => {
    seen.messages.push(data);
    seen.ids.push(lastEventId);
  };
}

function lookAt(name) {
  const { stream, seen } = streams[name];
  return { ids: [], ...seen, state: stream.readyState };
}
