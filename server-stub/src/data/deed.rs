//! A write: in whose name it happens, and what it came to.

use tidegate_contract::{GovernanceEvent, Told};

/// Who writes, with which key, when.
#[derive(Clone, Debug)]
pub(crate) struct Deed {
    /// The client's name.
    pub(crate) client: String,
    /// Its idempotency key, if it sent one.
    pub(crate) key: Option<String>,
    /// In milliseconds since 1970, on the catalogue's calendar.
    pub(crate) at_ms: u64,
}

/// A write that took effect.
#[derive(Debug)]
#[must_use = "its events have to be published"]
pub(crate) struct Written<T> {
    /// What there is now.
    pub(crate) value: T,
    /// What happened: the name of the first event.
    pub(crate) what: &'static str,
    /// The line that it left in the audit log.
    pub(crate) line: u64,
    /// What the feed has to tell.
    pub(crate) events: Vec<GovernanceEvent>,
}

impl Deed {
    /// An event of a write that left this line, as the feed tells it.
    pub(crate) fn told(&self, line: u64, event: GovernanceEvent) -> Told {
        Told {
            line: Some(line),
            at: Some(self.at_ms),
            event,
        }
    }
}
