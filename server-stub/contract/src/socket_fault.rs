//! What may go wrong on one stream: a WebSocket or a stream of server-sent events, once it has been accepted.
//!
//! Refusing a stream, or accepting it late, is for the faults of ordinary requests. A [`SocketFault`] says at which point of an open
//! stream ([`SocketPoint`]) what happens ([`SocketAct`]):
//!
//! ```json
//! {"at": {"message": 3}, "act": {"close": {"code": 1012, "reason": "restart"}}}
//! {"at": {"share": 50}, "act": "drop"}
//! {"act": {"resume": "expired"}}
//! ```
//!
//! Messages are the numbered ones, counted on each stream from 1. What is done *to* a message (drop, duplicate, swap, delay, pad) happens
//! to the message at that point, or to the first one after that time. What is done to the *stream* (close, vanish, reset, stall, stop)
//! happens right after it. Several faults of one stream work together: see [`crate::SocketRun`].

use serde::{Deserialize, Serialize};

/// One thing that goes wrong on a stream.
///
/// ```
/// use tidegate_contract::{SocketAct, SocketFault, SocketPoint};
/// let fault: SocketFault = serde_json::from_str(r#"{"at":{"every":10},"act":"duplicate"}"#).unwrap();
/// assert_eq!(fault, SocketFault::new(SocketAct::Duplicate).at(SocketPoint::Every(10)));
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SocketFault {
    /// When it happens; as soon as the stream is open, by default.
    #[serde(default)]
    pub at: SocketPoint,
    /// What happens.
    pub act: SocketAct,
}

impl SocketFault {
    /// A fault that happens as soon as the stream is open.
    #[must_use]
    pub fn new(act: SocketAct) -> SocketFault {
        SocketFault {
            at: SocketPoint::default(),
            act,
        }
    }

    /// The same fault at another point.
    #[must_use]
    pub fn at(mut self, at: SocketPoint) -> SocketFault {
        self.at = at;
        self
    }
}

/// A point in the life of a stream.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum SocketPoint {
    /// So many milliseconds after it was opened, once.
    AfterMs(u64),
    /// At the n-th message, the 2n-th and so on.
    Every(u64),
    /// At the n-th message, once.
    Message(u64),
    /// At so many of a thousand messages, drawn for each.
    Share(u32),
}

impl Default for SocketPoint {
    /// As soon as the stream is open.
    fn default() -> SocketPoint {
        SocketPoint::AfterMs(0)
    }
}

/// What happens at that point.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(
    deny_unknown_fields,
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum SocketAct {
    /// From here on events of an event stream go out in pieces of this many bytes, wherever a character ends.
    ChunkBytes(u64),
    /// The stream is ended with a close frame; an event stream ends in good order.
    Close(SocketClose),
    /// The message, and with it everything behind it, is held back this long.
    DelayMs(u64),
    /// The server says that it goes, and when; then it closes the connection with code 1012. Only clients that speak `tidegate.v1` are told.
    Drain(SocketDrain),
    /// The message is not sent: the next one leaves a gap.
    Drop,
    /// The message is sent twice.
    Duplicate,
    /// A frame that is not JSON goes out, before the message.
    Garbage,
    /// The answers to the next so many `publish` commands are not sent, though the commands are carried out.
    LoseAcks(u64),
    /// The message is padded with blanks to this many bytes, in one frame.
    OversizeBytes(u64),
    /// Pings, and answers to pings, are otherwise from here on.
    Ping(PingFault),
    /// No more than so many bytes a second are read from here on; the rest waits in the system's buffers, and then in the client's.
    ReadBytesPerSecond(u64),
    /// The next `connect` is refused with this code, one of [`crate::feed::error_code`]; 109 says that the token is too old.
    Refuse(u32),
    /// The next `refresh` is refused with this code.
    RefuseRefresh(u32),
    /// The connection is ended with a TCP reset.
    Reset,
    /// Positions are treated otherwise from here on.
    Resume(ResumeFault),
    /// The answers to the next so many `publish` commands are kept back until all of them are there, and sent the last one first.
    ReverseAcks(u64),
    /// The message is left out, and clients that speak `tidegate.v1` are told its number, so that they miss nothing.
    Skip,
    /// Open, and silent: nothing is sent, no ping is answered, what arrives is ignored. An event stream still has its comments.
    Stall,
    /// The client is told not to come back: an event stream that has not begun is answered 204, a WebSocket is closed with
    /// [`crate::feed::close_code::FORCE_DISCONNECT`].
    Stop,
    /// The message goes out after the next one.
    Swap,
    /// The message is cut in the middle of its frame, and the connection is ended there.
    Tear,
    /// The connection is ended without a close frame; browsers report code 1006.
    Vanish,
    /// A message without a number goes out before the message. It moves no position.
    Volatile,
}

impl SocketAct {
    /// Whether it is done to a message rather than to the stream.
    #[must_use]
    pub const fn is_about_a_message(&self) -> bool {
        matches!(
            self,
            SocketAct::DelayMs(_)
                | SocketAct::Drop
                | SocketAct::Duplicate
                | SocketAct::OversizeBytes(_)
                | SocketAct::Skip
                | SocketAct::Swap
                | SocketAct::Tear
        )
    }
}

/// A close frame, and when to come back.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SocketClose {
    /// A code that may be sent: 1000 to 1003, 1007 to 1014, or 3000 to 4999 (RFC 6455, 7.4 and IANA's registry).
    pub code: u16,
    /// At most 123 bytes: a control frame has 125, and two are the code.
    #[serde(default)]
    pub reason: String,
    /// When to come back, for clients that speak `tidegate.v1`.
    #[serde(default)]
    pub hint: Option<ReconnectHint>,
}

impl SocketClose {
    /// A close frame without a hint.
    #[must_use]
    pub fn new(code: u16, reason: impl Into<String>) -> SocketClose {
        SocketClose {
            code,
            reason: reason.into(),
            hint: None,
        }
    }
}

/// When to come back: after `min_ms` and a draw between nothing and `window_ms`.
///
/// A window of 1.1 times the number of clients divided by what the server accepts per second spreads a crowd so well that each client
/// needs one attempt.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ReconnectHint {
    /// Not before this.
    pub min_ms: u64,
    /// Spread over this.
    pub window_ms: u64,
}

/// The server goes.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct SocketDrain {
    /// So soon, in milliseconds; the connection is closed then.
    pub by_ms: u64,
    /// Clients are to spread their move over this.
    pub window_ms: u64,
}

/// How pings, and the answers to a client's own, are wrong.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum PingFault {
    /// They come so much later.
    LateMs(u64),
    /// There are none.
    Silent,
    /// A client's ping is answered with another command's number.
    Wrong,
}

/// How a stream treats the positions that clients come back with.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ResumeFault {
    /// Every position is too old.
    Expired,
    /// Only the latest so many messages are still there.
    Keep(u64),
    /// The stream names another epoch, as after a loss of the server's memory; no known position is of it.
    NewEpoch,
}
