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
    /**
     * 1 sends the number of each attempt after the first with it, as `Tidegate-Attempt`. Off, because across origins such a field makes
     * the browser ask first whether it may be sent (a preflight), and the backend must allow it by name.
     *
     * @defaultValue 0, from 0 to 1
     */
    tellAttempts?: number;
  };
  /**
   * A second attempt, of what may be repeated, when the first takes longer than nearly all others do. The first to succeed is the answer,
   * and a hedge that fails never is. Off to begin with, for it costs load.
   */
  hedge?: {
    /**
     * Of a thousand calls, how many may be sent twice, and from which percentile on; 0 hedges nothing, 20 is what to begin with.
     *
     * @defaultValue 0, from 0 to 200
     */
    sharePermille?: number;
    /**
     * Answers of the last minutes without which nobody knows what is slow.
     *
     * @defaultValue 50, from 20 to 100000
     */
    leastSamples?: number;
    /**
     * The shortest delay before a second attempt; below 20 ms one wins by chance only.
     *
     * @defaultValue 20, from 1 to 600000
     */
    leastDelayMs?: number;
    /**
     * Hedges that can be saved up. Many clients that have saved up many are a burst.
     *
     * @defaultValue 2, from 1 to 100
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
     * 1 measures and reports, and refuses nothing; the gates of the origins then stay open as well.
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
    /**
     * 1 lets the call that came last go first, and sends the oldest away when the queue is full: for type-ahead, where an old
     * question is worth less than a new one.
     *
     * @defaultValue 0, from 0 to 1
     */
    newestFirst?: number;
    /**
     * How long calls of one priority may be passed over for the sake of the priority above.
     *
     * @defaultValue 1000, from 1 to 600000
     */
    ageingMs?: number;
    /**
     * How long an attempt that timed out counts as in flight: aborting it ends the wait, not the work. As long as the first rest
     * of an origin in overload, near enough.
     *
     * @defaultValue 5000, from 0 to 600000
     */
    abandonedMs?: number;
    /**
     * 1 lets the limit follow what the backend can take: up by one while answers are as quick as in calm, down by a tenth when they
     * are not, by a fifth when they fail (additive increase, multiplicative decrease: Chiu and Jain, 1989). `limit` is the most.
     *
     * @defaultValue 0, from 0 to 1
     */
    adaptive?: number;
  };
  /** How many attempts an origin gets in a stretch of time, counted exactly (GCRA): off to begin with. */
  rate?: {
    /**
     * Attempts per interval; 0 is no limit.
     *
     * @defaultValue 0, from 0 to 1000000
     */
    limit?: number;
    /**
     * The interval.
     *
     * @defaultValue 1000, from 1 to 86400000
     */
    intervalMs?: number;
    /**
     * Attempts that may go at the same moment after a rest.
     *
     * @defaultValue 10, from 1 to 1000000
     */
    burst?: number;
    /**
     * The longest that a call waits to be within the rate; one that would have to wait longer is refused, and told when it could go.
     *
     * @defaultValue 3000, from 0 to 600000
     */
    waitMs?: number;
  };
  /** From where on a figure of the last minute or two is a warning, and from where on it is critical. Every change is an event. */
  alerts?: {
    /**
     * Of the reads that the network had no answer for, those for which an answer had been kept: a warning at this or below.
     *
     * @defaultValue 80, from 0 to 99
     */
    cacheHitsWarningPercent?: number;
    /**
     * Critical at this or below.
     *
     * @defaultValue 50, from 0 to 99
     */
    cacheHitsCriticalPercent?: number;
    /**
     * Answers that were not the network's of the moment.
     *
     * @defaultValue 5, from 1 to 100
     */
    degradedShareWarningPercent?: number;
    /**
     * The same, critical.
     *
     * @defaultValue 20, from 1 to 100
     */
    degradedShareCriticalPercent?: number;
    /**
     * Calls that got no answer, or a failing one.
     *
     * @defaultValue 1, from 1 to 100
     */
    errorRateWarningPercent?: number;
    /**
     * The same, critical.
     *
     * @defaultValue 5, from 1 to 100
     */
    errorRateCriticalPercent?: number;
    /**
     * Attempts in flight, of those that may be, or calls that wait, of those that may.
     *
     * @defaultValue 80, from 1 to 100
     */
    poolUseWarningPercent?: number;
    /**
     * The same, critical.
     *
     * @defaultValue 95, from 1 to 100
     */
    poolUseCriticalPercent?: number;
    /**
     * The slowest percent of the answers.
     *
     * @defaultValue 1000, from 1 to 600000
     */
    responseTimeWarningMs?: number;
    /**
     * The same, critical.
     *
     * @defaultValue 5000, from 1 to 600000
     */
    responseTimeCriticalMs?: number;
    /**
     * Bytes that this origin keeps in the browser, of those that it may.
     *
     * @defaultValue 80, from 1 to 100
     */
    storageUseWarningPercent?: number;
    /**
     * The same, critical.
     *
     * @defaultValue 95, from 1 to 100
     */
    storageUseCriticalPercent?: number;
    /**
     * Calls without which there is no rate, and answers without which there is no response time.
     *
     * @defaultValue 20, from 1 to 10000
     */
    leastCalls?: number;
    /**
     * Writes that were given up and wait for somebody's decision.
     *
     * @defaultValue 1, from 1 to 100000
     */
    deadLettersWarningCount?: number;
    /**
     * The same, critical.
     *
     * @defaultValue 10, from 1 to 100000
     */
    deadLettersCriticalCount?: number;
    /**
     * The age of the oldest write that is to go still. After ten minutes it is no passing trouble.
     *
     * @defaultValue 600000, from 1 to 2592000000
     */
    outboxAgeWarningMs?: number;
    /**
     * The same, critical: after a day.
     *
     * @defaultValue 86400000, from 1 to 2592000000
     */
    outboxAgeCriticalMs?: number;
    /**
     * Entries of the outbox, of those that fit, or their bytes.
     *
     * @defaultValue 80, from 1 to 100
     */
    outboxUseWarningPercent?: number;
    /**
     * The same, critical.
     *
     * @defaultValue 95, from 1 to 100
     */
    outboxUseCriticalPercent?: number;
    /**
     * For how long a threshold must be passed.
     *
     * @defaultValue 5000, from 0 to 600000
     */
    riseMs?: number;
    /**
     * For how long the figure must be a tenth better than the threshold before the level ends.
     *
     * @defaultValue 30000, from 0 to 3600000
     */
    fallMs?: number;
  };
  /** A record of what the engine was told, to see its decisions made once more. */
  trace?: {
    /**
     * Bytes that it may take; a deed takes about five. 0 records nothing. It holds no query, no header and no body.
     *
     * @defaultValue 0, from 0 to 10000000
     */
    bytes?: number;
  };
  /** Equal reads at the same time, which share one attempt. */
  coalesce?: {
    /**
     * Questions under way at a time that may be shared; 0 shares nothing.
     *
     * @defaultValue 64, from 0 to 1000
     */
    keys?: number;
    /**
     * Callers who may share an attempt with the first one; one more sends its own.
     *
     * @defaultValue 100, from 1 to 10000
     */
    followers?: number;
  };
  /** Kept answers, for when the network has none. */
  cache?: {
    /**
     * For how long past its freshness an answer is served when nothing better is to be had, seven days to begin with. Where the server
     * says less (`stale-if-error`, `must-revalidate`), that counts.
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
     * Answers kept; the ones used longest ago go first, a sixteenth at a time. 0 keeps and serves nothing.
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
    /**
     * The bytes kept of all users. A twentieth of what the stingiest browser gave an origin before it asked (Safari before 17: 1 GB).
     *
     * @defaultValue 50000000, from 100000 to 2000000000
     */
    totalBytes?: number;
    /**
     * The bytes kept of one user.
     *
     * @defaultValue 25000000, from 100000 to 2000000000
     */
    userBytes?: number;
    /**
     * 1 seals what is written to disk (AES-GCM), with a key for each user that no script can read and that a logout deletes. Off, because
     * it needs a secure context: on a page that is none, nothing is written to disk then.
     *
     * @defaultValue 0, from 0 to 1
     */
    encrypt?: number;
  };
  /** Writes that could not go, and go later. */
  outbox?: {
    /**
     * Entries that are kept, dead letters included; one more is refused, and 0 queues nothing.
     *
     * @defaultValue 1000, from 0 to 100000
     */
    entries?: number;
    /**
     * The largest body that is queued.
     *
     * @defaultValue 10000000, from 0 to 100000000
     */
    entryBytes?: number;
    /**
     * The bytes of all bodies that are queued. As much as of kept answers, which never make room for them nor the other way round.
     *
     * @defaultValue 50000000, from 100000 to 2000000000
     */
    totalBytes?: number;
    /**
     * 1 also queues what the server could apply twice: a `POST` or `PATCH` to a backend that has not declared that it heeds idempotency
     * keys. One that was sent and not answered is then in doubt, and goes again only if somebody says so. 0 refuses to queue it:
     * without keys, 28 % of the writes around a brownout ran twice in the simulator.
     *
     * @defaultValue 0, from 0 to 1
     */
    doubted?: number;
    /**
     * Answers that say "not now" after which an entry becomes a dead letter. Twenty are more than an hour and a half of waits.
     *
     * @defaultValue 20, from 1 to 1000
     */
    attempts?: number;
    /**
     * The age at which an entry becomes a dead letter, seven days to begin with. Nobody expects to have written what they wrote longer ago.
     *
     * @defaultValue 604800000, from 60000 to 2592000000
     */
    ageMs?: number;
    /**
     * Attempts in a row without any answer, while others of its origin have some, after which an entry becomes a dead letter.
     *
     * @defaultValue 5, from 1 to 1000
     */
    unreachableAttempts?: number;
    /**
     * Cap of the random wait before the second attempt; it doubles with every further one.
     *
     * @defaultValue 2000, from 1 to 600000
     */
    baseMs?: number;
    /**
     * The longest random wait. Who has waited for so long needs no credit from the retry budget.
     *
     * @defaultValue 300000, from 1000 to 3600000
     */
    capMs?: number;
    /**
     * How long nobody else may have an entry that is out; renewed at half of it. Twice what a call may take.
     *
     * @defaultValue 60000, from 5000 to 3600000
     */
    leaseMs?: number;
    /**
     * Entries of one origin that may be out at a time, after a slow start: one, then twice as many with every quick answer.
     *
     * @defaultValue 4, from 1 to 100
     */
    inFlight?: number;
    /**
     * Over how long the first entries of a fleet are spread after trouble, where people ask for nothing. Where they do, an entry goes for every
     * five answers that they got in the usual time, and after four times this at the latest.
     *
     * @defaultValue 30000, from 0 to 600000
     */
    spreadMs?: number;
    /**
     * An answer that takes no longer lets the next ones go sooner; one that takes longer, later.
     *
     * @defaultValue 500, from 1 to 60000
     */
    quickMs?: number;
    /**
     * 1 lets a dead letter hold up its lane until somebody decides. 0 lets the lane go on: one write that the server will not have must
     * not keep all later ones from it; those that depend on it (`after`) wait in any case.
     *
     * @defaultValue 0, from 0 to 1
     */
    deadHalts?: number;
    /**
     * 1 has a write that was not to be queued wait for its turn where its lane has entries, and with it its caller, because it would
     * overtake what was queued before. 0 sends it at once.
     *
     * @defaultValue 1, from 0 to 1
     */
    join?: number;
  };
  /** Sockets that come back. */
  socket?: {
    /**
     * How long a connection may take until it is open and the server has greeted. It doubles with every one that takes longer, and with
     * nothing else: with a fixed 5 s and ten seconds of accept backlog, 87 % of 20,000 simulated clients are still down after 30 minutes,
     * because each gives up just before its turn and joins the queue's end.
     *
     * @defaultValue 8000, from 100 to 600000
     */
    connectMs?: number;
    /**
     * The longest that it may take.
     *
     * @defaultValue 60000, from 100 to 600000
     */
    connectCapMs?: number;
    /**
     * Over how long a fleet comes back that was dropped all at once, where the server has not said. A peak of a tenth of the fleet a
     * second; the next try is drawn from twice this, and so on.
     *
     * @defaultValue 10000, from 0 to 600000
     */
    windowMs?: number;
    /**
     * Over how long a client comes back whose own trouble is over, such as a tunnel's end. At once, for a person, and not in lock-step, for an
     * office whose network is back.
     *
     * @defaultValue 500, from 0 to 60000
     */
    ownMs?: number;
    /**
     * The cap of the random wait after a first attempt that failed by itself; it doubles with every further one.
     *
     * @defaultValue 1000, from 1 to 600000
     */
    baseMs?: number;
    /**
     * The longest random wait.
     *
     * @defaultValue 60000, from 1 to 3600000
     */
    capMs?: number;
    /**
     * The same in a page that nobody sees.
     *
     * @defaultValue 300000, from 1 to 3600000
     */
    hiddenCapMs?: number;
    /**
     * The longest window that a server's word is good for. 900 s bring a million clients back at 1,100 a second; a wrong word must not be an
     * outage of its own.
     *
     * @defaultValue 900000, from 0 to 3600000
     */
    toldCapMs?: number;
    /**
     * How long a connection lasts before the next loss begins a new series of waits. Without it, two libraries open 244 and 267
     * connections in 5 s to a server that accepts and drops.
     *
     * @defaultValue 10000, from 0 to 600000
     */
    uptimeMs?: number;
    /**
     * Silence after which a server that does not ping is pinged, where there is a ping. The period of engine.io and Centrifugo.
     *
     * @defaultValue 25000, from 1000 to 600000
     */
    pingMs?: number;
    /**
     * How much longer than its period a ping may take, and how long its answer.
     *
     * @defaultValue 10000, from 100 to 600000
     */
    pongMs?: number;
    /**
     * How long a connection that may be dead has to say something: after sleep, and when the network or the page is back.
     *
     * @defaultValue 5000, from 100 to 600000
     */
    verifyMs?: number;
    /**
     * A timer that is later than this was throttled or asleep, and what it finds is looked at once more.
     *
     * @defaultValue 1000, from 0 to 60000
     */
    lateMs?: number;
    /**
     * Frames that wait for a connection.
     *
     * @defaultValue 1000, from 0 to 100000
     */
    queueEntries?: number;
    /**
     * Their bytes.
     *
     * @defaultValue 1048576, from 0 to 100000000
     */
    queueBytes?: number;
    /**
     * The longest that a frame waits. After five minutes nobody expects it to have been sent just now.
     *
     * @defaultValue 300000, from 100 to 86400000
     */
    queueAgeMs?: number;
    /**
     * Messages of a user that are kept on the disk until the server has carried them out; what is more is refused.
     *
     * @defaultValue 1000, from 0 to 100000
     */
    durableEntries?: number;
    /**
     * Their bytes.
     *
     * @defaultValue 52428800, from 0 to 1000000000
     */
    durableBytes?: number;
    /**
     * The longest that one is kept, as for writes in the outbox.
     *
     * @defaultValue 604800000, from 1000 to 2592000000
     */
    durableAgeMs?: number;
    /**
     * Bytes that the browser may have taken and not sent; beyond it frames wait here, where they can be dropped and counted.
     *
     * @defaultValue 1048576, from 1 to 100000000
     */
    highBytes?: number;
    /**
     * Bytes at which they flow again.
     *
     * @defaultValue 262144, from 0 to 100000000
     */
    lowBytes?: number;
    /**
     * Acknowledged messages that may be out.
     *
     * @defaultValue 64, from 1 to 10000
     */
    inFlight?: number;
    /**
     * How long an answer of the server may take: an acknowledgement, a subscription, the closing of a gap.
     *
     * @defaultValue 10000, from 100 to 600000
     */
    replyMs?: number;
    /**
     * Messages of a channel that wait for its handler, or behind a gap.
     *
     * @defaultValue 256, from 1 to 100000
     */
    heldEntries?: number;
    /**
     * Their bytes.
     *
     * @defaultValue 1048576, from 1 to 100000000
     */
    heldBytes?: number;
    /**
     * How often a message is given to a handler that fails before it is passed over.
     *
     * @defaultValue 3, from 1 to 100
     */
    handlerAttempts?: number;
    /**
     * Between two deliveries of a channel that is conflated, in a page that nobody sees.
     *
     * @defaultValue 10000, from 0 to 600000
     */
    hiddenEveryMs?: number;
    /**
     * WebSockets in a row that could not be opened before event streams are asked for, where there are some and no WebSocket has been open. One
     * or two fail on a bad network as well.
     *
     * @defaultValue 3, from 1 to 100
     */
    sseAfter?: number;
    /**
     * How long there are event streams before a WebSocket is tried beside them; it doubles with every one that fails, up to an hour.
     *
     * @defaultValue 60000, from 100 to 3600000
     */
    sseBackMs?: number;
    /**
     * Event streams that may be open at once, one for each channel. Over HTTP/1.1 each takes one of the six connections that a browser has for an
     * origin, and requests need some as well.
     *
     * @defaultValue 4, from 1 to 100
     */
    sseStreams?: number;
    /**
     * The longest line, and the longest message, of an event stream, in bytes; one that is longer ends it.
     *
     * @defaultValue 1048576, from 256 to 100000000
     */
    sseBytes?: number;
  };
}

