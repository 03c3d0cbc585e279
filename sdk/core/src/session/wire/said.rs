//! The things that a server says.

use alloc::string::String;
use alloc::vec::Vec;

use crate::session::hint::Hint;
use crate::session::position::Position;
use crate::time::Millis;

/// A message of a channel.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::session) struct Publication {
    /// 0 where it has none: it moves no position.
    pub(in crate::session) offset: u64,
    /// Of messages with one key the latest is enough.
    pub(in crate::session) key: Option<String>,
    pub(in crate::session) data: String,
}

/// Where a channel stands, and what was missed.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(in crate::session) struct Stand {
    pub(in crate::session) channel: String,
    pub(in crate::session) positioned: bool,
    pub(in crate::session) recovered: bool,
    pub(in crate::session) was_recovering: bool,
    pub(in crate::session) position: Position,
    pub(in crate::session) publications: Vec<Publication>,
}

/// The server has greeted.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(in crate::session) struct Greeting {
    /// Of this session's commands, all up to this one have been carried out.
    pub(in crate::session) acked: u64,
    pub(in crate::session) ping: Option<Millis>,
    pub(in crate::session) session: Option<String>,
    pub(in crate::session) hint: Option<Hint>,
    /// How long the token is good, if not for good.
    pub(in crate::session) lasts: Option<Millis>,
    pub(in crate::session) subs: Vec<Stand>,
}

/// Everything is to be read anew.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::session) struct Anew {
    pub(in crate::session) channel: String,
    pub(in crate::session) url: Option<String>,
    pub(in crate::session) data: Option<String>,
    pub(in crate::session) position: Position,
}

#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::session) struct Refusal {
    pub(in crate::session) code: u64,
    pub(in crate::session) message: String,
    pub(in crate::session) temporary: bool,
}

/// One thing that a server says.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(in crate::session) enum Said {
    Ack(u64),
    Anew(Anew),
    Answer {
        id: u64,
        data: String,
    },
    Disconnect {
        code: u16,
        reason: String,
        reconnect: bool,
        hint: Option<Hint>,
    },
    Done {
        id: u64,
    },
    Drain {
        by: Millis,
        window: Millis,
    },
    Greeting(Greeting),
    Ping {
        time: Option<u64>,
        hint: Option<Hint>,
    },
    Publication(String, Publication),
    Refused {
        id: u64,
        refusal: Refusal,
    },
    /// The token is good for so long from now on.
    Renewed {
        id: u64,
        lasts: Option<Millis>,
    },
    Replay(Stand),
    Skip {
        channel: String,
        from: u64,
        to: u64,
    },
    Subscribed {
        id: u64,
        stand: Stand,
    },
    Unsubscribed {
        channel: String,
        code: u64,
    },
}
