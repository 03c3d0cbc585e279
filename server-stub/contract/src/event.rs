//! What the feed tells: every write that took effect is followed by one of these, and by more when it had consequences.

use serde::{Deserialize, Serialize};

use crate::access::AccessStatus;
use crate::policy::ViolationStatus;
use crate::quality::QualityCheck;

/// Something that happened to the catalogue.
///
/// ```
/// use tidegate_contract::GovernanceEvent;
/// let event = GovernanceEvent::AccessRequested {
///     request_id: "ar-00001".into(),
///     asset_id: "ds-00001".into(),
///     by: "ann".into(),
/// };
/// let json = r#"{"kind":"accessRequested","requestId":"ar-00001","assetId":"ds-00001","by":"ann"}"#;
/// assert_eq!(serde_json::to_string(&event).unwrap(), json);
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    tag = "kind"
)]
pub enum GovernanceEvent {
    /// An access request was decided.
    AccessDecided {
        /// The request's id.
        request_id: String,
        /// The asset's id.
        asset_id: String,
        /// How.
        status: AccessStatus,
        /// Who decided.
        by: String,
    },
    /// Somebody wants to see an asset.
    AccessRequested {
        /// The request's id.
        request_id: String,
        /// The asset's id.
        asset_id: String,
        /// Who asks.
        by: String,
    },
    /// One asset was changed.
    AssetChanged {
        /// The asset's id.
        asset_id: String,
        /// The names of the fields that were written.
        fields: Vec<String>,
        /// Who changed it.
        by: String,
    },
    /// The tags of many assets were changed at once.
    AssetsTagged {
        /// The ids of those that have other tags now.
        asset_ids: Vec<String>,
        /// Who changed them.
        by: String,
    },
    /// A client wrote into the audit log.
    AuditNoted {
        /// The line's number.
        seq: u64,
        /// Who wrote it.
        by: String,
    },
    /// An asset breaks a policy that it kept before.
    PolicyViolated {
        /// The violation's id.
        violation_id: String,
        /// The policy's id.
        policy_id: String,
        /// The asset's id.
        asset_id: String,
    },
    /// A quality check found rows that are not as they should be.
    QualityCheckFailed {
        /// The asset's id.
        asset_id: String,
        /// The run's id.
        run_id: String,
        /// What was looked at.
        check: QualityCheck,
        /// How many rows.
        failing_rows: u64,
    },
    /// A quality check found nothing.
    QualityCheckPassed {
        /// The asset's id.
        asset_id: String,
        /// The run's id.
        run_id: String,
        /// What was looked at.
        check: QualityCheck,
    },
    /// A violation was acknowledged or resolved, by somebody or because the asset keeps the policy again.
    ViolationMoved {
        /// The violation's id.
        violation_id: String,
        /// The asset's id.
        asset_id: String,
        /// Its status now.
        status: ViolationStatus,
    },
}

impl GovernanceEvent {
    /// The kind as the wire spells it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            GovernanceEvent::AccessDecided { .. } => "accessDecided",
            GovernanceEvent::AccessRequested { .. } => "accessRequested",
            GovernanceEvent::AssetChanged { .. } => "assetChanged",
            GovernanceEvent::AssetsTagged { .. } => "assetsTagged",
            GovernanceEvent::AuditNoted { .. } => "auditNoted",
            GovernanceEvent::PolicyViolated { .. } => "policyViolated",
            GovernanceEvent::QualityCheckFailed { .. } => "qualityCheckFailed",
            GovernanceEvent::QualityCheckPassed { .. } => "qualityCheckPassed",
            GovernanceEvent::ViolationMoved { .. } => "violationMoved",
        }
    }
}

/// An event as the feed tells it: with the line of the audit log that it left, so that whoever reads the log anew knows which of its lines the feed
/// tells as well. A message that somebody announced by hand need have neither.
///
/// ```
/// use tidegate_contract::Told;
/// let json = r#"{"line":7,"at":1000,"kind":"auditNoted","seq":7,"by":"ann"}"#;
/// let told: Told = serde_json::from_str(json).unwrap();
/// assert_eq!((told.line, told.at, told.event.name()), (Some(7), Some(1000), "auditNoted"));
/// assert_eq!(serde_json::to_string(&told).unwrap(), json);
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Told {
    /// The number of that line, [`crate::AuditEntry::seq`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// When it happened, [`crate::AuditEntry::at`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<u64>,
    /// What happened.
    #[serde(flatten)]
    pub event: GovernanceEvent,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_is_what_the_wire_says() {
        let event = GovernanceEvent::AuditNoted {
            seq: 1,
            by: "ann".to_owned(),
        };
        let json = serde_json::to_value(&event).unwrap();
        assert_eq!(json["kind"], event.name());
        assert_eq!(
            serde_json::from_value::<GovernanceEvent>(json).unwrap(),
            event
        );
    }
}