/** Why an answer is not simply the network's. */
export type Reason =
  | "circuit-open"
  | "confirmed"
  | "fresh"
  | "not-kept"
  | "offline"
  | "preferred"
  | "revalidating"
  | "server-busy"
  | "slow"
  | "status"
  | "throttled"
  | "timeout"
  | "unreachable";

/** How a route weighs what is kept against the network. */
export type CacheStrategy =
  | "cache-first"
  | "cache-only"
  | "network-first"
  | "network-only"
  | "stale-if-error"
  | "stale-while-revalidate";

/** What an answer says of itself. */
export interface Explanation {
  /** Where the answer comes from. */
  source: "cache" | "fallback" | "network" | "passthrough" | "queue";
  /** How old it is, in milliseconds; 0 from the network. */
  ageMs: number;
  /** Whether that is known. It is not when the server's clock and caches are hidden (other origins), or a clock was set meanwhile. */
  ageCertain: boolean;
  /** Whether it is being asked for again at this moment; what comes of it is kept. */
  revalidating: boolean;
  /** Why it is not simply the network's answer. */
  reason?: "circuit-open" | "confirmed" | "fresh" | "not-kept" | "offline" | "preferred" | "revalidating" | "server-busy" | "slow" | "status" | "throttled" | "timeout" | "unreachable";
  /** Attempts that were sent before this answer was given. */
  attempts: number;
  /** What the breaker guards here: the origin and the route's template. */
  scope: string;
  /** When asking again makes sense, in milliseconds since 1970. */
  retryAt?: number;
  /** The entry of the outbox, of a write that was queued. */
  entry?: number;
}

