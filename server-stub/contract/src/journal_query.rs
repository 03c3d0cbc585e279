//! What the journal is asked for.

use serde::{Deserialize, Serialize};

use crate::journal::{EntryKind, JournalEntry};
use crate::pattern::Pattern;
use crate::query_string::QueryString;

/// A filter, and how long to wait until enough lines pass it: tests wait for arrivals instead of sleeping.
///
/// ```
/// use tidegate_contract::{JournalQuery, Pattern};
/// let query = JournalQuery { path: Some(Pattern::from("/api/assets")), wait_for: 2, ..JournalQuery::default() };
/// assert_eq!(query.to_path(), "/_stub/v1/journal?path=%2Fapi%2Fassets&wait_for=2");
/// ```
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct JournalQuery {
    /// Only lines with a greater number.
    pub since: u64,
    /// Only paths that fit; compared without the query string.
    pub path: Option<Pattern>,
    /// Only this method.
    pub method: Option<String>,
    /// Only this client.
    pub client: Option<String>,
    /// Only this kind.
    pub kind: Option<EntryKind>,
    /// Only requests with this `Idempotency-Key`.
    pub key: Option<String>,
    /// Only what met this fault, by its name.
    pub fault: Option<String>,
    /// Only answers with this status.
    pub status: Option<u16>,
    /// Only requests whose work is done, whoever was there for it.
    pub worked: bool,
    /// Only requests that are over.
    pub settled: bool,
    /// Answer as soon as this many lines pass, or when the time is up with those there are.
    pub wait_for: usize,
    /// How long to wait at most, in milliseconds; [`JournalQuery::DEFAULT_TIMEOUT_MS`] when left out.
    pub timeout_ms: Option<u64>,
}

impl JournalQuery {
    /// How long to wait when nobody says: well above anything a local request takes.
    pub const DEFAULT_TIMEOUT_MS: u64 = 10_000;
    /// The longest wait; a greater one is cut to this.
    pub const MAX_TIMEOUT_MS: u64 = 60_000;

    /// The path and query string that ask this of the default space.
    #[must_use]
    pub fn to_path(&self) -> String {
        let query = QueryString::default()
            .with("since", (self.since > 0).then_some(self.since))
            .with("path", self.path.as_ref())
            .with("method", self.method.as_deref())
            .with("client", self.client.as_deref())
            .with("kind", self.kind.map(EntryKind::name))
            .with("key", self.key.as_deref())
            .with("fault", self.fault.as_deref())
            .with("status", self.status)
            .with("worked", self.worked.then_some(true))
            .with("settled", self.settled.then_some(true))
            .with("wait_for", (self.wait_for > 0).then_some(self.wait_for))
            .with("timeout_ms", self.timeout_ms);
        format!("{}{}", crate::paths::JOURNAL, query.finish())
    }

    /// Whether a line passes.
    #[must_use]
    pub fn passes(&self, entry: &JournalEntry) -> bool {
        let path = entry.path.split_once('?').map_or(&*entry.path, |(p, _)| p);
        entry.seq > self.since
            && (!self.settled || entry.is_settled())
            && (!self.worked || entry.work.is_some())
            && self.kind.is_none_or(|wanted| wanted == entry.kind)
            && self
                .status
                .is_none_or(|wanted| entry.status() == Some(wanted))
            && (self.key.is_none() || self.key == entry.key)
            && self
                .fault
                .as_ref()
                .is_none_or(|wanted| entry.faults.contains(wanted))
            && self.path.as_ref().is_none_or(|wanted| wanted.matches(path))
            && self
                .method
                .as_ref()
                .is_none_or(|wanted| *wanted == entry.method)
            && self
                .client
                .as_ref()
                .is_none_or(|wanted| *wanted == entry.client)
    }
}
