//! The demo's resilience panel: what the SDK says of itself.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;
use tidegate_contract::Preset;

use super::dom::script;
use crate::fixture::{Stage, eventually};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Panel<'a> {
    stage: &'a Stage,
}

/// What it shows.
#[derive(Debug, Deserialize)]
pub(crate) struct Reading {
    /// Each scope's state.
    pub(crate) breakers: BTreeMap<String, Breaker>,
    counters: BTreeMap<String, u64>,
    pub(crate) storage: Storage,
}

#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Breaker {
    Closed,
    HalfOpen,
    Open,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Storage {
    pub(crate) mode: String,
    pub(crate) text: String,
}

const READING: &str = r#"
const counters = [...document.querySelectorAll('[data-testid^="counter-"]')];
const storage = one("storage");
return {
  breakers: Object.fromEntries(all("breaker").map(({ dataset }) => [dataset.scope, dataset.state])),
  counters: Object.fromEntries(
    counters.map((one) => [one.dataset.testid.slice("counter-".length), Number(one.textContent.replace(/\D/g, ""))]),
  ),
  storage: { mode: storage.dataset.mode, text: storage.textContent },
};
"#;

impl<'a> Panel<'a> {
    pub(crate) fn of(stage: &'a Stage) -> Panel<'a> {
        Panel { stage }
    }

    /// What it shows as soon as it is as wanted.
    pub(crate) async fn eventually(
        &self,
        what: &str,
        wanted: impl Fn(&Reading) -> bool,
    ) -> Result<Reading> {
        let look = async || self.stage.browser.read(&script(READING)).await;
        eventually(what, look, wanted).await
    }

    /// Breaks or mends the backend with its button, in a group that may have to be opened first.
    pub(crate) async fn choose(&self, preset: Preset) -> Result<()> {
        let button = format!("[data-testid=preset-{preset}]");
        let pressed = format!("{button}[aria-pressed=true]");
        let closed = format!("details:not([open])[data-presets~=\"{preset}\"]");
        self.stage.browser.appears(&button).await?;
        if self.stage.browser.shows(&closed).await? {
            self.stage
                .browser
                .click(&format!("{closed} > summary"))
                .await?;
        }
        self.stage.browser.click(&button).await?;
        self.stage.browser.appears(&pressed).await
    }

    /// Has somebody else edit the asset that is on show.
    pub(crate) async fn somebody_else_edits(&self) -> Result<()> {
        self.stage.browser.click("[data-testid=rival]").await?;
        self.says("Somebody else has changed").await
    }

    /// Has the session expire: the next write is answered 401.
    pub(crate) async fn session_expires(&self) -> Result<()> {
        self.stage.browser.click("[data-testid=expire]").await?;
        self.says("401").await
    }

    async fn says(&self, words: &str) -> Result<()> {
        let said = async || {
            let script = "return one('rival-said').textContent;";
            self.stage
                .browser
                .read::<String>(&super::dom::script(script))
                .await
        };
        eventually("the panel says so", said, |said| said.contains(words)).await?;
        Ok(())
    }

    /// What it shows now.
    pub(crate) async fn shown(&self) -> Result<Reading> {
        self.eventually("the panel is there", |_| true).await
    }

    /// Waits until the breaker of a route is in this state.
    pub(crate) async fn breaker_is(&self, state: Breaker, route: &str) -> Result<Reading> {
        let scope = self.scope(route);
        let what = format!("the breaker of {route} is {state:?}");
        self.eventually(&what, |reading| {
            reading.breakers.get(&scope) == Some(&state)
        })
        .await
    }

    /// Waits until copies are kept there, which is said when the first one is.
    pub(crate) async fn storage_is(&self, mode: &str) -> Result<Storage> {
        let what = format!("copies are kept in {mode}");
        let panel = self.eventually(&what, |panel| panel.storage.mode == mode);
        Ok(panel.await?.storage)
    }

    /// The SDK's name for a route of the contract.
    fn scope(&self, route: &str) -> String {
        format!("{}{}", self.stage.stub.api(), route.replace("{id}", ":id"))
    }
}

impl Storage {
    /// Whether it says why it is not the better place.
    pub(crate) fn names_a_reason(&self) -> bool {
        self.text.contains('(')
    }
}

impl Reading {
    pub(crate) fn counter(&self, name: &str) -> u64 {
        self.counters[name]
    }
}