/** A kept answer. */
export interface CacheEntry {
  /** What was asked for. */
  url: string;
  /** Its status. */
  status: number;
  /** What its body is. */
  contentType?: string;
  /** The size of its body. */
  bytes: number;
  /** When it was kept, or confirmed last, in milliseconds since 1970. */
  storedAt: number;
  /** When it was served last, in milliseconds since 1970; those that were not for longest make room first. */
  usedAt: number;
  /** How old it is, in milliseconds. */
  ageMs: number;
  /** Whether that is known. */
  ageCertain: boolean;
  /** Whether it is fresh by the server's word. */
  fresh: boolean;
  /** What its request said in the fields that it varies in, a line each. */
  vary: string;
  /** What the application calls it. */
  tags: string[];
}

/** What happened since the engine started. */
export interface Counters {
  /** Calls that were made. */
  calls: number;
  /** Attempts that were sent for them. */
  attempts: number;
  /** Those among the attempts that repeated a failed one. */
  retries: number;
  /** Those that were sent beside a slow one. */
  hedges: number;
  /** Calls answered by the network. */
  fromNetwork: number;
  /** Calls answered from the cache. */
  fromCache: number;
  /** Those that failed and got what their caller gave for that case. */
  fromFallback: number;
  /** Calls that shared the attempts of an equal one; they are not among `calls`. */
  coalesced: number;
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
  /** For how long they let nothing through, in milliseconds; 0 when they do, and when only somebody's hand opens them again. */
  retryInMs: number;
  /** Whether a background probe is out. */
  probing: boolean;
  /** When the next background probe is due, in milliseconds from now; left out when nobody waits for the scope. */
  probeInMs?: number;
  /** How long its answers took lately; left out when there were none. */
  latency?: LatencyHealth;
}

