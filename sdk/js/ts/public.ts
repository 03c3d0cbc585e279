export { TidegateError, type TidegateErrorCode } from "./error.js";
export type * from "./generated.js";
export type { EngineLostEvent, Tidegate, TidegateEvents, TidegateHealth } from "./tidegate.js";
