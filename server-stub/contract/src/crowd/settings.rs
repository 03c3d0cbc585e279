//! Who is in a crowd, with the numbers and where they come from.

use serde::{Deserialize, Serialize};

use crate::check::{ProgramError, range};

const MAX_USERS: u64 = 100_000;
const MAX_MS: u64 = 600_000;
const MAX_AGAIN: u64 = 10;

/// How a crowd behaves.
///
/// The default is the naive fleet that the figures of the overload model are given for: 2000 users who want something every ten
/// seconds, and a client that gives up after five and then tries three more times at once. How often people click again or reload is
/// an assumption; that they do is not.
///
/// ```
/// use tidegate_contract::CrowdSettings;
/// let crowd: CrowdSettings = serde_json::from_str(r#"{"users":300}"#).unwrap();
/// assert_eq!(crowd, CrowdSettings { users: 300, ..CrowdSettings::default() });
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct CrowdSettings {
    /// Whether attempts say until when their client waits.
    pub deadlines: bool,
    /// The mean time between two things that one user wants. Users do not wait for one before they want the next.
    pub every_ms: u64,
    /// Whether writes carry an idempotency key, one per intent.
    pub keys: bool,
    /// How long a person waits for an answer before they think of reloading.
    pub patience_ms: u64,
    /// How many of a thousand intents are polls of a page that nobody looks at: nobody clicks again or reloads.
    pub poll_permille: u32,
    /// The soonest that a person clicks again after an error.
    pub reclick_from_ms: u64,
    /// How many of a thousand errors make a person click again.
    pub reclick_permille: u32,
    /// The latest that a person clicks again after an error.
    pub reclick_to_ms: u64,
    /// How often a person asks again for one thing, clicks and reloads together.
    pub reclicks: u32,
    /// How many of a thousand waits longer than the patience make a person reload. The browser drops the old request.
    pub reload_permille: u32,
    /// How often the client tries again, at once, before it shows an error.
    pub retries: u32,
    /// The way there and back. All of it is spent on the way there.
    pub round_trip_ms: u64,
    /// When the client gives up an attempt, counted from when it was sent.
    pub timeout_ms: u64,
    /// How many there are.
    pub users: u32,
    /// How many of a thousand intents change something.
    pub write_permille: u32,
}

impl CrowdSettings {
    /// The same crowd with another number of users.
    #[must_use]
    pub fn with_users(mut self, users: u32) -> CrowdSettings {
        self.users = users;
        self
    }

    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first value that is not, with its path.
    pub fn check(&self) -> Result<(), ProgramError> {
        range("everyMs", self.every_ms, 100, MAX_MS)?;
        range("patienceMs", self.patience_ms, 1, MAX_MS)?;
        range("pollPermille", self.poll_permille.into(), 0, 1_000)?;
        range("reclickFromMs", self.reclick_from_ms, 0, MAX_MS)?;
        range("reclickPermille", self.reclick_permille.into(), 0, 1_000)?;
        let from = self.reclick_from_ms;
        range("reclickToMs", self.reclick_to_ms, from, MAX_MS)?;
        range("reclicks", self.reclicks.into(), 0, MAX_AGAIN)?;
        range("reloadPermille", self.reload_permille.into(), 0, 1_000)?;
        range("retries", self.retries.into(), 0, MAX_AGAIN)?;
        range("roundTripMs", self.round_trip_ms, 0, MAX_MS)?;
        range("timeoutMs", self.timeout_ms, self.round_trip_ms + 1, MAX_MS)?;
        range("users", self.users.into(), 0, MAX_USERS)?;
        let others = u64::from(1_000 - self.poll_permille);
        range("writePermille", self.write_permille.into(), 0, others)
    }
}

impl Default for CrowdSettings {
    fn default() -> CrowdSettings {
        CrowdSettings {
            deadlines: false,
            every_ms: 10_000,
            keys: false,
            patience_ms: 8_000,
            poll_permille: 400,
            reclick_from_ms: 1_000,
            reclick_permille: 600,
            reclick_to_ms: 3_000,
            reclicks: 2,
            reload_permille: 500,
            retries: 3,
            round_trip_ms: 40,
            timeout_ms: 5_000,
            users: 2_000,
            write_permille: 100,
        }
    }
}
