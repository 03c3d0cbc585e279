//! How a session speaks, and what its owner wants of it.

use alloc::string::String;

use super::code::Codes;
use crate::settings::SocketSettings;

/// What is spoken on the socket.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Protocol {
    /// Centrifugo's JSON protocol: channels resume; messages that were sent are repeated until they are answered.
    Centrifugo,
    /// None that is known here: texts are passed through.
    Raw,
    /// Nothing but server-sent events: channels resume, and nothing can be sent.
    Sse,
    /// The same with numbered messages, which are carried out once, gaps closed in place, and a server that says when to come back.
    Tidegate,
}

/// How a session speaks, and what its owner wants of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Manner {
    /// What is spoken.
    pub protocol: Protocol,
    /// Names what outlives the connections: a random word that no other session has, in this or another tab, now or later.
    pub session: String,
    /// What to say so that the server says something, where nothing is known of what is spoken. Without it a dead connection is found by
    /// the operating system only.
    pub ping: Option<String>,
    /// The application says something on every new socket before anything else goes.
    pub hello: bool,
    /// The application has tokens, which the server is told when a connection begins and before they are too old.
    pub tokens: bool,
    /// `false`: a connection that is lost is not replaced.
    pub reconnects: bool,
    /// Where no WebSocket is to be had, the server has event streams of its channels.
    pub fallback: bool,
    /// Which close codes are final.
    pub codes: Codes,
    /// The numbers.
    pub settings: SocketSettings,
}

impl Manner {
    /// With the defaults of everything else.
    #[must_use]
    pub fn new(protocol: Protocol, session: &str) -> Manner {
        Manner {
            protocol,
            session: session.into(),
            ping: None,
            hello: false,
            tokens: false,
            reconnects: true,
            fallback: false,
            codes: Codes::default(),
            settings: SocketSettings::default(),
        }
    }

    pub(super) fn is_raw(&self) -> bool {
        self.protocol == Protocol::Raw
    }
}
