//! What is open, what has been, and orders to what is open.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::check::{ProgramError, range};
use crate::socket_fault::{ReconnectHint, SocketClose, SocketDrain};

/// A text that is sent by order: as much as fits into a stream's queue a few times over.
const MAX_SENT: u64 = 256 << 10;

/// How the feed behaves when nothing goes wrong.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct FeedSettings {
    /// Seconds between two pings on a WebSocket; whole ones, because the protocol says so.
    pub ping_s: u32,
    /// How long a client may take to answer one.
    pub pong_ms: u64,
    /// How long event streams tell their clients to wait before they come back.
    pub retry_ms: u64,
    /// A made-up event this often; none, when left out.
    pub event_every_ms: Option<u64>,
    /// How many streams are accepted; all, when left out.
    pub accept: Option<AcceptLimit>,
    /// When clients that speak `tidegate.v1` are to come back after a drop that nobody announced, and after one that says nothing else.
    pub hint: Option<ReconnectHint>,
    /// WebSockets need a token ([`crate::paths::FEED_TOKEN`] gives one), which is good for so many seconds; none, when left out.
    pub token_ttl_s: Option<u32>,
}

/// A token for the feed.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenGrant {
    /// The token.
    pub token: String,
    /// For how long it is good; for good, when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl_s: Option<u32>,
}

/// How many streams are accepted.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AcceptLimit {
    /// So many in a second.
    pub per_second: u32,
    /// So many may wait; those beyond are answered 503.
    pub backlog: u32,
    /// Who of them is next.
    #[serde(default)]
    pub order: AcceptOrder,
}

/// Who of those that wait is accepted next.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AcceptOrder {
    /// Who came first. Under a backlog that is longer than clients wait, all turns go to those that have left.
    #[default]
    Fifo,
    /// Who came last, and is still there.
    Lifo,
}

impl FeedSettings {
    /// Whether every value is in its range; `path` is where they stand.
    ///
    /// # Errors
    /// The first value that is not, with its path.
    pub fn check(&self, path: &str) -> Result<(), ProgramError> {
        let at = |name| format!("{path}.{name}");
        range(&at("pingS"), self.ping_s.into(), 1, 3_600)?;
        range(&at("pongMs"), self.pong_ms, 1, 600_000)?;
        range(&at("retryMs"), self.retry_ms, 0, 600_000)?;
        if let Some(every) = self.event_every_ms {
            range(&at("eventEveryMs"), every, 1, 3_600_000)?;
        }
        if let Some(accept) = self.accept {
            let per_second = accept.per_second.into();
            range(&at("accept.perSecond"), per_second, 1, 1_000_000)?;
            range(&at("accept.backlog"), accept.backlog.into(), 0, 1_000_000)?;
        }
        if let Some(ttl) = self.token_ttl_s {
            range(&at("tokenTtlS"), ttl.into(), 1, 86_400)?;
        }
        match self.hint {
            Some(hint) => hint.check(&at("hint")),
            None => Ok(()),
        }
    }
}

impl Default for FeedSettings {
    /// A ping every 25 s with 8 s for the answer, which are Centrifugo's; 3 s until an event stream comes back, which is what Chromium
    /// takes when told nothing; no made-up events, no limit, no hint, no tokens.
    fn default() -> FeedSettings {
        FeedSettings {
            ping_s: 25,
            pong_ms: 8_000,
            retry_ms: 3_000,
            event_every_ms: None,
            accept: None,
            hint: None,
            token_ttl_s: None,
        }
    }
}

/// Which of the two a stream is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum StreamKind {
    /// Server-sent events.
    Events,
    /// A WebSocket.
    Socket,
}

/// One stream that is open.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamInfo {
    /// Its number since the stub was made.
    pub id: u64,
    /// Who opened it.
    pub client: String,
    /// What it is.
    pub kind: StreamKind,
    /// Whether it speaks `tidegate.v1`.
    pub extended: bool,
    /// When it was opened, in milliseconds on the stub's clock.
    pub since_ms: u64,
    /// Frames that came in.
    pub received: u64,
    /// Frames that went out.
    pub sent: u64,
    /// Whether it has fallen silent on purpose.
    pub stalled: bool,
}

