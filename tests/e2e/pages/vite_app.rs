//! The app of the npm project: one page of assets after the other.

use anyhow::Result;
use serde::Deserialize;

use super::badge::Badge;
use super::dom::script;
use crate::fixture::{Browser, Stage, eventually};

#[derive(Clone, Copy, Debug)]
pub(crate) struct ViteApp<'a> {
    browser: &'a Browser,
}

/// What is on show.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Shown {
    /// The ids of the assets.
    pub(crate) rows: Vec<String>,
    pub(crate) badge: Option<Badge>,
    pub(crate) engine: Engine,
    asking: bool,
}

/// What `health()` says.
#[derive(Debug, Deserialize)]
pub(crate) struct Engine {
    pub(crate) state: Option<String>,
    /// Where answers are kept, while it is ready.
    pub(crate) storage: Option<String>,
    /// Why it is lost, if it is.
    pub(crate) text: String,
}

const SHOWN: &str = r#"
const engine = one("engine");
return {
  rows: rows(),
  badge: badge(document),
  engine: { ...engine.dataset, text: engine.textContent },
  asking: document.body.dataset.asking !== "false",
};
"#;

impl<'a> ViteApp<'a> {
    pub(crate) async fn open(stage: &'a Stage) -> Result<ViteApp<'a>> {
        let browser = &stage.browser;
        browser.open(&stage.address()).await?;
        Ok(ViteApp { browser })
    }

    /// What is on show once nothing is asked for any more.
    pub(crate) async fn shown(&self) -> Result<Shown> {
        self.eventually("the page has its answer", Shown::is_settled)
            .await
    }

    /// What is on show as soon as it is as wanted.
    pub(crate) async fn eventually(
        &self,
        what: &str,
        wanted: impl Fn(&Shown) -> bool,
    ) -> Result<Shown> {
        let look = async || self.browser.read(&script(SHOWN)).await;
        eventually(what, look, wanted).await
    }

    pub(crate) async fn next_page(&self) -> Result<Shown> {
        self.turn("[data-testid=next-page]").await
    }

    pub(crate) async fn previous_page(&self) -> Result<Shown> {
        self.turn("[data-testid=previous-page]").await
    }

    async fn turn(&self, button: &str) -> Result<Shown> {
        let before = self.shown().await?.rows;
        self.browser.click(button).await?;
        let turned = |shown: &Shown| shown.is_settled() && shown.rows != before;
        self.eventually("another page", turned).await
    }
}

impl Shown {
    pub(crate) fn is_live(&self) -> bool {
        self.is_settled() && self.badge.as_ref().is_some_and(Badge::is_live)
    }

    pub(crate) fn is_kept_copy(&self) -> bool {
        self.is_settled() && self.badge.as_ref().is_some_and(Badge::is_kept_copy)
    }

    /// Whether a copy is in the browser's database: the mode is told when the first one is.
    pub(crate) fn is_stored(&self) -> bool {
        self.engine.storage.as_deref() == Some("indexeddb")
    }

    fn is_settled(&self) -> bool {
        !self.asking && self.badge.is_some()
    }
}
