//! What the stub remembers: one line for every request that arrived, written on arrival and completed when it is over.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::run::Fate;

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
    /// Arrivals by fate.
    pub by_fate: BTreeMap<String, u64>,
    /// Answers by status.
    pub by_status: BTreeMap<u16, u64>,
    /// Arrivals that were CORS preflights.
    pub preflights: u64,
    /// Requests whose client left before the answer.
    pub clients_gone: u64,
}

/// One request.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct JournalEntry {
    /// Counts up from 1 since the last reset.
    pub seq: u64,
    /// When it arrived, in milliseconds since the last reset.
    pub at_ms: u64,
    /// Its method.
    pub method: String,
    /// Its path, with the query string.
    pub path: String,
    /// The page it came from, if it said so.
    pub origin: Option<String>,
    /// Who sent it.
    pub client: String,
    /// Whether it was a CORS preflight.
    pub preflight: bool,
    /// The rules that had a part in its fate.
    pub rules: Vec<String>,
    /// What the fault program had in store for it.
    pub fate: Fate,
    /// How it ended.
    pub end: End,
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
            End::Pending => None,
        }
    }

    /// Whether its client left before the answer.
    #[must_use]
    pub fn client_gone(&self) -> bool {
        matches!(self.end, End::ClientGone { .. })
    }

    /// Whether it is over.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.end != End::Pending
    }
}
