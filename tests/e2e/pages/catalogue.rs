//! The demo's list of assets.

use std::time::Duration;

use anyhow::Result;
use serde::Deserialize;

use super::asset_page::AssetPage;
use super::badge::Badge;
use super::dom::script;
use crate::fixture::{Browser, Stage, eventually};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Catalogue<'a> {
    browser: &'a Browser,
}

/// What is on show.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct List {
    /// The ids of the assets.
    pub(crate) rows: Vec<String>,
    pub(crate) badge: Option<Badge>,
    pub(crate) no_answer: bool,
    asking: bool,
}

const LIST: &str = r#"
const busy = document.querySelector('main [data-asking="true"], main [aria-disabled="true"]');
const elsewhere = one("asset-detail") || !one("search");
return {
  rows: rows(),
  badge: badge(document.querySelector("main")),
  noAnswer: !!one("no-answer"),
  asking: !!(busy || elsewhere),
};
"#;

impl<'a> Catalogue<'a> {
    /// Opens the demo at its first page.
    pub(crate) async fn open(stage: &'a Stage) -> Result<Catalogue<'a>> {
        let browser = &stage.browser;
        browser.open(&stage.address()).await?;
        Ok(Catalogue { browser })
    }

    /// What is on show once nothing is asked for any more: rows, or the words that there are none.
    pub(crate) async fn shown(&self) -> Result<List> {
        self.eventually("the catalogue has its answer", List::is_settled)
            .await
    }

    /// What is on show as soon as it is as wanted.
    pub(crate) async fn eventually(
        &self,
        what: &str,
        wanted: impl Fn(&List) -> bool,
    ) -> Result<List> {
        let look = async || self.browser.read(&script(LIST)).await;
        eventually(what, look, wanted).await
    }

    /// Opens the asset of a row.
    pub(crate) async fn open_asset(&self, id: &str) -> Result<AssetPage<'a>> {
        let link = format!("[data-testid=asset-row][data-id={id:?}] a");
        self.browser.click(&link).await?;
        Ok(AssetPage::of(self.browser, id))
    }

    /// Turns to the next page; returns what is shown of it.
    pub(crate) async fn next_page(&self) -> Result<List> {
        self.turn(self.browser.click("[data-testid=next-page]"))
            .await
    }

    /// Turns to the page before, with the browser's button.
    pub(crate) async fn back(&self) -> Result<List> {
        self.turn(self.browser.back()).await
    }

    /// Back from an asset to the list that it was opened from, with the browser's button.
    pub(crate) async fn back_from_asset(&self) -> Result<List> {
        self.browser.back().await?;
        self.shown().await
    }

    async fn turn(&self, step: impl Future<Output = Result<()>>) -> Result<List> {
        let before = self.shown().await?.rows;
        step.await?;
        self.eventually("another page of the catalogue", |list| {
            list.is_settled() && list.rows != before
        })
        .await
    }
}

impl List {
    pub(crate) fn is_live(&self) -> bool {
        self.is_settled() && self.badge.as_ref().is_some_and(Badge::is_live)
    }

    pub(crate) fn is_kept_copy(&self) -> bool {
        self.is_settled() && self.badge.as_ref().is_some_and(Badge::is_kept_copy)
    }

    pub(crate) fn is_older_than(&self, age: Duration) -> bool {
        let shown = self.badge.as_ref().and_then(|badge| badge.age_ms);
        shown.is_some_and(|shown| Duration::from_millis(shown) > age)
    }

    fn is_settled(&self) -> bool {
        let has_rows = !self.rows.is_empty() && self.badge.is_some();
        !self.asking && (has_rows || self.no_answer)
    }
}
