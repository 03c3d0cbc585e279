// Generated from the declarations in `sdk/core`. Do not edit: `cargo xtask types` writes it.

/** Every setting, by group; what is left out has its default. */
export interface Settings {
  /** How long things may take. */
  timeout?: {
    /**
     * The longest that one attempt of a read (`GET`, `HEAD`, `OPTIONS`) may take until its response's head is there. What sends
     * a body has no such limit: an upload takes as long as it takes.
     *
     * @defaultValue 10000, from 50 to 600000
     */
    attemptMs?: number;
    /**
     * The longest that a call may take until the head of its answer is there: queueing, attempts and the waits between them.
     * Raise it where uploads take longer.
     *
     * @defaultValue 30000, from 50 to 3600000
     */
    totalMs?: number;
  };
  /** Retries, of requests that are safe to repeat. */
  retry?: {
    /**
     * Attempts in all, the first one included. Three bring a 5 % error rate down to 0.0125 %; two would leave 0.25 %.
     *
     * @defaultValue 3, from 1 to 10
     */
    attempts?: number;
    /**
     * Cap of the random wait before the second attempt; it doubles with every further one.
     * 100 ms keeps the 99th percentile near twice that of a healthy backend, 300 ms makes it three times.
     *
     * @defaultValue 100, from 1 to 60000
     */
    baseMs?: number;
    /**
     * The longest random wait.
     *
     * @defaultValue 10000, from 1 to 600000
     */
    capMs?: number;
    /**
     * The longest `Retry-After` that a call waits for; past it the call ends at once.
     *
     * @defaultValue 10000, from 0 to 600000
     */
    retryAfterMs?: number;
    /**
     * How many of the attempts may follow one that timed out. None, because on an overloaded backend that is what keeps the
     * overload alive: the work of the attempt that was given up is usually still being done.
     *
     * @defaultValue 0, from 0 to 9
     */
    afterTimeout?: number;
    /**
     * How much of a retry each success earns, in percent. In the long run no larger share of requests is repeated, so a fleet
     * whose attempts all fail sends 1.1 per request: safe up to 91 % of what its backend can do.
     *
     * @defaultValue 10, from 0 to 100
     */
    earnedPercent?: number;
    /**
     * The most retries that can be saved up.
     *
     * @defaultValue 10, from 1 to 1000
     */
    saved?: number;
  };
  /** The gate of an origin: what all its routes are let do when more than one of them is in trouble. */
  gate?: {
    /**
     * The longest that a call with nothing else to show waits for the gate, a pace or a breaker to let it through, when that may
     * happen in time. Three seconds is about where people turn away from a page.
     *
     * @defaultValue 3000, from 0 to 60000
     */
    holdMs?: number;
    /**
     * How long an origin whose routes all fail is left alone at first. It doubles, up to twelve times this, or to an eighth of the time
     * that the trouble has lasted if that is more; so an outage lasts no more than an eighth longer for having been noticed. Each
     * time is drawn from its upper half.
     *
     * @defaultValue 1000, from 100 to 600000
     */
    restMs?: number;
    /**
     * The same where the failure is overload: a queue in which attempts time out after a few seconds needs as many to drain, and
     * what comes earlier only keeps it full. It doubles once.
     *
     * @defaultValue 6000, from 100 to 600000
     */
    overloadRestMs?: number;
    /**
     * The longest that it is left alone.
     *
     * @defaultValue 60000, from 100 to 3600000
     */
    restCapMs?: number;
  };
  /** Circuit breakers, one per scope (an origin and a route template). */
  breaker?: {
    /**
     * How many of the latest attempts are looked at.
     *
     * @defaultValue 20, from 1 to 200
     */
    window?: number;
    /**
     * How far back they may lie.
     *
     * @defaultValue 30000, from 1000 to 3600000
     */
    windowMs?: number;
    /**
     * Attempts that must be in the window before it may open.
     *
     * @defaultValue 6, from 1 to 200
     */
    minimumCalls?: number;
    /**
     * The share of failures at which it opens.
     * A backend that fails three times in ten opens it in 5 % of runs of 200 attempts (the usual half of five calls: in 84 %), one
     * that fails always opens it after `minimum_calls`.
     *
     * @defaultValue 70, from 1 to 100
     */
    failurePercent?: number;
    /**
     * Failures in a row at which it opens, however few attempts there were; 0 does not count them. Off, because random failures
     * come in rows as well: a backend that fails three times in ten opens the usual five in a row in a third of runs of 200 attempts.
     *
     * @defaultValue 0, from 0 to 200
     */
    consecutive?: number;
    /**
     * An attempt that takes longer counts as slow; 0 counts none.
     *
     * @defaultValue 0, from 0 to 600000
     */
    slowMs?: number;
    /**
     * The share of slow attempts at which it opens.
     *
     * @defaultValue 100, from 1 to 100
     */
    slowPercent?: number;
    /**
     * How long it stays open the first time; doubles with every probe that fails. Each time is drawn from its upper half.
     *
     * @defaultValue 2000, from 100 to 600000
     */
    openMs?: number;
    /**
     * The longest that it stays open.
     *
     * @defaultValue 60000, from 100 to 3600000
     */
    openCapMs?: number;
    /**
     * How long a probe may take before another one is let through; at least as long as an attempt may.
     *
     * @defaultValue 10000, from 100 to 600000
     */
    probeMs?: number;
    /**
     * Probes that decide whether it closes.
     *
     * @defaultValue 1, from 1 to 100
     */
    probes?: number;
    /**
     * The share of them that must succeed.
     *
     * @defaultValue 50, from 1 to 100
     */
    probePercent?: number;
    /**
     * Over how long calls are let through again after it has closed, from a quarter of them to all; 0 lets all through at once.
     *
     * @defaultValue 0, from 0 to 600000
     */
    rampMs?: number;
    /**
     * 1 measures and reports, and refuses nothing.
     *
     * @defaultValue 0, from 0 to 1
     */
    shadow?: number;
  };
  /** How many calls an origin gets at a time. */
  concurrency?: {
    /**
     * Attempts in flight. Twice the six connections that browsers open to an HTTP/1.1 origin: enough to keep them busy, and
     * what waits beyond that waits where it can be refused and cancelled.
     *
     * @defaultValue 12, from 1 to 1000
     */
    limit?: number;
    /**
     * Calls that may wait for their turn; one more is refused.
     *
     * @defaultValue 100, from 0 to 10000
     */
    queue?: number;
    /**
     * The longest that a call waits for its turn.
     *
     * @defaultValue 10000, from 0 to 600000
     */
    queueMs?: number;
  };
  /** Kept answers, for when the network has none. */
  cache?: {
    /**
     * The oldest answer that is served, seven days to begin with.
     *
     * @defaultValue 604800000, from 0 to 2592000000
     */
    staleMs?: number;
    /**
     * How long a call waits for the network before a kept answer is served in its place; the network's answer, when it comes, is
     * kept all the same. Three seconds is about where people turn away from a page.
     *
     * @defaultValue 3000, from 0 to 600000
     */
    patienceMs?: number;
    /**
     * Answers kept; the ones stored longest ago go first. 0 keeps and serves nothing.
     *
     * @defaultValue 500, from 0 to 100000
     */
    entries?: number;
    /**
     * The largest body kept.
     *
     * @defaultValue 2000000, from 0 to 100000000
     */
    entryBytes?: number;
  };
}

