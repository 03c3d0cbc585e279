//! Who wants what, and what they do when they do not get it.
//!
//! How often people click again or reload is an assumption of the overload model; that they do is not. It makes of people a retry loop that
//! no budget in a client knows of.

use serde::{Deserialize, Serialize};
use tidegate_contract::ProgramError;

use crate::scenario_file::range;

/// Everybody in front of a screen.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "camelCase")]
pub struct People {
    /// The mean time between two things that one of them wants. They do not wait for one before they want the next.
    pub every_ms: u64,
    /// How many of a thousand reads are of something that this user never saw before: nothing is kept of it.
    pub novel_permille: u32,
    /// How long somebody waits for an answer before they think of reloading.
    pub patience_ms: u64,
    /// How many of a thousand intents are polls of a page: nobody clicks again or reloads.
    pub poll_permille: u32,
    /// The soonest that somebody clicks again after an error.
    pub reclick_from_ms: u64,
    /// How many of a thousand errors make somebody click again.
    pub reclick_permille: u32,
    /// The latest that somebody clicks again after an error.
    pub reclick_to_ms: u64,
    /// How often somebody asks again for one thing, clicks and reloads together, before they give up.
    pub reclicks: u32,
    /// How many of a thousand waits longer than the patience make somebody reload. The browser drops the old request.
    pub reload_permille: u32,
    /// The way there and back.
    pub round_trip_ms: u64,
    /// How many there are.
    pub users: u32,
    /// How many views each of them comes back to: the first most, the n-th an n-th as often (Zipf).
    pub views: u32,
    /// How many of a thousand intents change something.
    pub write_permille: u32,
}

impl Default for People {
    /// 2,000 users who want something every ten seconds.
    fn default() -> People {
        People {
            every_ms: 10_000,
            novel_permille: 50,
            patience_ms: 8_000,
            poll_permille: 400,
            reclick_from_ms: 1_000,
            reclick_permille: 600,
            reclick_to_ms: 3_000,
            reclicks: 2,
            reload_permille: 500,
            round_trip_ms: 40,
            users: 2_000,
            views: 40,
            write_permille: 100,
        }
    }
}

impl People {
    /// What all of them want, per thousand seconds.
    pub(super) fn wants_per_kilosecond(&self) -> u64 {
        u64::from(self.users) * 1_000_000 / self.every_ms.max(1)
    }

    pub(super) fn check(&self) -> Result<(), ProgramError> {
        let permille =
            |name: &str, value: u32| range(&format!("people.{name}"), value.into(), 0, 1_000);
        range("people.everyMs", self.every_ms, 100, 600_000)?;
        permille("novelPermille", self.novel_permille)?;
        range("people.patienceMs", self.patience_ms, 1, 600_000)?;
        permille("pollPermille", self.poll_permille)?;
        range("people.reclickFromMs", self.reclick_from_ms, 0, 600_000)?;
        permille("reclickPermille", self.reclick_permille)?;
        range(
            "people.reclickToMs",
            self.reclick_to_ms,
            self.reclick_from_ms,
            600_000,
        )?;
        range("people.reclicks", self.reclicks.into(), 0, 10)?;
        permille("reloadPermille", self.reload_permille)?;
        range("people.roundTripMs", self.round_trip_ms, 0, 60_000)?;
        range("people.users", self.users.into(), 1, 100_000)?;
        range("people.views", self.views.into(), 1, 1_000)?;
        let others = u64::from(1_000 - self.poll_permille);
        range(
            "people.writePermille",
            self.write_permille.into(),
            0,
            others,
        )
    }
}
