/** What went wrong, to match on. */
export type TidegateErrorCode = "circuit-open" | "engine-lost" | "invalid-settings" | "throttled" | "timeout";

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
  /** The setting that was refused. */
  readonly path?: string;
  /** The smallest value accepted for it. */
  readonly min?: number;
  /** The largest value accepted for it. */
  readonly max?: number;

  /** @internal */
  constructor(refusal: Refusal) {
    super(refusal.message);
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
  path?: string;
  min?: number;
  max?: number;
}
