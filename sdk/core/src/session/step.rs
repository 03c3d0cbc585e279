//! What a session asks of its driver.

use alloc::string::String;

use super::input::{DeliveryId, LinkId, SnapshotId, StreamId};
use super::news::SocketEvent;
use super::position::Position;
use super::rpc::{RpcEnd, RpcId};
use super::sending::{Frame, Kept, Sent};
use crate::time::{Instant, Millis};

/// A message for its handler; the next thing of its channel comes when [`Input::Handled`](super::Input::Handled) has been said.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Delivery {
    /// Its number here.
    pub id: DeliveryId,
    /// Its channel.
    pub channel: String,
    /// Its number in the channel; 0 where it has none.
    pub offset: u64,
    /// How often it was given to the handler, this time included.
    pub attempt: u32,
    /// What it says, as JSON.
    pub data: String,
}

/// A channel has to be read anew, because what is missing is gone; the next thing of it comes when [`Input::Snapshot`](super::Input::Snapshot)
/// has been said.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Snapshot {
    /// Its number here.
    pub id: SnapshotId,
    /// The channel.
    pub channel: String,
    /// Where its state is, if the server has said so.
    pub url: Option<String>,
    /// Its state, if the server has sent it.
    pub data: Option<String>,
    /// What is read must be at least this recent; messages go on from here.
    pub position: Position,
}

/// What to do next.
#[derive(Clone, Debug, Eq, PartialEq)]
#[must_use = "a step is handed out once"]
#[non_exhaustive]
pub enum Step {
    /// What came of a question, once.
    Answer {
        /// Which one.
        id: RpcId,
        /// The answer, or why there is none.
        end: RpcEnd,
    },
    /// Close this socket, or all event streams of this connection, and forget it: whatever it says from now on is heeded by nobody.
    Close {
        /// Which socket; it may never have been opened.
        link: LinkId,
        /// 1000, or from 3000 to 4999: the browser takes no other.
        code: u16,
        /// In words.
        reason: String,
    },
    /// Open a socket at the URL that was provided.
    Connect {
        /// What to call it.
        link: LinkId,
        /// Which attempt since there was a connection that lasted.
        attempt: u32,
        /// How long it has.
        within: Millis,
    },
    /// Give a message to the handler of its channel.
    Deliver(Delivery),
    /// What became of a message that is kept elsewhere.
    Kept(Kept),
    /// Give up this event stream, and forget it.
    Leave {
        /// Which one.
        stream: StreamId,
    },
    /// Ask for an event stream, and report what comes of it with [`Input::StreamAnswered`](super::Input::StreamAnswered) and what follows.
    Listen {
        /// The connection that it is a part of.
        link: LinkId,
        /// What to call it.
        stream: StreamId,
        /// Of which channel.
        channel: String,
        /// The `Last-Event-ID` to send: how far the channel was read.
        since: Option<String>,
        /// The server wants another token than the last one.
        refresh: bool,
    },
    /// Give a text to the handlers: the server speaks no protocol that is known here.
    Message(String),
    /// Find the URL and the protocols, and report with [`Input::Provided`](super::Input::Provided).
    Resolve {
        /// For which socket.
        link: LinkId,
        /// The server wants another token than the last one.
        refresh: bool,
    },
    /// Write this to the socket.
    Send {
        /// Which socket.
        link: LinkId,
        /// What.
        frame: Frame,
    },
    /// What became of something that was sent.
    Sent(Sent),
    /// Read a channel anew, and report with [`Input::Snapshot`](super::Input::Snapshot). Meanwhile, what is kept of it is old.
    Snapshot(Snapshot),
    /// Tell whoever listens.
    Tell(SocketEvent),
    /// Ask the application for its token, and report with [`Input::Token`](super::Input::Token) or [`Input::ProviderFailed`](super::Input::ProviderFailed).
    Token {
        /// For which connection, which may be in use.
        link: LinkId,
        /// Another one than the last.
        refresh: bool,
    },
    /// Poll again at this time, or when something happens.
    Wait(Instant),
}
