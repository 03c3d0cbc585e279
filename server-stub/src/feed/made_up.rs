//! An event that was made up, told like those that writes cause: with a line in the audit log, so that whoever reads that anew finds it there.

use serde::Serialize;
use tidegate_contract::feed::GOVERNANCE;
use tidegate_contract::{GovernanceEvent, Told};
use tidegate_core::Instant;

use crate::catalog::TODAY_MS;
use crate::data::Deed;
use crate::stub::Stub;

/// Whose doing it is, where it is nobody's.
const NOBODY: &str = "the stub";

/// One of the four kinds that governance is mostly about, in the form of those that writes cause, with its number. What it is about does
/// not change: whoever reads the asset finds it as it was.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MadeUp {
    pub(crate) n: u64,
    pub(crate) event: GovernanceEvent,
}

#[derive(Debug, Serialize)]
struct Numbered {
    n: u64,
    #[serde(flatten)]
    told: Told,
}

impl MadeUp {
    /// Writes it down, and tells it afterwards: what was told is in the log.
    pub(crate) fn tell(self, stub: &Stub, now: Instant) {
        let (who, target, note) = self.line();
        let deed = Deed {
            client: who.to_owned(),
            key: None,
            at_ms: TODAY_MS + (now - Instant::START).0,
        };
        let target = target.to_owned();
        let line = (stub.data()).write_down(&deed, self.event.name(), target, note);
        let told = Numbered {
            n: self.n,
            told: deed.told(line, self.event),
        };
        // The channel is there from the start.
        let _ = stub.feed().publish(now, GOVERNANCE, &told);
    }

    /// Who did what to which asset.
    fn line(&self) -> (&str, &str, Option<String>) {
        match &self.event {
            GovernanceEvent::AccessRequested { asset_id, by, .. } => (by, asset_id, None),
            GovernanceEvent::AssetChanged {
                asset_id,
                by,
                fields,
            } => (by, asset_id, Some(fields.join(", "))),
            GovernanceEvent::PolicyViolated {
                asset_id,
                policy_id,
                ..
            } => (NOBODY, asset_id, Some(policy_id.clone())),
            GovernanceEvent::QualityCheckFailed {
                asset_id,
                failing_rows,
                ..
            } => (NOBODY, asset_id, Some(format!("{failing_rows} rows"))),
            _ => (NOBODY, "", None),
        }
    }
}