/// How many streams there are and were.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamCounts {
    /// Of everybody.
    pub all: Tally,
    /// Asked for within one second of the stub's clock, at most: how high a stampede was.
    #[serde(default)]
    pub peak_asked_per_second: u64,
    /// By client. The first 4,096 are kept apart; those that come later are counted under `""`.
    pub by_client: BTreeMap<String, Tally>,
}

/// A count of streams.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Tally {
    /// Asked for, those that were not accepted included.
    #[serde(default)]
    pub asked: u64,
    /// Open now.
    pub open: u64,
    /// Open at once, at most.
    pub peak: u64,
    /// Opened, all in all.
    pub total: u64,
    /// Answered 503, because too many waited or there were too many.
    #[serde(default)]
    pub refused: u64,
}

/// An order to streams that are open: all of them, those of one client, or a single one.
///
/// ```
/// use tidegate_contract::feed::{FeedAct, FeedOrder};
/// let order: FeedOrder = serde_json::from_str(r#"{"client":"ann","act":"vanish"}"#).unwrap();
/// assert_eq!(order.act, FeedAct::Vanish);
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct FeedOrder {
    /// Only streams of this client.
    #[serde(default)]
    pub client: Option<String>,
    /// Only the stream with this number.
    #[serde(default)]
    pub stream: Option<u64>,
    /// What to do.
    pub act: FeedAct,
}

impl FeedOrder {
    /// Whether every value is in its range; `path` is where the order stands.
    ///
    /// # Errors
    /// The first value that is not, with its path.
    pub fn check(&self, path: &str) -> Result<(), ProgramError> {
        match &self.act {
            FeedAct::Close(close) => close.check(&format!("{path}.act.close")),
            FeedAct::Drain(drain) => drain.check(&format!("{path}.act.drain")),
            FeedAct::Send(text) => {
                range(&format!("{path}.act.send"), text.len() as u64, 1, MAX_SENT)
            }
            FeedAct::Reset | FeedAct::Stall | FeedAct::Vanish => Ok(()),
        }
    }
}

/// What can be done to an open stream.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FeedAct {
    /// End it with a close frame.
    Close(SocketClose),
    /// Say that the connection will be closed, and close it with code 1012 when the time has come.
    Drain(SocketDrain),
    /// End the connection with a TCP reset.
    Reset,
    /// Send this text as it is.
    Send(String),
    /// Fall silent.
    Stall,
    /// End the connection without a close frame.
    Vanish,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(settings: &str) -> String {
        let settings: FeedSettings = serde_json::from_str(settings).unwrap();
        settings.check("feed").unwrap_err().path().to_owned()
    }

    #[test]
    fn a_value_out_of_range_is_named_by_its_path() {
        for (settings, where_) in [
            (r#"{"pingS":0}"#, "feed.pingS"),
            (r#"{"pongMs":0}"#, "feed.pongMs"),
            (r#"{"retryMs":600001}"#, "feed.retryMs"),
            (r#"{"tokenTtlS":0}"#, "feed.tokenTtlS"),
            (r#"{"eventEveryMs":0}"#, "feed.eventEveryMs"),
            (
                r#"{"accept":{"perSecond":0,"backlog":0}}"#,
                "feed.accept.perSecond",
            ),
            (
                r#"{"hint":{"minMs":0,"windowMs":3600001}}"#,
                "feed.hint.windowMs",
            ),
        ] {
            assert_eq!(path(settings), where_);
        }
        assert_eq!(FeedSettings::default().check("feed"), Ok(()));
    }

    #[test]
    fn orders_are_checked_like_faults() {
        let order = r#"{"act":{"close":{"code":1005}}}"#;
        let order: FeedOrder = serde_json::from_str(order).unwrap();
        let error = order.check("order").unwrap_err();
        assert_eq!(error.path(), "order.act.close.code");
    }
}
