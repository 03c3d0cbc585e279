/** Why a question has no answer. */
export type RpcErrorCode = "age" | "closed" | "full" | "lost" | "malformed" | "receive-only" | "refused" | "timed-out";

const SENTENCES: Record<Exclude<RpcErrorCode, "refused">, string> = {
  age: "it waited too long for a connection, and was not sent",
  closed: "the socket is closed, and it was not sent",
  full: "too much waits already, and it was not sent",
  lost: "it was sent and the connection is gone: it may have been carried out, or not",
  malformed: "it is not JSON, or nothing is spoken that has questions",
  "receive-only": "there are only event streams, which carry nothing to the server",
  "timed-out": "it was sent and not answered in time: it may have been carried out, or not",
};

/** A question has no answer. */
export class RpcError extends Error {
  override readonly name = "RpcError";
  /** `"lost"` and `"timed-out"`: it may have been carried out. `"refused"`: the server will not, and says why. The others were not sent. */
  readonly code: RpcErrorCode;
  /** The server's own code, of what it has refused. */
  readonly serverCode?: number;
  /** The server may answer the same later. */
  readonly temporary?: boolean;

  /** @internal */
  constructor(code: RpcErrorCode, message?: string, serverCode?: number, temporary?: boolean) {
    super(message ?? SENTENCES[code as keyof typeof SENTENCES]);
    this.code = code;
    if (code === "refused") Object.assign(this, { serverCode, temporary });
  }
}
