//! What the stub remembers: one line for everything that arrived, written on arrival and completed when it is over.
//!
//! A line knows what no client can: how long a request waited for a connection and how long it had one, whether anybody was still
//! there when its work was done, and whether it took effect. Work done for nobody is the leading sign of an exhaustion loop.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// An answer to a question about the journal, see [`crate::JournalQuery`].
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Journal {
    /// How many requests have arrived since the last reset, forgotten ones included.
    pub total: u64,
    /// The number of the latest arrival: ask for `since` this to see only what comes later.
    pub last_seq: u64,
    /// Sums over everything since the last reset, forgotten lines included.
    pub counts: Counts,
    /// The lines asked for, oldest first.
    pub entries: Vec<JournalEntry>,
}

/// Sums that outlive the lines they were made from.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Arrivals by route template, `"other"` for paths that are none of ours.
    pub by_route: BTreeMap<String, u64>,
    /// Requests by each fault that the program chose for them; one that met two counts for both.
    pub by_fault: BTreeMap<String, u64>,
    /// Answers by status.
    pub by_status: BTreeMap<u16, u64>,
    /// Arrivals that were CORS preflights.
    pub preflights: u64,
    /// Requests whose client left before the answer.
    pub clients_gone: u64,
    /// Work that was done while the client waited for it.
    pub useful: u64,
    /// Work that was done for a client that had left.
    pub wasted: u64,
    /// Writes that took effect.
    pub effects: u64,
    /// Frames that streams carried, either way.
    pub frames: u64,
}

/// One thing that arrived.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// Counts up from 1 since the last reset.
    pub seq: u64,
    /// When it arrived, in milliseconds since the last reset.
    pub at_ms: u64,
    /// What it is.
    pub kind: EntryKind,
    /// Its method; empty for a frame.
    pub method: String,
    /// Its path, with the query string; empty for a frame.
    pub path: String,
    /// The stream that a frame is on, by its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stream: Option<u64>,
    /// The page it came from, if it said so.
    pub origin: Option<String>,
    /// Who sent it.
    pub client: String,
    /// Its `Idempotency-Key`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// The rules that had a part in its fate.
    pub rules: Vec<String>,
    /// The faults that the program had in store for it, in order.
    pub faults: Vec<String>,
    /// What its work was, once that is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<Work>,
    /// What a frame said, cut after [`crate::feed::FeedNote::MAX_TEXT`] characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// How it ended.
    pub end: End,
}

/// What a line is about.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EntryKind {
    /// A frame that a client sent.
    FrameIn,
    /// A frame, or an event of an event stream, that a client was sent.
    FrameOut,
    /// A CORS preflight.
    Preflight,
    /// A request.
    #[default]
    Request,
    /// The end of a stream; its text says who ended it.
    StreamEnd,
}

impl EntryKind {
    /// The kind as the wire spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            EntryKind::FrameIn => "frameIn",
            EntryKind::FrameOut => "frameOut",
            EntryKind::Preflight => "preflight",
            EntryKind::Request => "request",
            EntryKind::StreamEnd => "streamEnd",
        }
    }
}

/// What was done for a request behind the front door.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Work {
    /// Where the answer came from.
    pub source: WorkSource,
    /// Milliseconds of waiting for a connection.
    pub queue_ms: u64,
    /// Milliseconds with a connection.
    pub service_ms: u64,
    /// Whether the client was still there when it was done.
    pub client_there: bool,
    /// Whether it changed something.
    pub effect: bool,
}

/// Where an answer came from.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum WorkSource {
    /// The backend's own cache.
    Cache,
    /// A connection of the pool.
    Pool,
    /// The table of idempotency keys: it had been done before.
    Replay,
}

/// How a request ended, so far.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum End {
    /// With an answer.
    Answered {
        /// The answer's status.
        status: u16,
        /// Milliseconds from arrival to answer.
        took_ms: u64,
    },
    /// The client left before there was an answer.
    ClientGone {
        /// Milliseconds from arrival to departure.
        took_ms: u64,
    },
    /// The stub cut the connection.
    Cut {
        /// Milliseconds from arrival to cut.
        took_ms: u64,
    },
    /// The stream was closed.
    Closed {
        /// The close code; 1006 when there was none.
        code: u16,
        /// Whether the client closed it.
        by_client: bool,
    },
    /// Nothing is to come: a frame ends where it begins.
    Frame,
    /// Not yet.
    Pending,
}

impl JournalEntry {
    /// The status it was answered with, if it was.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        match self.end {
            End::Answered { status, .. } => Some(status),
            _ => None,
        }
    }

    /// Milliseconds from arrival to end, if it is over.
    #[must_use]
    pub fn took_ms(&self) -> Option<u64> {
        match self.end {
            End::Answered { took_ms, .. } | End::ClientGone { took_ms } | End::Cut { took_ms } => {
                Some(took_ms)
            }
            End::Closed { .. } | End::Frame | End::Pending => None,
        }
    }

    /// Whether its client left before the answer.
    #[must_use]
    pub fn client_gone(&self) -> bool {
        matches!(self.end, End::ClientGone { .. })
    }

    /// Whether it was a CORS preflight.
    #[must_use]
    pub fn is_preflight(&self) -> bool {
        self.kind == EntryKind::Preflight
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.end != End::Pending
    }
}
