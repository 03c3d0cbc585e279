//! The words for what is sent.

use alloc::string::String;

use crate::record::words;

/// What is written to a socket.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Frame {
    /// Bytes that stay with the driver.
    Handle {
        /// The driver's name for them.
        id: u64,
        /// How many they are.
        bytes: u32,
    },
    /// A text.
    Text(String),
}

/// The number of something that was sent.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Ticket(pub u64);

words! {
    /// What became of something that was sent.
    pub enum SendState {
        /// The server has carried it out.
        Acknowledged = "acknowledged",
        /// It goes no more.
        Dropped = "dropped",
        /// It waits for a connection, or for what is before it.
        Queued = "queued",
        /// The browser has it.
        Written = "written",
    }
}

words! {
    /// Why something that was sent goes no more.
    pub enum DropReason {
        /// It waited for too long.
        Age = "age",
        /// The socket is closed.
        Closed = "closed",
        /// There are too many already.
        Full = "full",
        /// It is no JSON.
        Malformed = "malformed",
        /// It could not be kept on the disk.
        NotDurable = "not-durable",
        /// There are only event streams, which carry nothing to the server.
        ReceiveOnly = "receive-only",
        /// The server will not have it.
        Refused = "refused",
        /// The server has closed the connection over its size.
        TooLarge = "too-large",
        /// It was written, the socket is closed, and nobody knows.
        Unconfirmed = "unconfirmed",
    }
}

/// What goes when there are too many.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Overflow {
    /// The oldest of those that may, for what is soon out of date.
    DropOldest,
    /// The new one.
    RejectNew,
}

/// What became of something that was sent.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sent {
    /// Its number.
    pub ticket: Ticket,
    /// What became of it.
    pub state: SendState,
    /// Why it was dropped.
    pub why: Option<DropReason>,
}

/// What became of a message that is kept on the disk until the server has carried it out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Kept {
    /// What it is known by.
    pub key: String,
    /// What became of it.
    pub state: SendState,
    /// Why it was dropped.
    pub why: Option<DropReason>,
}
