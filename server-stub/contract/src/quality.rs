//! Quality runs: what the checks of an asset found, and when.

use serde::{Deserialize, Serialize};

use crate::write_body::{BodyError, WriteBody};

/// One run of one check.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QualityRun {
    /// Unique among the runs of its asset; part of the URL.
    pub id: String,
    /// The asset's id.
    pub asset_id: String,
    /// What was looked at.
    pub check: QualityCheck,
    /// What came out.
    pub result: QualityResult,
    /// How many rows were not as they should be; 0 when it passed.
    pub failing_rows: u64,
    /// When it ran, in milliseconds since 1970.
    pub ran_at: u64,
}

/// What a check looks at.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum QualityCheck {
    /// No value is missing where one has to be.
    Completeness,
    /// The newest row is not too old.
    Freshness,
    /// Every reference leads somewhere.
    References,
    /// No key comes twice.
    Uniqueness,
    /// Every value is one of those allowed.
    Validity,
}

impl QualityCheck {
    /// Every check.
    pub const ALL: [QualityCheck; 5] = [
        QualityCheck::Completeness,
        QualityCheck::Freshness,
        QualityCheck::References,
        QualityCheck::Uniqueness,
        QualityCheck::Validity,
    ];
}

/// What came out of a check.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum QualityResult {
    /// Some rows are not as they should be.
    Failed,
    /// All is well.
    Passed,
}

/// Asks for a check to be run now.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct QualityOrder {
    /// What to look at.
    pub check: QualityCheck,
}

impl WriteBody for QualityOrder {
    fn check(&self) -> Result<(), BodyError> {
        Ok(())
    }
}
