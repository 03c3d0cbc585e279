import type { CacheStrategy } from "./generated.js";
import type { TidegateError } from "./error.js";

/** Who goes first where calls have to wait: what somebody looks at, the rest, or what nobody would notice if it came later. */
export type Priority = "urgent" | "normal" | "background";

/** What is wished for the answers of a route; what is left out has its default. */
export interface RouteOptions {
  /** How what is kept is weighed against the network; `"network-first"` unless told. */
  strategy?: CacheStrategy;
  /** How long a call waits for the network when there is something kept to serve, in milliseconds; as `cache.patienceMs` unless told. */
  patienceMs?: number;
  /** For how long past its freshness an answer is served, in milliseconds; as `cache.staleMs` unless told. */
  staleMs?: number;
  /**
   * The server allows `If-None-Match` and `If-Modified-Since` across origins (`Access-Control-Allow-Headers`). Not so unless told: then the
   * browser's own cache asks, which needs no permission.
   */
  conditions?: boolean;
  /**
   * What the server wants confirmed (`no-cache`, `must-revalidate`) is served all the same when the network has no answer. That is against the
   * standard; some frameworks write `must-revalidate` into every answer, and then nothing can be read offline without it.
   */
  unconfirmed?: boolean;
  /** What its answers are called, to find and delete them. */
  tags?: string[];
  /**
   * The server heeds `Idempotency-Key`: a write that is sent again with its key is not applied again. Not so unless told; then a queued `POST` or
   * `PATCH` is refused, unless the setting `outbox.doubted` says otherwise.
   */
  idempotent?: boolean;
}

/** An entry that has to be done before a queued write. */
export interface QueueAfter {
  /** Its number. */
  entry: number;
  /**
   * What is taken from its answer, which is in JSON: placeholders in the URL or the body, and where the answer has what is to stand there, names
   * of members with dots between them, as in `{ "{asset}": "data.id" }`.
   */
  take?: Record<string, string>;
}

/** What is wished of a write that is queued. */
export interface QueueOptions {
  /** What it must not overtake: entries of one lane go one after another. Its URL without the query, unless told. */
  lane?: string;
  /** What has to be done before: numbers of entries, with what is taken from their answers. */
  after?: number | QueueAfter | (number | QueueAfter)[];
  /**
   * It may take the place of the last entry of its lane, if that has the same method and URL and has not been tried, and may be replaced
   * likewise. Not so unless told.
   */
  coalesce?: boolean;
  /**
   * Its caller waits for the server's answer, until its `signal` fires or `timeout.totalMs` have passed, and has that if it comes in time, whichever tab
   * sends it; else the answer of status 202. It is stored first all the same, and goes on when its caller does not wait any more. Not so unless told.
   */
  live?: boolean;
  /**
   * It may have been sent already with the `Idempotency-Key` that it has, without an answer: a 409 is then no conflict at once, for the server may
   * still be busy with that. Not so unless told.
   */
  sent?: boolean;
}

/** What a caller may wish for one request, beside what is wished for its route. */
export interface CallOptions extends RouteOptions {
  /** Left out, it follows `priority` of `RequestInit`: `"high"` is urgent, `"low"` is background. */
  priority?: Priority;
  /** What it takes of the limits on calls in flight and on the rate, from 1 to 1000; 1 unless told. */
  weight?: number;
  /** The route that it belongs to, as in `/reports/:kind`, where its path does not tell. */
  route?: string;
  /** `false`: it shares no attempt with an equal read that is under way. */
  coalesce?: boolean;
  /**
   * It is queued in place of being sent: stored, and sent as soon as it may, also after the page was closed and opened again. The answer has
   * status 202, once it is on the disk, and `{"entry": …}` as its body. While there is no engine it is sent at once, by plain `fetch`.
   *
   * Left out, a write waits for its turn all the same where its lane has entries, as if it were `{ live: true }`, because it would overtake what
   * was queued before it; `false` has it sent at once.
   */
  queue?: boolean | QueueOptions;
  /**
   * What to answer when there is no answer: the call was refused, the network rejects it, or the backend fails, retries included, and
   * nothing is kept. A `Response` (a copy of it is given), or a function that makes one. While there is no engine, `fetch` is plain `fetch`
   * and has none.
   */
  fallback?: Response | ((refusal: TidegateError) => Response | Promise<Response>);
}

/** As `RequestInit`, with what a caller may wish of Tidegate. */
export interface TidegateInit extends RequestInit {
  tidegate?: CallOptions;
}

/** What may be wished for everything that is run under one policy. */
export interface PolicyOptions<Fallback = never> {
  /** Whether doing it twice does what doing it once does; only then is it repeated. Not so unless told. */
  repeatable?: boolean;
  /** Who goes first where runs have to wait. */
  priority?: Priority;
  /** What a run takes of the limits, from 1 to 1000; 1 unless told. */
  weight?: number;
  /** What a run that fails or is refused resolves with instead: a value, or a function of the error that makes one. */
  fallback?: Fallback | ((error: unknown) => Fallback | Promise<Fallback>);
  /** Runs that are under way at the same time with an equal key are one run, whose result is everybody's. */
  coalesceKey?: string;
  /**
   * What an error says of what the function works with: that it fails, that it has too much to do, or nothing against it (which is not
   * repeated). Left out, an error with a `status` or a `response.status` counts as that status, a `TypeError` or `NetworkError` as no answer,
   * anything else as a failure.
   */
  classify?: (error: unknown) => "failure" | "overload" | "ignore";
}
