//! Where answers are kept, what the page is told of that, and what can be done to it.

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::PackagePage;
use super::people::SignedIn;
use crate::fixture::eventually;

/// Longer than the database is left alone after it has failed once.
const REST: u64 = 10_000;

/// Where answers are kept.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Mode {
    #[serde(rename = "indexeddb")]
    IndexedDb,
    Memory,
    ReadOnly,
    Unopened,
}

/// What the page is told of that, as a state or as an event.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Storage {
    pub(crate) mode: Mode,
    pub(crate) reason: Option<String>,
    /// Answers that were set aside.
    #[serde(default)]
    pub(crate) corrupt: u64,
    /// How often the database was opened again.
    #[serde(default)]
    pub(crate) reopened: u64,
}

#[derive(Deserialize)]
struct Health {
    storage: Storage,
}

/// The events that it has heard.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Told {
    pub(crate) identity: Vec<SignedIn>,
    pub(crate) kept: Vec<Value>,
    pub(crate) storage: Vec<Storage>,
}

impl PackagePage<'_> {
    /// Where answers are kept at this moment.
    pub(crate) async fn storage(&self) -> Result<Storage> {
        let health: Health = self.call("health", json!([])).await?;
        Ok(health.storage)
    }

    /// The same as soon as it is this.
    pub(crate) async fn storage_is(&self, mode: Mode) -> Result<Storage> {
        let look = async || self.storage().await;
        eventually("the place is as wanted", look, |seen| seen.mode == mode).await
    }

    /// What it has been told so far.
    pub(crate) async fn told(&self) -> Result<Told> {
        self.call("told", json!([])).await
    }

    /// Waits until an event `storage` has said this, in this mode.
    pub(crate) async fn hears(&self, mode: Mode, word: &str) -> Result<()> {
        let told = async || self.told().await;
        let said = |told: &Told| {
            let reason = |each: &Storage| each.reason.clone().unwrap_or_default();
            let mut events = told.storage.iter();
            events.any(|each| each.mode == mode && reason(each).contains(word))
        };
        eventually(&format!("an event says {word:?}"), told, said).await?;
        Ok(())
    }

    /// Waits until the last event `storage` says that all is well again.
    pub(crate) async fn hears_that_all_is_well(&self) -> Result<()> {
        let told = async || self.told().await;
        let said = |told: &Told| {
            let last = told.storage.last();
            told.storage.len() > 1
                && last.is_some_and(|it| it.mode == Mode::IndexedDb && it.reason.is_none())
        };
        eventually("an event says that all is well", told, said).await?;
        Ok(())
    }

    /// The browser closes every connection to a database, with the event that says so or without.
    pub(crate) async fn closes_connections(&self, with_event: bool) -> Result<()> {
        let closed: u32 = self.call("closeConnections", [with_event]).await?;
        ensure!(closed > 0, "there was none");
        Ok(())
    }

    /// From now on something is wrong with the database.
    pub(crate) async fn breaks(&self, fault: &str) -> Result<()> {
        self.call("breaks", [fault]).await
    }

    /// From now on nothing is wrong any more.
    pub(crate) async fn heals(&self) -> Result<()> {
        self.does("heals").await
    }

    /// What was kept in memory, the database being away for this reason, is served.
    pub(crate) async fn serves_from_memory(&self, path: &str, word: &str) -> Result<()> {
        self.hears(Mode::Memory, word).await?;
        let reason = self.storage().await?.reason.unwrap_or_default();
        ensure!(reason.contains(word), "the reason is {reason:?}");
        self.backend_goes().await?;
        self.read_from("cache", path).await?;
        Ok(())
    }

    /// A read has the database tried again once it has had its rest, and what memory has moves there.
    pub(crate) async fn comes_back_from_memory(&self, path: &str) -> Result<()> {
        self.skip(REST).await?;
        self.read_from("cache", path).await?;
        self.storage_is(Mode::IndexedDb).await?;
        self.hears_that_all_is_well().await?;
        self.flush().await
    }

    /// With the backend away, the page loaded anew has an answer to each, from the database.
    pub(crate) async fn is_kept_over_a_reload(&self, paths: &[String]) -> Result<()> {
        self.backend_goes().await?;
        self.reload_with("").await?;
        for path in paths {
            self.read_from("cache", path).await?;
        }
        let mode = self.storage().await?.mode;
        ensure!(mode == Mode::IndexedDb, "kept in {mode:?}");
        Ok(())
    }
}