/** How long the answers of the last two to four minutes took. Each figure is within a sixteenth of the true one. */
export interface LatencyHealth {
  /** Answers. */
  count: number;
  /** Half of them took no longer, in milliseconds. */
  p50Ms: number;
  /** 95 % took no longer. */
  p95Ms: number;
  /** 99 % took no longer. */
  p99Ms: number;
}

/** One origin. */
export interface OriginHealth {
  /** The origin. */
  origin: string;
  /** The state of its gate, by the names that breakers have. */
  gate: "closed" | "half-open" | "isolated" | "open";
  /** Weight that is in flight, attempts included that were given up a moment ago. */
  inFlight: number;
  /** Weight that may be in flight. */
  limit: number;
  /** Calls that wait. */
  queued: number;
  /** Retries that could be paid for. */
  retries: number;
  /** Of the requests that would be sent, how many the server wants, in permille. */
  levelPermille: number;
}

/** One figure that is watched. */
export interface AlertHealth {
  /** Which. */
  kind: "cache-hits" | "dead-letters" | "degraded-share" | "error-rate" | "outbox-age" | "outbox-use" | "pool-use" | "response-time" | "storage-use";
  /** How bad it is. */
  level: "ok" | "warning" | "critical";
  /** The figure in permille or milliseconds; left out when it cannot be told. */
  value?: number;
}

