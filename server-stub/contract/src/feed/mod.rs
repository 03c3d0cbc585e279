//! The live feed's wire: what client and server say to each other over a WebSocket.
//!
//! The base is the subset of Centrifugo's client protocol, version 2, in JSON, that a client needs to subscribe and to come back: every
//! frame holds one or more [`Command`]s (client) or [`Reply`]s (server), separated by newlines. `{}` is the server's ping and the
//! client's answer to it. Positions are a channel's epoch and offset; offsets of one channel are contiguous.
//!
//! A client that asks for the WebSocket subprotocol [`PROTOCOL`] gets more: commands with a `seq` that are carried out once however
//! often they are sent ([`Command::seq`], [`Reply::ack`]), closing gaps in place ([`Gap`]), channels that rest until theirs is asked for ([`Pause`]), numbers that are left out on purpose
//! ([`Skip`]), pings that say when to come back after a drop ([`Ping`]), and a server that says that it goes before it does ([`Drain`],
//! [`Disconnect`]). Unknown fields are ignored both ways, so each side may know less than the other.

mod codes;
mod command;
mod note;
mod number;
mod orders;
mod push;
mod reply;
mod status;

pub use codes::{close_code, error_code};
pub use command::{
    Command, Connect, Gap, Pause, Pinged, Publish, Refresh, Rpc, Subscribe, SubscribeInConnect,
    Unsubscribe,
};
pub use note::{EndedBy, FeedNote};
pub use orders::{Announced, Announcement, HistoryAct, HistoryOrder, Reached, StreamList};
pub use push::{Disconnect, Drain, Hint, Publication, Push, Skip, Unsubscribed};
pub use reply::{Answer, Connected, Done, Error, Ping, Replay, Reply, Snapshot, Subscribed, Term};
pub use status::{
    AcceptLimit, AcceptOrder, FeedAct, FeedOrder, FeedSettings, StreamCounts, StreamInfo,
    StreamKind, Tally, TokenGrant,
};

use serde::{Deserialize, Serialize};

/// The WebSocket subprotocol of the additions.
pub const PROTOCOL: &str = "tidegate.v1";

/// The channel of all governance events.
pub const GOVERNANCE: &str = "governance";

/// How far somebody has read a channel.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Position {
    /// The channel's memory, by name; another epoch means that the memory was lost.
    #[serde(default)]
    pub epoch: String,
    /// The number of the last message; 0 before the first. Beyond 2^53 - 1 it is written as a text.
    #[serde(default, with = "number")]
    pub offset: u64,
}

impl Position {
    /// The position as the `id` of a server-sent event, `epoch:offset`.
    #[must_use]
    pub fn to_event_id(&self) -> String {
        format!("{}:{}", self.epoch, self.offset)
    }

    /// The position in the `Last-Event-ID` of a client that comes back; `None` when it is none of ours.
    ///
    /// ```
    /// use tidegate_contract::feed::Position;
    /// let position = Position { epoch: "a1".to_owned(), offset: 7 };
    /// assert_eq!(Position::from_event_id("a1:7"), Some(position));
    /// assert_eq!(Position::from_event_id("7"), None);
    /// ```
    #[must_use]
    pub fn from_event_id(id: &str) -> Option<Position> {
        let (epoch, offset) = id.rsplit_once(':')?;
        Some(Position {
            epoch: epoch.to_owned(),
            offset: offset.parse().ok()?,
        })
    }
}
