//! Policies, and where they are violated.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::page_query::page_query;
use crate::write_body::{BodyError, WriteBody, text};

/// A rule that assets have to keep.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Policy {
    /// Stays the same for ever; part of the URL.
    pub id: String,
    /// The rule in a few words.
    pub name: String,
    /// What it asks for, in a sentence.
    pub description: String,
    /// How bad a violation is.
    pub severity: Severity,
}

/// How bad a violation is.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Severity {
    /// Worth knowing.
    Low,
    /// Worth doing something about.
    Medium,
    /// Has to be dealt with now.
    High,
}

/// An asset that breaks a policy.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Violation {
    /// Stays the same for ever; part of the URL.
    pub id: String,
    /// The policy's id.
    pub policy_id: String,
    /// The asset's id.
    pub asset_id: String,
    /// The asset's name.
    pub asset_name: String,
    /// How far it has been dealt with.
    pub status: ViolationStatus,
    /// Why it has its status, if somebody said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was noticed, in milliseconds since 1970.
    pub detected_at: u64,
    /// When its status last changed, in milliseconds since 1970.
    pub updated_at: u64,
}

/// How far a violation has been dealt with.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ViolationStatus {
    /// Not at all.
    Open,
    /// Somebody knows of it.
    Acknowledged,
    /// It is over, or has been allowed.
    Resolved,
}

impl ViolationStatus {
    /// The status as the wire spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ViolationStatus::Acknowledged => "acknowledged",
            ViolationStatus::Open => "open",
            ViolationStatus::Resolved => "resolved",
        }
    }
}

impl fmt::Display for ViolationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

page_query! {
    /// Which violations; everything left out means "all".
    ///
    /// ```
    /// use tidegate_contract::{ViolationQuery, ViolationStatus};
    /// let query = ViolationQuery { status: Some(ViolationStatus::Open), ..ViolationQuery::default() };
    /// assert_eq!(query.to_path(), "/api/violations?status=open");
    /// ```
    pub struct ViolationQuery at crate::paths::VIOLATIONS {
        /// Only of the policy with this id.
        policy: String,
        /// Only of the asset with this id.
        asset: String,
        /// Only with this status.
        status: ViolationStatus,
    }
}

/// Moves a violation on: `open`, then `acknowledged`, then `resolved`; never back.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ViolationPatch {
    /// Its new status: `acknowledged` or `resolved`.
    pub status: ViolationStatus,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl ViolationPatch {
    /// The longest note, in characters.
    pub const MAX_NOTE: usize = 500;
}

impl WriteBody for ViolationPatch {
    fn check(&self) -> Result<(), BodyError> {
        if self.status == ViolationStatus::Open {
            let accepted = "acknowledged or resolved";
            return Err(BodyError::new("status", accepted, self.status));
        }
        match &self.note {
            Some(note) => text("note", note, ViolationPatch::MAX_NOTE),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_what_the_wire_says() {
        use ViolationStatus::{Acknowledged, Open, Resolved};
        for status in [Acknowledged, Open, Resolved] {
            assert_eq!(serde_json::to_value(status).unwrap(), status.name());
        }
    }

    #[test]
    fn nothing_is_opened_again() {
        let error = ViolationPatch::from_json(br#"{"status":"open"}"#).unwrap_err();
        assert!(error.to_string().contains("acknowledged or resolved"));
    }
}