/** Where answers are kept. */
export interface StorageHealth {
  /** The place. */
  mode: "indexeddb" | "memory" | "off" | "read-only" | "unopened";
  /** Why it is not the better one. */
  reason?: string;
  /** Answers kept, of everybody, as far as this page knows: other tabs keep some as well. */
  entries: number;
  /** The bytes of their bodies and heads, as far as this page knows. */
  bytes: number;
  /** Answers that had to go for others. */
  evicted: number;
  /** Answers that were not what had been stored, and were set aside. */
  corrupt: number;
  /** How often the database was lost and opened again. */
  reopened: number;
}

/** How the outbox is, as far as the present identity's entries go. */
export interface OutboxHealth {
  /** Entries that are to go still; dead letters are not among them. */
  length: number;
  /** The bytes of all bodies, dead letters included. */
  bytes: number;
  /** The age of the oldest that is to go still, in milliseconds; left out when there is none. */
  oldestMs?: number;
  /** Entries that may go as soon as it is their turn. */
  waiting: number;
  /** Entries that are out. */
  sending: number;
  /** Entries that failed and go again later. */
  resting: number;
  /** Entries that wait until somebody signs in; while there are any, all others wait as well. */
  parked: number;
  /** Entries of which nobody knows whether they were applied: somebody has to decide. */
  inDoubt: number;
  /** Dead letters: somebody has to decide. */
  dead: number;
  /** Entries that come after a dead letter, or one in doubt, and wait for what is decided about it. */
  heldUp: number;
  /** Entries of other identities. */
  others: number;
  /** Records that this release cannot read; they are left as they are. */
  unreadable: number;
}

