//! What is watched, and how bad it can be.

use crate::record::words;

words! {
    /// The figures that are watched. All are permille but ages and times, which are milliseconds, and dead letters, which are counted.
    pub enum AlertKind {
        /// Of the reads that the network had no answer for, those for which an answer had been kept. Low is bad.
        CacheHits = "cache-hits",
        /// Writes that were given up and wait for somebody's decision.
        DeadLetters = "dead-letters",
        /// Answers that were not the network's of the moment: kept ones, and writes that were put off.
        DegradedShare = "degraded-share",
        /// Calls that got no answer, or a failing one.
        ErrorRate = "error-rate",
        /// The age of the oldest write that is to go still, in milliseconds.
        OutboxAge = "outbox-age",
        /// Entries of the outbox, of those that fit, or their bytes.
        OutboxUse = "outbox-use",
        /// Attempts in flight, of those that may be; or calls in a queue, of those that fit into it.
        PoolUse = "pool-use",
        /// The slowest percent of the attempts, in milliseconds.
        ResponseTime = "response-time",
        /// Bytes kept, of those that may be.
        StorageUse = "storage-use",
    }
}

words! {
    /// How bad it is.
    pub enum AlertLevel {
        /// Below both thresholds, or not measured.
        Ok = "ok",
        /// At the first threshold or above.
        Warning = "warning",
        /// At the second threshold or above.
        Critical = "critical",
    }
}

impl AlertKind {
    /// How many there are.
    pub const COUNT: usize = AlertKind::ALL.len();

    /// Whether the figure is bad when it is low.
    #[must_use]
    pub const fn low_is_bad(self) -> bool {
        matches!(self, AlertKind::CacheHits)
    }
}