/** Why an answer is not simply the network's. */
export type Reason =
  | "circuit-open"
  | "offline"
  | "slow"
  | "status"
  | "throttled"
  | "timeout"
  | "unreachable";

/** What an answer says of itself. */
export interface Explanation {
  /** Where the answer comes from. */
  source: "cache" | "network" | "passthrough";
  /** How old it is, in milliseconds; 0 from the network. */
  ageMs: number;
  /** Why it is not simply the network's answer. */
  reason?: "circuit-open" | "offline" | "slow" | "status" | "throttled" | "timeout" | "unreachable";
  /** Attempts that were sent before this answer was given. */
  attempts: number;
  /** What the breaker guards here: the origin and the route's template. */
  scope: string;
  /** When asking again makes sense, in milliseconds since 1970. */
  retryAt?: number;
}

/** What happened since the engine started. */
export interface Counters {
  /** Calls that were made. */
  calls: number;
  /** Attempts that were sent for them. */
  attempts: number;
  /** Those among the attempts that repeated a failed one. */
  retries: number;
  /** Calls answered by the network. */
  fromNetwork: number;
  /** Calls answered from the cache. */
  fromCache: number;
  /** Copies of answers that were kept. */
  kept: number;
  /** Calls that got no answer, or only a failing one. */
  failed: number;
  /** Calls that were cancelled by their caller. */
  cancelled: number;
  /** Background probes that were sent. */
  probes: number;
}

