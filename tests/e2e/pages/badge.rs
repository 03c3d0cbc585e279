//! What a page says of the answer it shows.

use serde::Deserialize;

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Badge {
    pub(crate) source: Source,
    pub(crate) reason: Option<String>,
    pub(crate) age_ms: Option<u64>,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Source {
    Cache,
    Network,
    None,
    Passthrough,
}

impl Badge {
    pub(crate) fn is_live(&self) -> bool {
        self.source == Source::Network
    }

    /// Whether it says that this is a kept copy, how old it is, and why it is shown.
    pub(crate) fn is_kept_copy(&self) -> bool {
        self.source == Source::Cache && self.age_ms.is_some() && self.reason.is_some()
    }
}
