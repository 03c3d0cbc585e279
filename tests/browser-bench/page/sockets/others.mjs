// Two libraries whose sockets come back, bundled like the others.

import ReconnectingWebSocket from "reconnecting-websocket";
import { WebSocket as PartySocket } from "partysocket";

export { PartySocket, ReconnectingWebSocket };