/** One scope. */
export interface ScopeHealth {
  /** The origin and the route's template. */
  scope: string;
  /** What becomes of a call made now: by its breaker, or by the gate of its origin where that is shut. */
  breaker: "closed" | "half-open" | "isolated" | "open";
  /** Failed attempts in the breaker's window. */
  failures: number;
  /** All attempts in the breaker's window. */
  calls: number;
  /** For how long they let nothing through, in milliseconds; 0 when they do. */
  retryInMs: number;
  /** Whether a background probe is out. */
  probing: boolean;
  /** When the next background probe is due, in milliseconds from now; left out when nobody waits for the scope. */
  probeInMs?: number;
}

/** Where answers are kept. */
export interface StorageHealth {
  /** The place. */
  mode: "indexeddb" | "memory" | "off" | "unopened";
  /** Why it is not the better one. */
  reason?: string;
}

/** The state of everything at one moment. */
export interface Health {
  /** Whether the browser says that there is a network. */
  online: boolean;
  /** Attempts that are out. */
  inFlight: number;
  /** Calls that wait for their turn. */
  queued: number;
  /** What happened so far. */
  counters: Counters;
  /** Every scope that was met. */
  scopes: ScopeHealth[];
  /** Where answers are kept. */
  storage: StorageHealth;
}

/** A call has its answer. */
export interface AnswerEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** The scope of the call. */
  scope: string;
  /** Where the answer comes from; left out when there was none to give. */
  source?: "cache" | "network" | "passthrough";
  /** Why it is not simply the network's. */
  reason?: "circuit-open" | "offline" | "slow" | "status" | "throttled" | "timeout" | "unreachable";
  /** How old it is, in milliseconds. */
  ageMs: number;
  /** Attempts that were sent for it. */
  attempts: number;
  /** How long the caller waited, in milliseconds. */
  tookMs: number;
}

/** A breaker changed its state, or the gate of an origin, which is that of all its routes. */
export interface BreakerEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** The scope that it guards; the origin alone if it is a gate. */
  scope: string;
  /** The state before. */
  from: "closed" | "half-open" | "isolated" | "open";
  /** The state after. */
  to: "closed" | "half-open" | "isolated" | "open";
  /** Failed attempts in its window. */
  failures: number;
  /** All attempts in its window; of a gate, the bad signs in a row. */
  calls: number;
  /** For how long it lets nothing through, in milliseconds; 0 unless it opened. */
  retryInMs: number;
}

/** A copy of an answer was kept, and can be served when the network has none. */
export interface KeptEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** The scope of the call. */
  scope: string;
  /** The size of its body. */
  bytes: number;
}

/** The browser says that the network came or went. */
export interface OnlineEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** Whether it is there. */
  online: boolean;
}

/** A scope that had failed somebody answers again: what was shown from it can be asked for again. */
export interface RecoveredEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** The scope. */
  scope: string;
}

/** An attempt failed and another one follows. */
export interface RetryEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** The scope of the call. */
  scope: string;
  /** The number of the attempt that failed, from 1. */
  attempt: number;
  /** What became of it. */
  reason: "circuit-open" | "offline" | "slow" | "status" | "throttled" | "timeout" | "unreachable";
  /** How long the call waits before the next one, in milliseconds. */
  delayMs: number;
}

/** Answers are kept in another place than before. */
export interface StorageChangeEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** The place. */
  mode: "indexeddb" | "memory" | "off" | "unopened";
  /** Why it is not the better one. */
  reason?: string;
}

/** Every event of the engine by its name. */
export interface EngineEvents {
  answer: AnswerEvent;
  breaker: BreakerEvent;
  kept: KeptEvent;
  online: OnlineEvent;
  recovered: RecoveredEvent;
  retry: RetryEvent;
  storage: StorageChangeEvent;
}
