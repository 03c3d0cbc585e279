import { type Refusal, TidegateError } from "./error.js";
import type { Explanation, Reason } from "./generated.js";
import type { CallOptions } from "./options.js";

/** What the engine says of a request: an answer and its explanation in JSON, a refusal, or a refusal and what the network rejected it with. */
export type Reply = [response: unknown, said: string | object, rejection?: unknown];

/** An explanation, or the JSON of one: most are never asked for. */
export type Said = Explanation | string;

/** The response to give for a reply of the engine, or for what its caller gave for the case that there is none; `fellBack` counts that. */
export async function answered(
  reply: Reply,
  fallback: CallOptions["fallback"],
  fellBack: () => void,
): Promise<[Response, Said]> {
  const [response, told, rejection] = reply as [Response | undefined, string | Refusal, unknown];
  if (response !== undefined && fallback === undefined) return [response, told as string];
  const said = (typeof told === "string" ? JSON.parse(told) : told) as Explanation & Refusal;
  const fails = said.source === "network" && said.reason !== undefined;
  if (response !== undefined && !fails) return [response, said];
  if (fallback === undefined) throw reply.length > 2 ? rejection : new TidegateError(said);
  fellBack();
  const {
    scope,
    attempts,
    retryAt,
    reason = said.code as Reason,
    message = `${scope} answers ${response?.status}`,
  } = said;
  const details = retryAt === undefined ? { scope, attempts } : { scope, attempts, retryAt };
  const refusal = () => new TidegateError({ code: reason, message, ...details }, response ?? rejection);
  const instead = typeof fallback === "function" ? await fallback(refusal()) : fallback.clone();
  // Read by nobody, it would hold its connection.
  if (instead !== response && response?.bodyUsed === false) response.body?.cancel?.().catch(() => {});
  return [instead, { source: "fallback", ageMs: 0, ageCertain: true, revalidating: false, reason, ...details }];
}
