// Sockets that come back, all with their defaults. Each is opened with a function that is called on every new connection and one for what is
// heard; what it gives back sends and closes.

import { PartySocket, ReconnectingWebSocket } from "others-sockets";
import { createTidegate } from "tidegate";

import { engine } from "../contenders/tidegate.mjs";

export async function contenders() {
  const tide = await engine(createTidegate());
  return [
    { name: "native, by hand", open: byHand },
    { name: "reconnecting-websocket", open: (...words) => listening(new ReconnectingWebSocket(words[0]), ...words) },
    { name: "partysocket", open: (...words) => listening(new PartySocket(words[0]), ...words) },
    { name: "Tidegate, raw", open: (...words) => listening(new tide.WebSocket(words[0]), ...words) },
  ];
}

/** One that speaks the stub's protocol, so that the server says when to come back. */
export async function told() {
  const tide = await engine(createTidegate());
  return {
    name: "Tidegate, told by the server",
    open(url, opened) {
      const socket = new tide.WebSocket(url, [], { wire: "tidegate.v1" });
      socket.addEventListener("change", ({ detail }) => {
        if (detail.change === "open") opened();
      });
      return { close: () => socket.close() };
    },
  };
}

/** Another one at once whenever it is closed: the least that somebody writes who has no library. */
function byHand(url, opened, heard) {
  let socket;
  let closed = false;
  const connect = () => {
    socket = new WebSocket(url);
    socket.onopen = opened;
    socket.onmessage = ({ data }) => heard(data);
    socket.onclose = () => closed || connect();
  };
  connect();
  return {
    send: (text) => socket.send(text),
    close() {
      closed = true;
      socket.close();
    },
  };
}

function listening(socket, _url, opened, heard) {
  socket.addEventListener("open", opened);
  socket.addEventListener("message", ({ data }) => heard(data));
  return socket;
}
