export type { WorkerEvent, WorkerState } from "./background.js";
export type { Cache } from "./cache.js";
export { TidegateError, type TidegateErrorCode } from "./error.js";
export type * from "./generated.js";
export type {
  CallOptions,
  PolicyOptions,
  Priority,
  QueueAfter,
  QueueOptions,
  RouteOptions,
  TidegateInit,
} from "./options.js";
export type { Authorize, Outbox, OutboxEdit, SavedEntry, TokenRequest } from "./outbox.js";
export type { HelloSocket } from "./socket-hello.js";
export type {
  ChannelMessage,
  ChannelOptions,
  ChannelSnapshot,
  Provided,
  Published,
  PublishOptions,
  RpcOptions,
  SendState,
  SocketOptions,
  Streams,
  Subscription,
} from "./socket-options.js";
export { RpcError, type RpcErrorCode } from "./socket-rpc.js";
export type { SocketChangedEvent, SocketEventMap } from "./socket-events.js";
export type { SocketData } from "./socket-shape.js";
export type { TidegateWebSocket } from "./socket.js";
export type { Attempt, Policy, Task } from "./policy.js";
export type { EngineLostEvent, Tidegate, TidegateEvents, TidegateHealth, WebSocketClass } from "./tidegate.js";
