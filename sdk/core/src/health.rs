//! The state of everything at one moment.

use alloc::string::String;
use alloc::vec::Vec;

use crate::breaker::BreakerState;
use crate::record::{record, words};

words! {
    /// Where answers are kept.
    pub enum StorageMode {
        /// In the browser's database: they survive a reload.
        IndexedDb = "indexeddb",
        /// In this page's memory: they are gone after a reload.
        Memory = "memory",
        /// Nowhere: the settings say so.
        Off = "off",
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
        /// Calls answered by the network.
        pub from_network: u64,
        /// Calls answered from the cache.
        pub from_cache: u64,
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
        pub scope: String,
        /// What becomes of a call made now: by its breaker, or by the gate of its origin where that is shut.
        pub breaker: BreakerState,
        /// Failed attempts in the breaker's window.
        pub failures: u32,
        /// All attempts in the breaker's window.
        pub calls: u32,
        /// For how long they let nothing through, in milliseconds; 0 when they do.
        pub retry_in_ms: u64,
        /// Whether a background probe is out.
        pub probing: bool,
        /// When the next background probe is due, in milliseconds from now; left out when nobody waits for the scope.
        pub probe_in_ms: Option<u64>,
    }
}

record! {
    /// Where answers are kept.
    pub struct StorageHealth {
        /// The place.
        pub mode: StorageMode,
        /// Why it is not the better one.
        pub reason: Option<String>,
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
        /// Where answers are kept.
        pub storage: StorageHealth,
    }
}

impl Counters {
    pub(crate) const ZERO: Counters = Counters {
        calls: 0,
        attempts: 0,
        retries: 0,
        from_network: 0,
        from_cache: 0,
        kept: 0,
        failed: 0,
        cancelled: 0,
        probes: 0,
    };
}
