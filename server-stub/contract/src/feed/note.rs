//! What happened on a stream, for the journal.

use serde::{Deserialize, Serialize};

use super::StreamKind;

/// Something that happened on a stream.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum FeedNote {
    /// It is over.
    Closed {
        /// The close frame's code; none when there was no close frame.
        code: Option<u16>,
        /// Who ended it.
        by: EndedBy,
    },
    /// It is open.
    Opened {
        /// What it is.
        stream: StreamKind,
        /// Whether it speaks `tidegate.v1`.
        extended: bool,
    },
    /// A frame came in.
    Received {
        /// Its beginning.
        text: String,
        /// Its full length in bytes.
        bytes: u64,
    },
    /// A frame went out.
    Sent {
        /// The number of the message in it, if it is one.
        offset: Option<u64>,
        /// Its beginning.
        text: String,
        /// Its full length in bytes.
        bytes: u64,
    },
    /// It has fallen silent on purpose.
    Stalled {
        /// Who silenced it.
        by: EndedBy,
    },
}

impl FeedNote {
    /// How many characters of a frame are kept.
    pub const MAX_TEXT: usize = 256;

    /// The beginning of a frame.
    #[must_use]
    pub fn clip(text: &str) -> String {
        text.chars().take(FeedNote::MAX_TEXT).collect()
    }
}

/// Who ended a stream.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EndedBy {
    /// The client, with or without a close frame.
    Client,
    /// This rule of the fault program.
    Fault(String),
    /// The listener was closed, and its connections with it.
    Listener,
    /// An order through the control API, or a reset.
    Order,
    /// The protocol: the client broke it, was too slow or did not answer.
    Protocol,
}
