//! What a client says.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Done, Position};

/// One command: an id and one of the methods. All empty, it is the answer to a ping.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Command {
    /// Comes back in the reply; 0 asks for none.
    #[serde(skip_serializing_if = "is_zero")]
    pub id: u32,
    /// `tidegate.v1`: numbers the `publish` commands of one [`Connect::session`] from 1. They are carried out in this order and once each,
    /// however often they are sent; on other commands it means nothing.
    #[serde(skip_serializing_if = "is_zero_u64")]
    pub seq: u64,
    /// Has to be the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect: Option<Connect>,
    /// Asks for the messages of a channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribe: Option<Subscribe>,
    /// Asks whether anybody is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ping: Option<Done>,
    /// `tidegate.v1`: answers a [`super::Ping`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pong: Option<Pinged>,
    /// Asks for no more of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<Unsubscribe>,
    /// Adds a message to a channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish: Option<Publish>,
    /// Asks for something.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rpc: Option<Rpc>,
    /// Another token, before the one that the connection was made with is too old.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Refresh>,
    /// `tidegate.v1`: asks for no more messages of a channel until its `gap` is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<Pause>,
    /// `tidegate.v1`: asks for what is missing, and for what follows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gap: Option<Gap>,
}

impl Command {
    /// Whether it is the answer to a ping.
    #[must_use]
    pub fn is_pong(&self) -> bool {
        self.pong.is_some() || *self == Command::default()
    }
}

/// The answer to a ping that had a time in it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Pinged {
    /// The ping's time.
    pub t: u64,
}

/// The first command on a connection.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Connect {
    /// What the client calls itself, such as `js`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Who comes; see [`super::FeedSettings::token_ttl_s`].
    #[serde(skip_serializing_if = "String::is_empty")]
    pub token: String,
    /// `tidegate.v1`: names what outlives the connection, so that commands sent again on the next one are recognised.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub session: String,
    /// Subscriptions to make at once, by channel: a whole page comes back in one round trip.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub subs: BTreeMap<String, SubscribeInConnect>,
}

/// A subscription to make while connecting.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct SubscribeInConnect {
    /// Whether the position is meant.
    #[serde(skip_serializing_if = "is_false")]
    pub recover: bool,
    /// How far the client has read.
    #[serde(flatten)]
    pub position: Position,
}

/// Asks for the messages of a channel.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Subscribe {
    /// The channel.
    pub channel: String,
    /// Whether the position is meant.
    #[serde(skip_serializing_if = "is_false")]
    pub recover: bool,
    /// How far the client has read.
    #[serde(flatten)]
    pub position: Position,
}

/// Asks for no more messages of a channel.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Unsubscribe {
    /// The channel.
    pub channel: String,
}

/// Asks for no messages of a channel for a while.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Pause {
    /// The channel.
    pub channel: String,
}

/// Asks for something; answered with [`super::Answer`].
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Rpc {
    /// What is asked for: `echo`, `time`, `slow` or `fail`.
    pub method: String,
    /// With this.
    pub data: Value,
}

/// Another token; answered with [`super::Term`].
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Refresh {
    /// The token.
    pub token: String,
}

/// Adds a message to a channel.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Publish {
    /// `tidegate.v1`: what the message is known by, on this connection and any other: it is carried out once for each client, like a write with an
    /// `Idempotency-Key`, for as long as the key is remembered.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub idem: String,
    /// The channel.
    pub channel: String,
    /// The message.
    pub data: Value,
}

/// Asks for everything after a position; answered with [`super::Replay`] or [`super::Snapshot`].
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Gap {
    /// The channel.
    pub channel: String,
    /// How far the client has read without a gap.
    pub have: Position,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
pub(super) fn is_false(value: &bool) -> bool {
    !value
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
pub(super) fn is_zero(value: &u32) -> bool {
    *value == 0
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
pub(super) fn is_zero_u64(value: &u64) -> bool {
    *value == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_those_of_the_centrifugo_protocol() {
        let text = r#"{"id":2,"subscribe":{"channel":"governance","recover":true,"epoch":"e","offset":4,"token":"t"}}"#;
        let command: Command = serde_json::from_str(text).unwrap();
        let subscribe = command.subscribe.unwrap();
        assert!(subscribe.recover);
        assert_eq!(subscribe.position.offset, 4);
        for pong in ["{}", r#"{"pong":{"t":17}}"#] {
            assert!(serde_json::from_str::<Command>(pong).unwrap().is_pong());
        }
        let ping: Command = serde_json::from_str(r#"{"id":3,"ping":{}}"#).unwrap();
        assert!(ping.ping.is_some() && !ping.is_pong());
    }
}
