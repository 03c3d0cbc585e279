import type { Reason } from "./generated.js";

/** What went wrong, to match on. */
export type TidegateErrorCode =
  | Reason
  | "engine-lost"
  | "invalid-options"
  | "invalid-settings"
  | "not-durable"
  | "not-erased"
  | "outbox-full"
  | "outbox-gone"
  | "outbox-in-doubt"
  | "outbox-sending"
  | "outbox-too-large"
  | "outbox-undeclared"
  | "outbox-unfit"
  | "outbox-unknown-predecessor"
  | "outbox-unread"
  | "unknown-scope";

/**
 * A refusal: Tidegate has no answer to give, and says why and until when.
 *
 * What `fetch` itself is rejected with (a `TypeError`, the reason of an `AbortSignal`) is passed on as it is.
 */
export class TidegateError extends Error {
  override readonly name = "TidegateError";
  /** What went wrong. */
  readonly code: TidegateErrorCode;
  /** When asking again makes sense, in milliseconds since 1970. */
  readonly retryAt?: number;
  /** What the policies guard here: the origin and the route's template. */
  readonly scope?: string;
  /** Attempts that were sent. */
  readonly attempts?: number;
  /** The setting or the option that was refused. */
  readonly path?: string;
  /** The smallest value accepted for it. */
  readonly min?: number;
  /** The largest value accepted for it. */
  readonly max?: number;

  /** @internal */
  constructor(refusal: Refusal, cause?: unknown) {
    super(refusal.message, cause === undefined ? undefined : { cause });
    const { message: _, ...fields } = refusal;
    this.code = refusal.code;
    Object.assign(this, fields);
  }
}

/** What the engine says of a refusal. */
export interface Refusal {
  code: TidegateErrorCode;
  message: string;
  retryAt?: number;
  scope?: string;
  attempts?: number;
  path?: string;
  min?: number;
  max?: number;
}

/** Whether something thrown is what the engine says of a refusal; else it is somebody's own error. */
export function isRefusal(value: unknown): value is Refusal {
  return (
    typeof value === "object" && !(value instanceof Error) && value !== null && "code" in value && "message" in value
  );
}

/** What the engine throws, as what an application catches. */
export function asError(thrown: unknown): unknown {
  return isRefusal(thrown) ? new TidegateError(thrown) : thrown;
}
