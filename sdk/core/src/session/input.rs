//! What happens to a session.

use alloc::string::String;

use super::hint::Hint;
use crate::time::Millis;

/// One socket of the many that a session has in its life, by number. What an earlier one still says is heeded by nobody.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LinkId(pub u64);

/// One message that was given to its handler.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DeliveryId(pub u64);

/// One reading anew of a channel. Another one may have taken its place before it is over.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SnapshotId(pub u64);

/// One event stream of the many that a session has in its life, by number. What an earlier one still says is heeded by nobody.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct StreamId(pub u64);

/// What happens. To say something twice, or too late, changes nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Input {
    /// The browser holds so many bytes of a socket that it has not sent (`bufferedAmount`): to be told after each frame, and while it is
    /// not 0 now and then.
    Buffered {
        /// Which socket.
        link: LinkId,
        /// How many.
        bytes: u64,
    },
    /// The socket is closed; after an error as well. Without a close event of its own, nobody waits for it.
    Closed {
        /// Which socket.
        link: LinkId,
        /// The close code.
        code: u16,
    },
    /// A server that does not speak `tidegate.v1` announced that it will close all connections.
    Drain {
        /// Within this time.
        by: Millis,
        /// Its clients should spread over this.
        window: Millis,
    },
    /// The page goes to the browser's cache, or is frozen: sockets are closed by the browser, or should be.
    Frozen,
    /// A text came.
    Frame {
        /// On which socket.
        link: LinkId,
        /// What it says.
        text: String,
    },
    /// The handler is done with a message.
    Handled {
        /// Which one.
        delivery: DeliveryId,
        /// Whether it succeeded.
        ok: bool,
    },
    /// Something came that is not passed through here, such as bytes: the other end is there.
    Heard {
        /// On which socket.
        link: LinkId,
    },
    /// Nobody sees the page, or somebody does again.
    Hidden(bool),
    /// The server, or somebody for it, says when to come back after the next loss.
    Hint(Hint),
    /// What the application says first could not be said: this connection is of no use.
    NotReady {
        /// Which one.
        link: LinkId,
    },
    /// The network came or went.
    Online(bool),
    /// The socket is open.
    Opened {
        /// Which socket.
        link: LinkId,
    },
    /// The URL is there.
    Provided {
        /// For which socket.
        link: LinkId,
    },
    /// The URL or the token is not to be had now.
    ProviderFailed {
        /// For which socket.
        link: LinkId,
    },
    /// The application has said on a new socket what it says first, and the rest may follow; see [`Manner::hello`](super::Manner::hello).
    Ready {
        /// On which socket.
        link: LinkId,
    },
    /// The page is back from the browser's cache, or is no longer frozen.
    Restored,
    /// What a snapshot holds was taken over, or could not be.
    Snapshot {
        /// Which one.
        snapshot: SnapshotId,
        /// Whether it was.
        ok: bool,
    },
    /// The token that was asked for.
    Token {
        /// For which connection.
        link: LinkId,
        /// As the server is told it.
        token: String,
    },
    /// The head of the answer to an event stream's request.
    StreamAnswered {
        /// To which one.
        stream: StreamId,
        /// The status.
        status: u16,
        /// Whether it says of itself that it is `text/event-stream`.
        events: bool,
        /// The wait that the server asks for.
        retry_after: Option<Millis>,
    },
    /// An event stream has ended, has broken off, or was not to be had.
    StreamEnded {
        /// Which one.
        stream: StreamId,
    },
    /// Where an event stream is, is not to be had now.
    StreamNotProvided {
        /// For which one.
        stream: StreamId,
    },
    /// An event stream says something: the next piece of its text, wherever it begins and ends.
    StreamSaid {
        /// Which one.
        stream: StreamId,
        /// What it says.
        text: String,
    },
}