/** An entry of the outbox. */
export interface OutboxEntry {
  /** Its number. */
  id: number;
  /** Its lane. */
  lane: string;
  /** The method. */
  method: string;
  /** Where it goes. */
  url: string;
  /** Its idempotency key. */
  key: string;
  /** The size of its body. */
  bytes: number;
  /** When it was queued, in milliseconds since 1970. */
  queuedAt: number;
  /** Where it stands. */
  state: "dead" | "in-doubt" | "parked" | "resting" | "sending" | "unknown" | "waiting";
  /** Why it was given up. */
  reason?: "age" | "attempts" | "conflict" | "forbidden" | "missing" | "predecessor" | "redirected" | "refused" | "too-large" | "unreachable";
  /** Why it rests. */
  cause?: "asked" | "failed" | "overload" | "unauthorized" | "unreachable";
  /** The status that it was answered with last, where it was parked or given up for that. */
  status?: number;
  /** Attempts so far, with those that ended before anything was sent. */
  attempts: number;
  /** When it goes again, in milliseconds since 1970. */
  retryAt?: number;
  /** The entries that have to be done before. */
  after: number[];
}

/** How a socket is. */
export interface SocketHealth {
  /** Its number in the client. */
  socket: number;
  /** What guards its connections: the origin and the route's template. */
  scope: string;
  /** What it is doing. */
  state: "closed" | "connecting" | "idle" | "open" | "resolving" | "stopped" | "waiting";
  /** What carries the connection, or will carry the next one. */
  transport: "sse" | "websocket";
  /** Why it connects, or did last. */
  cause: "asked" | "back" | "closed" | "dead" | "failed" | "hello" | "lost" | "network" | "provider" | "refresh" | "refused" | "restart" | "restored" | "session-lost" | "start" | "timed-out";
  /** Attempts since there was a connection that lasted. */
  attempt: number;
  /** Attempts in all. */
  attempts: number;
  /** Connections in all. */
  opened: number;
  /** When it connects, from now, in milliseconds; left out when it does not, or waits for the network or the page. */
  retryInMs?: number;
  /** For how long there is no connection, in milliseconds. */
  downtimeMs?: number;
  /** What waits for a connection. */
  queued: number;
  /** What is written and not acknowledged. */
  unacknowledged: number;
  /** The questions that wait for an answer. */
  unanswered: number;
  /** The bytes of all of them. */
  queuedBytes: number;
  /** Messages that are kept on the disk until the server has carried them out, as far as this page knows. */
  durable: number;
  /** Their bytes. */
  durableBytes: number;
  /** What was sent and dropped. */
  dropped: number;
  /** The channels. */
  channels: number;
  /** Those that rest: they, or their handlers, have enough for now. */
  pausedChannels: number;
  /** Those whose state is old: something is missing, or it is read anew. */
  staleChannels: number;
  /** Gaps so far. */
  gaps: number;
  /** Messages that came twice. */
  duplicates: number;
  /** Messages that a later one of their key made needless. */
  conflated: number;
  /** Snapshots so far. */
  snapshots: number;
  /** Frames that were none of the protocol. */
  nonsense: number;
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
  /** Every origin that was met. */
  origins: OriginHealth[];
  /** Every figure that is watched. */
  alerts: AlertHealth[];
  /** Where answers are kept. */
  storage: StorageHealth;
  /** Writes that are to go still. */
  outbox: OutboxHealth;
  /** Sockets that are not closed. */
  sockets: SocketHealth[];
}

