//! What the control API is told about the feed, besides orders to open streams.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::check::{ProgramError, range};

use super::status::{StreamCounts, StreamInfo};
use super::{GOVERNANCE, Position};

/// Far beyond what JavaScript's numbers can tell apart, and with room for messages to come.
const MAX_OFFSET: u64 = 1 << 62;

/// Every open stream, and how many there are and were.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StreamList {
    /// The open ones, oldest first.
    pub streams: Vec<StreamInfo>,
    /// Counts of all.
    pub counts: StreamCounts,
}

/// How many streams an order reached.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Reached {
    /// So many.
    pub streams: usize,
}

/// A message for all who listen to a channel.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct Announcement {
    /// The channel; that of the governance events when left out.
    #[serde(default = "governance")]
    pub channel: String,
    /// What is said.
    pub data: Value,
    /// Of messages with one key the latest is enough for whoever reads slowly.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// It gets no number, is not kept, and moves no position.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub volatile: bool,
}

impl Announcement {
    /// A numbered message.
    #[must_use]
    pub fn new(channel: impl Into<String>, data: impl Into<Value>) -> Announcement {
        Announcement {
            channel: channel.into(),
            data: data.into(),
            key: None,
            volatile: false,
        }
    }
}

/// Where an announced message stands.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Announced {
    /// Its position in its channel.
    pub position: Position,
}

/// Something happens to what a channel remembers.
///
/// ```
/// use tidegate_contract::feed::{HistoryAct, HistoryOrder};
/// let order: HistoryOrder = tidegate_contract::from_json(r#"{"act":{"keep":0}}"#).unwrap();
/// assert_eq!(order.act, HistoryAct::Keep(0));
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct HistoryOrder {
    /// The channel; that of the governance events when left out.
    #[serde(default = "governance")]
    pub channel: String,
    /// What happens.
    pub act: HistoryAct,
}

impl HistoryOrder {
    /// Whether every value is in its range; `path` is where the order stands.
    ///
    /// # Errors
    /// The first value that is not, with its path.
    pub fn check(&self, path: &str) -> Result<(), ProgramError> {
        match self.act {
            HistoryAct::NewEpochAt(offset) => {
                range(&format!("{path}.act.newEpochAt"), offset, 0, MAX_OFFSET)
            }
            HistoryAct::Keep(_) | HistoryAct::NewEpoch => Ok(()),
        }
    }
}

/// What can happen to a channel's history.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum HistoryAct {
    /// Only the latest so many messages stay.
    Keep(usize),
    /// Nothing stays, and another epoch begins.
    NewEpoch,
    /// Nothing stays, another epoch begins, and its messages are numbered from the one after this. Numbers beyond 2^53 - 1, which
    /// JavaScript's are too coarse for, are written as texts.
    NewEpochAt(u64),
}

fn governance() -> String {
    GOVERNANCE.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::from_json;

    #[test]
    fn what_is_announced_is_what_was_said_to_the_last_digit() {
        // One that a quick reader takes for its neighbour.
        let said = r#"{"channel":"governance","data":7.701444444444444e+99}"#;
        let announcement: Announcement = from_json(said).unwrap();
        assert_eq!(serde_json::to_string(&announcement).unwrap(), said);
    }
}
