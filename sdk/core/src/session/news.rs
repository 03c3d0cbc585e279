//! What a session reports.

use alloc::string::String;

use super::cause::Cause;
use super::sending::{DropReason, SendState};
use super::transport::Transport;
use crate::record::{record, words};

words! {
    /// What happened to a socket.
    pub enum SocketChange {
        /// It is closed for good, by its owner.
        Closed = "closed",
        /// It connects.
        Connecting = "connecting",
        /// What had been too much to write is written.
        Drain = "drain",
        /// The server has announced that it will close the connection.
        Draining = "draining",
        /// Something that was sent goes no more.
        Dropped = "dropped",
        /// What became of a message that is kept on the disk until the server has carried it out: its `state`.
        Durable = "durable",
        /// Messages of a channel are missing, and were asked for.
        Gap = "gap",
        /// A message's handler failed.
        HandlerFailed = "handler-failed",
        /// It is on another connection from now on; nothing was missed in between.
        Moved = "moved",
        /// A frame is none of the protocol, and was passed over.
        Nonsense = "nonsense",
        /// It is open.
        Open = "open",
        /// A message was passed over: its handler failed too often.
        PassedOver = "passed-over",
        /// A channel goes on where it was.
        Resumed = "resumed",
        /// The server has forgotten which numbered messages it has carried out: those that were out may be carried out twice.
        SessionLost = "session-lost",
        /// A channel has to be read anew.
        Snapshot = "snapshot",
        /// It does not come back by itself.
        Stopped = "stopped",
        /// A channel is not to be had.
        SubscriptionRefused = "subscription-refused",
        /// Another token was not to be had; it is tried again while the last one is good.
        TokenFailed = "token-failed",
        /// The server has taken another token, on the connection that is in use.
        TokenRenewed = "token-renewed",
        /// It waits before it connects.
        Waiting = "waiting",
    }
}

record! {
    /// A socket, or one of its channels, changed.
    pub struct SocketEvent {
        /// Milliseconds since the engine started.
        pub at_ms: u64,
        /// Which socket, by its number in the client.
        pub socket: u64,
        /// What happened.
        pub change: SocketChange,
        /// What carries the connection, or will carry the next one.
        pub transport: Transport,
        /// Why it connects or waits.
        pub cause: Option<Cause>,
        /// Attempts since there was a connection that lasted.
        pub attempt: u32,
        /// The close code; of an event stream, the status of the answer.
        pub code: Option<u16>,
        /// How long it waits, in milliseconds; left out when it waits for the network or the page.
        pub retry_in_ms: Option<u64>,
        /// For how long there was no connection, in milliseconds.
        pub downtime_ms: Option<u64>,
        /// The channel.
        pub channel: Option<String>,
        /// The messages that it is about.
        pub messages: u64,
        /// What a message that is kept on the disk is known by.
        pub message: Option<String>,
        /// What became of that message.
        pub state: Option<SendState>,
        /// Why something was dropped, or a channel is not to be had.
        pub why: Option<DropReason>,
        /// The bytes that wait for a connection or an acknowledgement.
        pub queued_bytes: u64,
    }
}

impl SocketEvent {
    pub(super) fn new(at_ms: u64, change: SocketChange) -> SocketEvent {
        SocketEvent {
            at_ms,
            socket: 0,
            change,
            transport: Transport::Websocket,
            cause: None,
            attempt: 0,
            code: None,
            retry_in_ms: None,
            downtime_ms: None,
            channel: None,
            messages: 0,
            message: None,
            state: None,
            why: None,
            queued_bytes: 0,
        }
    }
}
