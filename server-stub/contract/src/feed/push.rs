//! What a server says unasked.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::command::{is_false, is_zero_u64};
use crate::socket_fault::{ReconnectHint, SocketClose, SocketDrain};

/// A push: one of these, about a channel or about the connection.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Push {
    /// The channel; empty when it is about the connection.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// A message.
    #[serde(rename = "pub", skip_serializing_if = "Option::is_none")]
    pub publication: Option<Publication>,
    /// `tidegate.v1`: numbers that no message for this client has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip: Option<Skip>,
    /// The server ended the subscription.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<Unsubscribed>,
    /// `tidegate.v1`: the server is about to close the connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disconnect: Option<Disconnect>,
    /// `tidegate.v1`: the server goes; move to another one before it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drain: Option<Drain>,
}

/// A numbered message.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Publication {
    /// Its number in its channel; 0 where it has none.
    #[serde(with = "super::number", skip_serializing_if = "is_zero_u64")]
    pub offset: u64,
    /// Of messages with one key the latest is enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// What it says.
    pub data: Value,
}

/// Numbers that were given to messages which this client does not get.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Skip {
    /// The first one.
    #[serde(with = "super::number")]
    pub from: u64,
    /// The last one.
    #[serde(with = "super::number")]
    pub to: u64,
}

/// The server goes.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Drain {
    /// So soon, in milliseconds.
    pub by_ms: u64,
    /// Clients are to spread their move over this.
    pub window_ms: u64,
}

impl From<SocketDrain> for Drain {
    fn from(drain: SocketDrain) -> Drain {
        Drain {
            by_ms: drain.by_ms,
            window_ms: drain.window_ms,
        }
    }
}

/// Why a subscription was ended.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Unsubscribed {
    /// 2500 and above: subscribe again.
    pub code: u16,
    /// In words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// Why the connection is about to be closed, and whether and when to come back.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Disconnect {
    /// The close frame's code.
    pub code: u16,
    /// The close frame's reason.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Whether to come back at all.
    #[serde(skip_serializing_if = "is_false")]
    pub reconnect: bool,
    /// When to, if the server has an opinion.
    #[serde(flatten)]
    pub hint: Option<Hint>,
}

/// When to come back: after `min_ms` and a draw between nothing and `window_ms`.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Hint {
    /// Not before this.
    pub min_ms: u64,
    /// Spread over this.
    pub window_ms: u64,
}

impl From<ReconnectHint> for Hint {
    fn from(hint: ReconnectHint) -> Hint {
        Hint {
            min_ms: hint.min_ms,
            window_ms: hint.window_ms,
        }
    }
}

impl From<&SocketClose> for Disconnect {
    fn from(close: &SocketClose) -> Disconnect {
        Disconnect {
            code: close.code,
            reason: close.reason.clone(),
            reconnect: super::close_code::permits_reconnect(close.code),
            hint: close.hint.map(Hint::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_stands_beside_the_code_or_is_left_out() {
        let with = r#"{"code":1012,"reconnect":true,"min_ms":5,"window_ms":10}"#;
        let without = r#"{"code":3503}"#;
        for text in [with, without] {
            let disconnect: Disconnect = serde_json::from_str(text).unwrap();
            assert_eq!(serde_json::to_string(&disconnect).unwrap(), text);
        }
    }
}
