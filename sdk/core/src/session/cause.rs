//! Why a connection is made, and whether everybody else makes one at the same moment.

use crate::record::words;

words! {
    /// Why a socket has to connect.
    pub enum Cause {
        /// The caller asked for it.
        Asked = "asked",
        /// There are event streams, and a WebSocket may be had again.
        Back = "back",
        /// The server closed the connection with a code of its own.
        Closed = "closed",
        /// Nothing was heard for too long.
        Dead = "dead",
        /// There was no connection to be had.
        Failed = "failed",
        /// What the application says first could not be said.
        Hello = "hello",
        /// The connection is gone without a word (1006).
        Lost = "lost",
        /// The network was gone.
        Network = "network",
        /// The URL or its token was not to be had.
        Provider = "provider",
        /// The server wants another token.
        Refresh = "refresh",
        /// The breaker or the gate of the origin lets nothing through.
        Refused = "refused",
        /// The server restarts, or is too busy (1001, 1012, 1013, an announced drain).
        Restart = "restart",
        /// The page is back from the browser's cache, or from sleep.
        Restored = "restored",
        /// The server has forgotten the session.
        SessionLost = "session-lost",
        /// It is the first one.
        Start = "start",
        /// The connection took too long.
        TimedOut = "timed-out",
    }
}

/// How many others have to connect for the same reason.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Crowd {
    /// All of them, at this moment.
    Fleet,
    /// As many as before: it goes on with the series that it is in.
    Same,
    /// Nobody.
    Own,
}

impl Cause {
    pub(super) fn crowd(self) -> Crowd {
        match self {
            Cause::Closed | Cause::Lost | Cause::Restart => Crowd::Fleet,
            Cause::Failed | Cause::Hello | Cause::Provider | Cause::Refused | Cause::TimedOut => {
                Crowd::Same
            }
            Cause::Asked
            | Cause::Back
            | Cause::Dead
            | Cause::Network
            | Cause::Refresh
            | Cause::Restored
            | Cause::SessionLost
            | Cause::Start => Crowd::Own,
        }
    }

    /// Somebody waits for it, and it is nobody's crowd.
    pub(super) fn is_prompt(self) -> bool {
        matches!(
            self,
            Cause::Asked | Cause::Refresh | Cause::Restored | Cause::SessionLost | Cause::Start
        )
    }
}
