//! The audit log: who changed what.

use serde::{Deserialize, Serialize};

use crate::page_query::page_query;
use crate::write_body::{BodyError, WriteBody, text};

/// One line of the log.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// Counts up from 1 since the last reset.
    pub seq: u64,
    /// When, in milliseconds since 1970.
    pub at: u64,
    /// The client that did it.
    pub who: String,
    /// What it did, such as `assetChanged`.
    pub action: String,
    /// To what: an id, or several.
    pub target: String,
    /// The request's idempotency key, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Whatever else was to be written down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

page_query! {
    /// Which lines of the log, oldest first.
    ///
    /// ```
    /// use tidegate_contract::AuditQuery;
    /// let query = AuditQuery { since: Some(7), ..AuditQuery::default() };
    /// assert_eq!(query.to_path(), "/api/audit?since=7");
    /// ```
    pub struct AuditQuery at crate::paths::AUDIT {
        /// Only lines with a greater number.
        since: u64,
    }
}

/// A line that a client writes itself.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct AuditNote {
    /// What was done.
    pub action: String,
    /// To what.
    pub target: String,
    /// Whatever else is worth writing down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl AuditNote {
    /// The longest action and the longest target, in characters.
    pub const MAX_WORD: usize = 100;
    /// The longest note, in characters.
    pub const MAX_NOTE: usize = 500;
}

impl WriteBody for AuditNote {
    fn check(&self) -> Result<(), BodyError> {
        text("action", &self.action, AuditNote::MAX_WORD)?;
        text("target", &self.target, AuditNote::MAX_WORD)?;
        match &self.note {
            Some(note) => text("note", note, AuditNote::MAX_NOTE),
            None => Ok(()),
        }
    }
}

/// How often writes took effect since the last reset.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EffectList {
    /// All of them, with or without a key.
    pub total: u64,
    /// By key, oldest key first; ten thousand are remembered.
    pub keys: Vec<KeyEffects>,
}

/// How often the writes with one idempotency key took effect: more than once is the damage that keys are meant to prevent.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct KeyEffects {
    /// The client that sent the key.
    pub client: String,
    /// The key.
    pub key: String,
    /// How many effects.
    pub effects: u32,
}
