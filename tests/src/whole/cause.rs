//! What goes wrong, and for how long.

use serde::{Deserialize, Serialize};
use tidegate_contract::{BackendSettings, ProgramError};

use crate::scenario_file::range;

/// What is different while it lasts. Nothing, by default.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct Cause {
    /// The pool has this many connections.
    pub connections: Option<u32>,
    /// Every connection is refused, after a round trip.
    pub down: bool,
    /// So many of a thousand attempts are answered 503 by chance.
    pub fail_permille: u32,
    /// Work takes so many thousandths of the time that it usually takes.
    pub slowdown: Option<u32>,
    /// So much is wanted in a second by all users together.
    pub wants_per_s: Option<u32>,
}

impl Cause {
    /// The backend while it lasts.
    pub(super) fn backend(&self, usual: &BackendSettings) -> BackendSettings {
        BackendSettings {
            connections: self.connections.unwrap_or(usual.connections),
            slowdown: self.slowdown.unwrap_or(usual.slowdown),
            ..usual.clone()
        }
    }

    /// Whether it is one: a run without has no time after it.
    pub(super) fn is_some(&self) -> bool {
        *self != Cause::default()
    }

    pub(super) fn check(&self) -> Result<(), ProgramError> {
        if let Some(connections) = self.connections {
            range("cause.connections", connections.into(), 1, 100_000)?;
        }
        range("cause.failPermille", self.fail_permille.into(), 0, 1_000)?;
        if let Some(slowdown) = self.slowdown {
            range("cause.slowdown", slowdown.into(), 0, 1_000_000)?;
        }
        match self.wants_per_s {
            Some(wants) => range("cause.wantsPerS", wants.into(), 1, 100_000),
            None => Ok(()),
        }
    }
}
