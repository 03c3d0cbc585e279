//! What is run: people, a backend, what goes wrong and when.

use serde::Serialize;
use tidegate_contract::{BackendSettings, ProgramError};

use super::cause::Cause;
use super::people::People;
use super::server::Server;
use crate::scenario_file::range;

/// What the reference backend can do in a second, reads from its cache included: 200 / (1 - 0.35 x 0.9).
pub(super) const CAPACITY: u32 = 292;

/// A run, but for the client and the seed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    /// Its name in tables.
    pub name: String,
    /// What it is, in a line.
    pub what: String,
    /// Which backend it was made from.
    pub server: Server,
    /// That backend.
    pub backend: BackendSettings,
    /// Who is there.
    pub people: People,
    /// What goes wrong.
    pub cause: Cause,
    /// When it begins to, in seconds.
    pub warm_s: u64,
    /// How many seconds it lasts.
    pub cause_s: u64,
    /// How many seconds the run goes on after it.
    pub after_s: u64,
}

/// The cases that have a name on the command line, in the order of the tables.
pub const CASES: [&str; 8] = [
    "normal", "503x5", "spike2", "spike5", "spike10", "outage", "brownout", "pool10",
];

impl Case {
    /// The case with this name, of 2,000 users, on one of the backends.
    #[must_use]
    pub fn named(name: &str, server: Server) -> Option<Case> {
        let spike = |times: u32| Cause {
            wants_per_s: Some(times * CAPACITY),
            ..Cause::default()
        };
        let (what, cause_s, cause) = match name {
            "normal" => ("nothing goes wrong", 60, Cause::default()),
            "503x5" => (
                "5 % of the attempts are answered 503",
                60,
                Cause {
                    fail_permille: 50,
                    ..Cause::default()
                },
            ),
            "spike2" => ("twice as much is wanted as can be done", 60, spike(2)),
            "spike5" => ("five times as much is wanted as can be done", 60, spike(5)),
            "spike10" => ("ten times as much is wanted as can be done", 60, spike(10)),
            "outage" => (
                "connections are refused",
                30,
                Cause {
                    down: true,
                    ..Cause::default()
                },
            ),
            "brownout" => (
                "work takes ten times as long",
                30,
                Cause {
                    slowdown: Some(10_000),
                    ..Cause::default()
                },
            ),
            "pool10" => (
                "10 of 50 connections are left",
                60,
                Cause {
                    connections: Some(10),
                    ..Cause::default()
                },
            ),
            _ => return None,
        };
        Some(Case {
            name: name.to_owned(),
            what: what.to_owned(),
            server,
            backend: server.settings(),
            people: People::default(),
            cause,
            warm_s: 30,
            cause_s,
            after_s: 120,
        })
    }

    /// The same with another number of users.
    #[must_use]
    pub fn with_users(mut self, users: u32) -> Case {
        self.people.users = users;
        self
    }

    /// When the cause begins and ends, in seconds.
    pub(super) fn cause_at(&self) -> (u64, u64) {
        (self.warm_s, self.warm_s + self.cause_s)
    }

    /// When nobody wants anything new any more, in seconds.
    pub(super) fn horizon(&self) -> u64 {
        self.warm_s + self.cause_s + self.after_s
    }

    /// What is wanted per thousand seconds, until when.
    pub(super) fn rates(&self) -> [(u64, u64); 3] {
        let usual = self.people.wants_per_kilosecond();
        let wants = self.cause.wants_per_s;
        let during = wants.map_or(usual, |wants| u64::from(wants) * 1_000);
        let (from, to) = self.cause_at();
        [(usual, from), (during, to), (usual, self.horizon())]
    }

    /// What the pool can do in a second while the cause lasts; nothing, where it is down.
    pub(super) fn pool_per_s(&self) -> f64 {
        if self.cause.down {
            return 0.0;
        }
        pool_per_s(&self.cause.backend(&self.backend))
    }

    /// What the pool can do in a second when all is well.
    pub(super) fn usual_pool_per_s(&self) -> f64 {
        pool_per_s(&self.backend)
    }

    /// Whether every value is in its range.
    ///
    /// # Errors
    /// The first value that is not, with its path.
    pub fn check(&self) -> Result<(), ProgramError> {
        self.backend.check().map_err(|error| match error {
            ProgramError::OutOfRange {
                path,
                accepted,
                found,
            } => ProgramError::OutOfRange {
                path: format!("backend.{path}"),
                accepted,
                found,
            },
            other => other,
        })?;
        self.people.check()?;
        self.cause.check()?;
        range("warmS", self.warm_s, 1, 3_600)?;
        range("causeS", self.cause_s, 1, 3_600)?;
        range("afterS", self.after_s, 60, 3_600)?;
        let most = self.rates().iter().map(|(rate, _)| rate / 1_000).max();
        range("people: wants a second", most.unwrap_or(0), 0, 100_000)
    }
}

fn pool_per_s(backend: &BackendSettings) -> f64 {
    let service = backend.mean_service().0.max(1) as f64 / 1e6;
    f64::from(backend.connections) / service
}
