// What the specs have the page do with sockets of the package.

/** Words about one socket; `tide` gives the client of this moment. */
export function socketWords(tide) {
  let socket;
  let log;
  return {
    openSocket(url, options, channel) {
      log = { events: [], changes: [], read: [] };
      socket = new (tide().WebSocket)(url, [], options ?? {});
      for (const name of ["open", "error", "close"]) {
        socket.addEventListener(name, ({ code }) => log.events.push(code === undefined ? name : `${name} ${code}`));
      }
      socket.addEventListener("change", ({ detail }) => log.changes.push(detail));
      if (channel) socket.subscribe(channel, ({ data, offset }) => log.read.push([offset, data]), { snapshot: () => {} });
    },
    closeSocket: (code, reason) => socket.close(code, reason),
    publish: (channel, data) => socket.publish(channel, data),
    socketLog: () => ({ ...log, readyState: socket.readyState, health: socket.health() ?? null }),
  };
}
