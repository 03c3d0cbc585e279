//! The state of everything at one moment.

use alloc::string::String;
use alloc::vec::Vec;

use crate::alert::{AlertKind, AlertLevel};
use crate::breaker::BreakerState;
use crate::outbox::OutboxHealth;
use crate::record::{record, words};
use crate::scope::Name;
use crate::session::SocketHealth;

words! {
    /// Where answers are kept.
    pub enum StorageMode {
        /// In the browser's database: they survive a reload.
        IndexedDb = "indexeddb",
        /// In this page's memory: they are gone after a reload.
        Memory = "memory",
        /// Nowhere: the settings say so.
        Off = "off",
        /// In the browser's database, which takes no more for now: what it has is served.
        ReadOnly = "read-only",
        /// Not known yet: nothing was read or kept so far.
        Unopened = "unopened",
    }
}

record! {
    /// What happened since the engine started.
    pub struct Counters {
        /// Calls that were made.
        pub calls: u64,
        /// Attempts that were sent for them.
        pub attempts: u64,
        /// Those among the attempts that repeated a failed one.
        pub retries: u64,
        /// Those that were sent beside a slow one.
        pub hedges: u64,
        /// Calls answered by the network.
        pub from_network: u64,
        /// Calls answered from the cache.
        pub from_cache: u64,
        /// Those that failed and got what their caller gave for that case.
        pub from_fallback: u64,
        /// Calls that shared the attempts of an equal one; they are not among `calls`.
        pub coalesced: u64,
        /// Copies of answers that were kept.
        pub kept: u64,
        /// Calls that got no answer, or only a failing one.
        pub failed: u64,
        /// Calls that were cancelled by their caller.
        pub cancelled: u64,
        /// Background probes that were sent.
        pub probes: u64,
    }
}

record! {
    /// One scope.
    pub struct ScopeHealth {
        /// The origin and the route's template.
        pub scope: Name,
        /// What becomes of a call made now: by its breaker, or by the gate of its origin where that is shut.
        pub breaker: BreakerState,
        /// Failed attempts in the breaker's window.
        pub failures: u32,
        /// All attempts in the breaker's window.
        pub calls: u32,
        /// For how long they let nothing through, in milliseconds; 0 when they do, and when only somebody's hand opens them again.
        pub retry_in_ms: u64,
        /// Whether a background probe is out.
        pub probing: bool,
        /// When the next background probe is due, in milliseconds from now; left out when nobody waits for the scope.
        pub probe_in_ms: Option<u64>,
        /// How long its answers took lately; left out when there were none.
        pub latency: Option<LatencyHealth>,
    }
}

record! {
    /// How long the answers of the last two to four minutes took. Each figure is within a sixteenth of the true one.
    pub struct LatencyHealth {
        /// Answers.
        pub count: u32,
        /// Half of them took no longer, in milliseconds.
        pub p50_ms: u64,
        /// 95 % took no longer.
        pub p95_ms: u64,
        /// 99 % took no longer.
        pub p99_ms: u64,
    }
}

record! {
    /// One origin.
    pub struct OriginHealth {
        /// The origin.
        pub origin: Name,
        /// The state of its gate, by the names that breakers have.
        pub gate: BreakerState,
        /// Weight that is in flight, attempts included that were given up a moment ago.
        pub in_flight: u32,
        /// Weight that may be in flight.
        pub limit: u32,
        /// Calls that wait.
        pub queued: u32,
        /// Retries that could be paid for.
        pub retries: u32,
        /// Of the requests that would be sent, how many the server wants, in permille.
        pub level_permille: u32,
    }
}

record! {
    /// One figure that is watched.
    pub struct AlertHealth {
        /// Which.
        pub kind: AlertKind,
        /// How bad it is.
        pub level: AlertLevel,
        /// The figure in permille or milliseconds; left out when it cannot be told.
        pub value: Option<u64>,
    }
}

record! {
    /// Where answers are kept.
    pub struct StorageHealth {
        /// The place.
        pub mode: StorageMode,
        /// Why it is not the better one.
        pub reason: Option<String>,
        /// Answers kept, of everybody, as far as this page knows: other tabs keep some as well.
        pub entries: u32,
        /// The bytes of their bodies and heads, as far as this page knows.
        pub bytes: u64,
        /// Answers that had to go for others.
        pub evicted: u64,
        /// Answers that were not what had been stored, and were set aside.
        pub corrupt: u64,
        /// How often the database was lost and opened again.
        pub reopened: u64,
    }
}

/// What a store says of itself whenever something has changed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StorageReport {
    /// The place.
    pub mode: StorageMode,
    /// Why it is not the better one.
    pub reason: Option<String>,
    /// What happened just now and is over: one event, and health does not show it.
    pub incident: Option<String>,
    /// Answers kept.
    pub entries: u32,
    /// Their bytes.
    pub bytes: u64,
    /// Answers that had to go for others.
    pub evicted: u64,
    /// Answers that were set aside.
    pub corrupt: u64,
    /// How often the database was opened again.
    pub reopened: u64,
}

impl StorageReport {
    /// Nothing kept so far, in this place.
    #[must_use]
    pub fn new(mode: StorageMode) -> StorageReport {
        StorageReport {
            mode,
            reason: None,
            incident: None,
            entries: 0,
            bytes: 0,
            evicted: 0,
            corrupt: 0,
            reopened: 0,
        }
    }
}

record! {
    /// The state of everything at one moment.
    pub struct Health {
        /// Whether the browser says that there is a network.
        pub online: bool,
        /// Attempts that are out.
        pub in_flight: u32,
        /// Calls that wait for their turn.
        pub queued: u32,
        /// What happened so far.
        pub counters: Counters,
        /// Every scope that was met.
        pub scopes: Vec<ScopeHealth>,
        /// Every origin that was met.
        pub origins: Vec<OriginHealth>,
        /// Every figure that is watched.
        pub alerts: Vec<AlertHealth>,
        /// Where answers are kept.
        pub storage: StorageHealth,
        /// Writes that are to go still.
        pub outbox: OutboxHealth,
        /// Sockets that are not closed.
        pub sockets: Vec<SocketHealth>,
    }
}

impl From<StorageReport> for StorageHealth {
    fn from(report: StorageReport) -> StorageHealth {
        StorageHealth {
            mode: report.mode,
            reason: report.reason,
            entries: report.entries,
            bytes: report.bytes,
            evicted: report.evicted,
            corrupt: report.corrupt,
            reopened: report.reopened,
        }
    }
}

impl Counters {
    pub(crate) const ZERO: Counters = Counters {
        calls: 0,
        attempts: 0,
        retries: 0,
        hedges: 0,
        from_network: 0,
        from_cache: 0,
        from_fallback: 0,
        coalesced: 0,
        kept: 0,
        failed: 0,
        cancelled: 0,
        probes: 0,
    };
}
