//! What a server answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::command::{is_false, is_zero, is_zero_u64};
use super::{Hint, Position, Publication, Push};

/// The answer to a command, or a push. All empty, it is a ping.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Reply {
    /// The command's id; 0 in a push.
    #[serde(skip_serializing_if = "is_zero")]
    pub id: u32,
    /// `tidegate.v1`: all commands up to this `seq` have been carried out.
    #[serde(skip_serializing_if = "is_zero_u64")]
    pub ack: u64,
    /// Why the command was not carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
    /// Something unasked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub push: Option<Push>,
    /// In answer to a command: somebody is there. `tidegate.v1`, without an id: is anybody there?
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ping: Option<Ping>,
    /// The connection stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connect: Option<Connected>,
    /// The subscription stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribe: Option<Subscribed>,
    /// The subscription is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<Done>,
    /// The message is in the channel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publish: Option<Done>,
    /// What was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rpc: Option<Answer>,
    /// The token is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh: Option<Term>,
    /// `tidegate.v1`: no more messages of the channel come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<Done>,
    /// `tidegate.v1`: what was missing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replay: Option<Replay>,
    /// `tidegate.v1`: what was missing is gone; read everything anew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<Snapshot>,
}

impl Reply {
    /// Whether it is a ping.
    #[must_use]
    pub fn is_ping(&self) -> bool {
        (self.id == 0 && self.ping.is_some()) || *self == Reply::default()
    }
}

/// A ping, or the answer to one.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Ping {
    /// The server's time in milliseconds, to be sent back: what a round trip takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub t: Option<u64>,
    /// When to come back, should the connection drop without a word: the latest word counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
}

/// A result without content, `{}`.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Done {}

/// How long a token is good, and with it the connection.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Term {
    /// Whether it is not good for good.
    #[serde(skip_serializing_if = "is_false")]
    pub expires: bool,
    /// For so many seconds from now on.
    #[serde(skip_serializing_if = "is_zero")]
    pub ttl: u32,
}

/// What was asked for.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Answer {
    /// What the method gives.
    pub data: Value,
}

/// Why a command was not carried out.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Error {
    /// One of [`super::error_code`].
    pub code: u32,
    /// In words.
    pub message: String,
    /// Whether the same command may succeed later.
    #[serde(skip_serializing_if = "is_false")]
    pub temporary: bool,
}

/// The answer to `connect`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Connected {
    /// The connection's name.
    pub client: String,
    /// The server's name and version.
    pub version: String,
    /// Seconds between two pings: silence that lasts longer, and some, means that the connection is dead.
    #[serde(skip_serializing_if = "is_zero")]
    pub ping: u32,
    /// Whether pings are to be answered.
    #[serde(skip_serializing_if = "is_false")]
    pub pong: bool,
    /// How long the token is good.
    #[serde(flatten)]
    pub term: Term,
    /// `tidegate.v1`: the session whose commands [`Reply::ack`] counts.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub session: String,
    /// `tidegate.v1`: when to come back, should the connection drop without a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
    /// The subscriptions that were asked for along with it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub subs: BTreeMap<String, Subscribed>,
}

/// The answer to `subscribe`.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Subscribed {
    /// Whether the channel can be resumed at all.
    #[serde(skip_serializing_if = "is_false")]
    pub recoverable: bool,
    /// Whether the messages have numbers.
    #[serde(skip_serializing_if = "is_false")]
    pub positioned: bool,
    /// Where the channel stands, with everything in `publications` read.
    #[serde(flatten)]
    pub position: Position,
    /// Whether the client was brought up to date. If not, it has to read everything anew.
    #[serde(skip_serializing_if = "is_false")]
    pub recovered: bool,
    /// Whether the client had asked for that.
    #[serde(skip_serializing_if = "is_false")]
    pub was_recovering: bool,
    /// What it had missed, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub publications: Vec<Publication>,
}

/// Everything after the position of a [`super::Gap`].
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Serialize)]
#[serde(default)]
pub struct Replay {
    /// The channel.
    pub channel: String,
    /// Where the channel stands, with all of this read.
    #[serde(flatten)]
    pub position: Position,
    /// What was missing, oldest first.
    pub publications: Vec<Publication>,
}

/// Where to read everything anew, because what was missing is gone.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default)]
pub struct Snapshot {
    /// The channel.
    pub channel: String,
    /// Where the state is: a path on the API.
    pub url: String,
    /// What is read there is at least this recent; go on from here.
    #[serde(flatten)]
    pub position: Position,
}
