//! What the outbox reports: every change of an entry.

use alloc::string::String;

use super::classify::RestCause;
use super::state::DeadReason;
use crate::record::{record, words};

words! {
    /// What happened to an entry of the outbox.
    pub enum OutboxChange {
        /// The server will not have it, and whoever queued it has that answer: it is not kept.
        Answered = "answered",
        /// It was given up, and is kept: somebody has to decide.
        Dead = "dead",
        /// Somebody discarded it.
        Discarded = "discarded",
        /// It was applied.
        Done = "done",
        /// Somebody has changed it.
        Edited = "edited",
        /// Nobody knows what became of it: somebody has to decide.
        InDoubt = "in-doubt",
        /// Somebody has to sign in; until then, all entries of this identity wait.
        Parked = "parked",
        /// It is stored, and will go.
        Queued = "queued",
        /// It failed, and goes again later.
        Resting = "resting",
        /// It goes again, after somebody signed in or decided so, or because its sender is gone.
        Resumed = "resumed",
        /// It goes now.
        Sending = "sending",
        /// A later write to the same target took its place.
        Superseded = "superseded",
    }
}

record! {
    /// An entry of the outbox changed.
    pub struct OutboxEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// Its number.
        pub entry: u64,
        /// Its lane.
        pub lane: String,
        /// What happened.
        pub change: OutboxChange,
        /// Attempts so far.
        pub attempts: u32,
        /// The status that it was answered with.
        pub status: Option<u16>,
        /// Why it was given up.
        pub reason: Option<DeadReason>,
        /// Why it goes again later, and not now.
        pub cause: Option<RestCause>,
        /// How long it waits before it goes again, in milliseconds.
        pub retry_in_ms: Option<u64>,
    }
}