/** A figure's level has changed. */
export interface AlertChange {
  /** When, in milliseconds since the engine started. */
  atMs: number;
  /** Which figure. */
  kind: "cache-hits" | "dead-letters" | "degraded-share" | "error-rate" | "outbox-age" | "outbox-use" | "pool-use" | "response-time" | "storage-use";
  /** How bad it was. */
  from: "ok" | "warning" | "critical";
  /** How bad it is. */
  to: "ok" | "warning" | "critical";
  /** The figure, in permille or milliseconds; left out when it has not been measured for too long. */
  value?: number;
  /** The threshold that it passed: of the level that it rose to, or of the one that it fell from. */
  threshold: number;
}

/** A call has its answer. */
export interface AnswerEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** The scope of the call. */
  scope: string;
  /** Where the answer comes from; left out when there was none to give. */
  source?: "cache" | "fallback" | "network" | "passthrough" | "queue";
  /** Why it is not simply the network's. */
  reason?: "circuit-open" | "confirmed" | "fresh" | "not-kept" | "offline" | "preferred" | "revalidating" | "server-busy" | "slow" | "status" | "throttled" | "timeout" | "unreachable";
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

/** Another user, or nobody, from now on. */
export interface IdentityEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** Whether there is a user. */
  signedIn: boolean;
  /** It was done in another tab. */
  elsewhere: boolean;
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

/** Something that a developer should know; told once for each origin. */
export interface NoticeEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** The origin. */
  scope: string;
  /** What it is. */
  notice: "retry-after-hidden" | "headers-hidden" | "identity-missing" | "stale-forbidden" | "server-word-refused";
  /** More about it. */
  detail?: string;
}

