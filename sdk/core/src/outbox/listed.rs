//! An entry as people see it.

use alloc::string::String;
use alloc::vec::Vec;

use super::classify::RestCause;
use super::entry::Entry;
use super::state::{DeadReason, EntryState, State};
use crate::record::record;

record! {
    /// An entry of the outbox.
    pub struct OutboxEntry {
        /// Its number.
        pub id: u64,
        /// Its lane.
        pub lane: String,
        /// The method.
        pub method: String,
        /// Where it goes.
        pub url: String,
        /// Its idempotency key.
        pub key: String,
        /// The size of its body.
        pub bytes: u64,
        /// When it was queued, in milliseconds since 1970.
        pub queued_at: u64,
        /// Where it stands.
        pub state: EntryState,
        /// Why it was given up.
        pub reason: Option<DeadReason>,
        /// Why it rests.
        pub cause: Option<RestCause>,
        /// The status that it was answered with last, where it was parked or given up for that.
        pub status: Option<u16>,
        /// Attempts so far, with those that ended before anything was sent.
        pub attempts: u32,
        /// When it goes again, in milliseconds since 1970.
        pub retry_at: Option<u64>,
        /// The entries that have to be done before.
        pub after: Vec<u64>,
    }
}

impl From<&Entry> for OutboxEntry {
    fn from(entry: &Entry) -> OutboxEntry {
        let (reason, status) = match entry.state {
            State::Dead { reason, status, .. } => (Some(reason), Some(status)),
            State::Parked { status } => (None, Some(status)),
            _ => (None, None),
        };
        let (cause, retry_at) = match entry.state {
            State::Resting { until, cause, .. } => (Some(cause), Some(until.0)),
            _ => (None, None),
        };
        OutboxEntry {
            id: entry.id.0,
            lane: entry.lane.clone(),
            method: entry.method.clone(),
            url: entry.url.clone(),
            key: entry.key.clone(),
            bytes: entry.bytes,
            queued_at: entry.queued.0,
            state: entry.state.word(),
            reason,
            cause,
            status: status.filter(|status| *status != 0),
            attempts: entry.attempts,
            retry_at,
            after: entry.after.iter().map(|after| after.id.0).collect(),
        }
    }
}
