//! What the control API is told about the feed, besides orders to open streams.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::status::{StreamCounts, StreamInfo};
use super::{GOVERNANCE, Position};

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

/// What can happen to a channel's history.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum HistoryAct {
    /// Only the latest so many messages stay.
    Keep(usize),
    /// Nothing stays, and another epoch begins.
    NewEpoch,
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
