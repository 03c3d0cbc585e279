export type { Cache } from "./cache.js";
export { TidegateError, type TidegateErrorCode } from "./error.js";
export type * from "./generated.js";
export type { CallOptions, PolicyOptions, Priority, RouteOptions, TidegateInit } from "./options.js";
export type { Attempt, Policy, Task } from "./policy.js";
export type { EngineLostEvent, Tidegate, TidegateEvents, TidegateHealth } from "./tidegate.js";
