// Two libraries whose sockets come back, bundled like the others.

import ReconnectingWebSocket from "reconnecting-websocket";
import PartySocket from "partysocket/ws";

export { PartySocket, ReconnectingWebSocket };
