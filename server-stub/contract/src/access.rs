//! Access requests: who wants to see an asset, and who let them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::page_query::page_query;
use crate::write_body::{BodyError, WriteBody, text};

/// Somebody's wish to see an asset.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessRequest {
    /// Stays the same for ever; part of the URL.
    pub id: String,
    /// The asset's id.
    pub asset_id: String,
    /// The asset's name.
    pub asset_name: String,
    /// Who wants to see it.
    pub requester: String,
    /// What for.
    pub reason: String,
    /// What has become of it.
    pub status: AccessStatus,
    /// When it was made, in milliseconds since 1970.
    pub requested_at: u64,
    /// The decision, once there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<AccessDecision>,
}

/// How a request was decided.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessDecision {
    /// Who decided.
    pub decided_by: String,
    /// Why.
    pub reason: String,
    /// When, in milliseconds since 1970.
    pub decided_at: u64,
}

/// What has become of a request.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum AccessStatus {
    /// It was granted.
    Approved,
    /// Nobody has decided yet.
    Pending,
    /// It was turned down.
    Rejected,
}

impl AccessStatus {
    /// The status as the wire spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            AccessStatus::Approved => "approved",
            AccessStatus::Pending => "pending",
            AccessStatus::Rejected => "rejected",
        }
    }
}

impl fmt::Display for AccessStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

page_query! {
    /// Which access requests; everything left out means "all", newest first.
    pub struct AccessQuery at crate::paths::ACCESS_REQUESTS {
        /// Only with this status.
        status: AccessStatus,
    }
}

/// Asks for access to an asset, in the name of the client that sends it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccessOrder {
    /// The asset's id.
    pub asset_id: String,
    /// What for.
    pub reason: String,
}

impl AccessOrder {
    /// The longest reason, in characters.
    pub const MAX_REASON: usize = 500;
}

impl WriteBody for AccessOrder {
    fn check(&self) -> Result<(), BodyError> {
        text("reason", &self.reason, AccessOrder::MAX_REASON)
    }
}

/// Decides a request, once and for all.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AccessRuling {
    /// Whether it is granted.
    pub decision: Ruling,
    /// Why.
    pub reason: String,
}

/// Whether a request is granted.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Ruling {
    /// It is.
    Approve,
    /// It is not.
    Reject,
}

impl WriteBody for AccessRuling {
    fn check(&self) -> Result<(), BodyError> {
        text("reason", &self.reason, AccessOrder::MAX_REASON)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_the_wire_says() {
        use AccessStatus::{Approved, Pending, Rejected};
        for status in [Approved, Pending, Rejected] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
    }
}
