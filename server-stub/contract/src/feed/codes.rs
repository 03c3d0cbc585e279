//! The numbers of the protocol. They are Centrifugo's, whose bands tell a client what to do about them.

/// Codes in an [`crate::feed::Error`], the answer to a command that could not be carried out.
pub mod error_code {
    /// The server itself failed.
    pub const INTERNAL: u32 = 100;
    /// There is no such channel.
    pub const UNKNOWN_CHANNEL: u32 = 102;
    /// The server does not know this command.
    pub const METHOD_NOT_FOUND: u32 = 104;
    /// This connection is subscribed to that channel already.
    pub const ALREADY_SUBSCRIBED: u32 = 105;
    /// The token is too old: come back with another one.
    pub const TOKEN_EXPIRED: u32 = 109;
    /// More of something than a connection may have.
    pub const LIMIT_EXCEEDED: u32 = 106;
    /// The command is understood and makes no sense.
    pub const BAD_REQUEST: u32 = 107;
}

/// Codes in a close frame or an unsubscribe push.
pub mod close_code {
    /// The server stops for good (RFC 6455, 7.4.1).
    pub const GOING_AWAY: u16 = 1001;
    /// The server is going away or restarting (RFC 6455 and IANA's registry).
    pub const SERVICE_RESTART: u16 = 1012;
    /// A message was larger than the server takes (RFC 6455).
    pub const TOO_LARGE: u16 = 1009;
    /// The token that the connection was made with is too old.
    pub const EXPIRED: u16 = 3005;
    /// The client reads more slowly than messages are made.
    pub const SLOW: u16 = 3008;
    /// The server's memory no longer fits what the client was told.
    pub const INSUFFICIENT_STATE: u16 = 3010;
    /// The client did not answer a ping.
    pub const NO_PONG: u16 = 3012;
    /// The token is none.
    pub const INVALID_TOKEN: u16 = 3500;
    /// The client broke the protocol.
    pub const BAD_REQUEST: u16 = 3501;
    /// The client never said `connect`.
    pub const STALE: u16 = 3502;
    /// The server wants this client gone.
    pub const FORCE_DISCONNECT: u16 = 3503;
    /// In an unsubscribe push: subscribe again, the positions are void.
    pub const UNSUBSCRIBED_INSUFFICIENT_STATE: u16 = 2500;

    /// Whether a client that was closed with this code may come back.
    ///
    /// ```
    /// use tidegate_contract::feed::close_code;
    /// assert!(close_code::permits_reconnect(1012) && close_code::permits_reconnect(3008));
    /// assert!(!close_code::permits_reconnect(1008) && !close_code::permits_reconnect(4500));
    /// ```
    #[must_use]
    pub const fn permits_reconnect(code: u16) -> bool {
        // Centrifugo's terminal bands; 1008 (policy) and 1009 (too large) would only happen again.
        !matches!(code, 1008 | 1009 | 3500..=3999 | 4500..=4999)
    }
}
