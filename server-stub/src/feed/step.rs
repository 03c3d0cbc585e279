//! What a stream's driver is told to do next.

use std::sync::Arc;

use tidegate_contract::feed::{EndedBy, close_code};
use tidegate_contract::{SocketAct, SocketClose};
use tidegate_core::Instant;

use crate::feed::history::Post;

/// What to put into one frame.
#[derive(Clone, Debug)]
pub(crate) enum Parcel {
    /// Something that is not JSON.
    Garbage,
    /// A numbered message, padded to this many bytes.
    Post { post: Arc<Post>, pad_to: usize },
    /// A text as it is.
    Text(String),
}

/// How a stream ends.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum How {
    Close(SocketClose),
    Reset,
    Stall,
    /// With half of this message.
    Tear(String),
    Vanish,
}

/// The last thing on a stream.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Last {
    pub(crate) how: How,
    pub(crate) by: EndedBy,
}

/// What to do next.
#[derive(Debug)]
#[must_use]
pub(crate) enum Step<T> {
    /// The stream is over; end it like this.
    End(Last),
    /// Send this.
    Send(T),
    /// Fall silent; only [`Step::End`] comes after this.
    Stall(EndedBy),
    /// Nothing, until this time or until something happens.
    Wait(Instant),
}

impl Last {
    /// A close that the protocol asks for.
    pub(crate) fn closed_by_protocol(code: u16, reason: &str) -> Last {
        Last {
            how: How::Close(SocketClose::new(code, reason)),
            by: EndedBy::Protocol,
        }
    }

    /// The end that an act brings, if it brings one.
    pub(crate) fn of(act: SocketAct, rule: String) -> Option<Last> {
        let how = match act {
            SocketAct::Close(close) => How::Close(close),
            SocketAct::Reset => How::Reset,
            SocketAct::Stall => How::Stall,
            SocketAct::Stop => How::Close(SocketClose::new(
                close_code::FORCE_DISCONNECT,
                "force disconnect",
            )),
            SocketAct::Vanish => How::Vanish,
            SocketAct::ChunkBytes(_)
            | SocketAct::DelayMs(_)
            | SocketAct::Drain(_)
            | SocketAct::Drop
            | SocketAct::Duplicate
            | SocketAct::Garbage
            | SocketAct::LoseAcks(_)
            | SocketAct::OversizeBytes(_)
            | SocketAct::Ping(_)
            | SocketAct::ReadBytesPerSecond(_)
            | SocketAct::Refuse(_)
            | SocketAct::RefuseRefresh(_)
            | SocketAct::Resume(_)
            | SocketAct::ReverseAcks(_)
            | SocketAct::Skip
            | SocketAct::Swap
            | SocketAct::Tear
            | SocketAct::Volatile => return None,
        };
        let by = EndedBy::Fault(rule);
        Some(Last { how, by })
    }
}
