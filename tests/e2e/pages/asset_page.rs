//! The demo's page of one asset.

use anyhow::Result;
use serde::Deserialize;

use super::badge::Badge;
use super::dom::script;
use crate::fixture::{Browser, eventually};

#[derive(Clone, Debug)]
pub(crate) struct AssetPage<'a> {
    browser: &'a Browser,
    id: String,
}

/// What is on show.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Detail {
    id: Option<String>,
    /// What is said of the asset.
    pub(crate) badge: Option<Badge>,
    /// What is said of its lineage.
    pub(crate) lineage: Option<Badge>,
    /// There is nothing to show of the asset.
    pub(crate) no_answer: bool,
    /// There is nothing to show of its lineage.
    pub(crate) no_lineage: bool,
    asking: bool,
}

const DETAIL: &str = r#"
const detail = one("asset-detail");
const lineage = detail && one("lineage", detail);
const busy = detail?.querySelector('[data-asking="true"], [aria-disabled="true"]');
return {
  id: detail?.dataset.id ?? null,
  badge: badge(detail?.querySelector(":scope > .heading")),
  lineage: badge(lineage?.querySelector(":scope > .heading")),
  noAnswer: !!detail?.querySelector(":scope > [data-testid=no-answer]"),
  noLineage: !!(lineage && one("no-answer", lineage)),
  asking: !!busy,
};
"#;

impl<'a> AssetPage<'a> {
    pub(super) fn of(browser: &'a Browser, id: &str) -> AssetPage<'a> {
        let id = id.to_owned();
        AssetPage { browser, id }
    }

    /// What is on show once nothing is asked for any more.
    pub(crate) async fn shown(&self) -> Result<Detail> {
        let look = async || self.browser.read(&script(DETAIL)).await;
        let wanted = |detail: &Detail| detail.id.as_ref() == Some(&self.id) && detail.is_settled();
        eventually("the asset has its answers", look, wanted).await
    }
}

impl Detail {
    pub(crate) fn is_live(&self) -> bool {
        self.both(Badge::is_live)
    }

    pub(crate) fn is_kept_copy(&self) -> bool {
        self.both(Badge::is_kept_copy)
    }

    fn both(&self, is: fn(&Badge) -> bool) -> bool {
        self.badge.as_ref().is_some_and(is) && self.lineage.as_ref().is_some_and(is)
    }

    fn is_settled(&self) -> bool {
        let has_lineage = self.lineage.is_some() || self.no_lineage;
        !self.asking && (self.no_answer || (self.badge.is_some() && has_lineage))
    }
}
