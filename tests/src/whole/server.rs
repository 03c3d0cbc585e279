//! Which backend: the reference one, or one change to it.

use serde::{Deserialize, Serialize};
use tidegate_contract::{BackendSettings, QueueOrder};

/// Writes of a run are fewer: what a key has done is not forgotten within it.
const KEYS: u32 = 100_000;
/// A client waits five seconds, of which the work may need one.
const EARLY_REFUSAL_MS: u64 = 4_000;

/// A backend by name. All of them remember idempotency keys; who sends none has nothing of it.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Server {
    /// The reference: 2,000 wait, up to 30 s, first come, first served.
    #[default]
    Deep,
    /// The same, but it refuses at once whoever would wait longer than 4 s.
    Hinting,
    /// The same, but who came last is next.
    Lifo,
    /// The same, but 250 may wait.
    Safe,
}

impl Server {
    /// All of them.
    pub const ALL: [Server; 4] = [Server::Deep, Server::Hinting, Server::Lifo, Server::Safe];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Server::Deep => "deep",
            Server::Hinting => "hinting",
            Server::Lifo => "lifo",
            Server::Safe => "safe",
        }
    }

    /// How it behaves under load.
    #[must_use]
    pub fn settings(self) -> BackendSettings {
        let deep = BackendSettings {
            idempotency_keys: KEYS,
            ..BackendSettings::reference()
        };
        match self {
            Server::Deep => deep,
            Server::Hinting => BackendSettings {
                early_refusal_ms: Some(EARLY_REFUSAL_MS),
                ..deep
            },
            Server::Lifo => BackendSettings {
                order: QueueOrder::Lifo,
                ..deep
            },
            Server::Safe => BackendSettings { queue: 250, ..deep },
        }
    }
}