/** The browser says that the network came or went. */
export interface OnlineEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** Whether it is there. */
  online: boolean;
}

/** An entry of the outbox changed. */
export interface OutboxEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** Its number. */
  entry: number;
  /** Its lane. */
  lane: string;
  /** What happened. */
  change: "answered" | "dead" | "discarded" | "done" | "edited" | "in-doubt" | "parked" | "queued" | "resting" | "resumed" | "sending" | "superseded";
  /** Attempts so far. */
  attempts: number;
  /** The status that it was answered with. */
  status?: number;
  /** Why it was given up. */
  reason?: "age" | "attempts" | "conflict" | "forbidden" | "missing" | "predecessor" | "redirected" | "refused" | "too-large" | "unreachable";
  /** Why it goes again later, and not now. */
  cause?: "asked" | "failed" | "overload" | "unauthorized" | "unreachable";
  /** How long it waits before it goes again, in milliseconds. */
  retryInMs?: number;
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
  reason: "circuit-open" | "confirmed" | "fresh" | "not-kept" | "offline" | "preferred" | "revalidating" | "server-busy" | "slow" | "status" | "throttled" | "timeout" | "unreachable";
  /** How long the call waits before the next one, in milliseconds. */
  delayMs: number;
}

/** The backend asks for other things than before, with a `Tidegate-Hint` header. */
export interface ServerWordEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** The origin. */
  scope: string;
  /** Of the requests that would be sent, how many may be, in permille. */
  levelPermille: number;
  /** Whether failed requests may be repeated. */
  retries: boolean;
  /** For how long nothing may be sent, in milliseconds. */
  embargoMs: number;
}

/** A socket, or one of its channels, changed. */
export interface SocketEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** Which socket, by its number in the client. */
  socket: number;
  /** What happened. */
  change: "closed" | "connecting" | "drain" | "draining" | "dropped" | "durable" | "gap" | "handler-failed" | "moved" | "nonsense" | "open" | "passed-over" | "resumed" | "session-lost" | "snapshot" | "stopped" | "subscription-refused" | "token-failed" | "token-renewed" | "waiting";
  /** What carries the connection, or will carry the next one. */
  transport: "sse" | "websocket";
  /** Why it connects or waits. */
  cause?: "asked" | "back" | "closed" | "dead" | "failed" | "hello" | "lost" | "network" | "provider" | "refresh" | "refused" | "restart" | "restored" | "session-lost" | "start" | "timed-out";
  /** Attempts since there was a connection that lasted. */
  attempt: number;
  /** The close code; of an event stream, the status of the answer. */
  code?: number;
  /** How long it waits, in milliseconds; left out when it waits for the network or the page. */
  retryInMs?: number;
  /** For how long there was no connection, in milliseconds. */
  downtimeMs?: number;
  /** The channel. */
  channel?: string;
  /** The messages that it is about. */
  messages: number;
  /** What a message that is kept on the disk is known by. */
  message?: string;
  /** What became of that message. */
  state?: "acknowledged" | "dropped" | "queued" | "written";
  /** Why something was dropped, or a channel is not to be had. */
  why?: "age" | "closed" | "full" | "malformed" | "not-durable" | "receive-only" | "refused" | "too-large" | "unconfirmed";
  /** The bytes that wait for a connection or an acknowledgement. */
  queuedBytes: number;
}

/** Answers are kept in another place than before, or something happened to them. */
export interface StorageChangeEvent {
  /** Milliseconds since the engine started. */
  atMs: number;
  /** The place. */
  mode: "indexeddb" | "memory" | "off" | "read-only" | "unopened";
  /** Why it is not the better one, or what happened. */
  reason?: string;
}

/** Every event of the engine by its name. */
export interface EngineEvents {
  alert: AlertChange;
  answer: AnswerEvent;
  breaker: BreakerEvent;
  identity: IdentityEvent;
  kept: KeptEvent;
  notice: NoticeEvent;
  online: OnlineEvent;
  outbox: OutboxEvent;
  recovered: RecoveredEvent;
  retry: RetryEvent;
  "server-word": ServerWordEvent;
  socket: SocketEvent;
  storage: StorageChangeEvent;
}
