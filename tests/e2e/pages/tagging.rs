//! A tag for many assets at once, in the demo's catalogue.

use std::collections::BTreeMap;

use anyhow::Result;

use super::dom::script;
use crate::fixture::{Browser, Stage, eventually};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Tagging<'a> {
    browser: &'a Browser,
}

/// The tags of each row that are not saved.
const DRAFTS: &str = r#"
const drafts = (row) => all("tag-draft", row).map((draft) => draft.firstChild.textContent);
return Object.fromEntries(all("asset-row").map((row) => [row.dataset.id, drafts(row)]));
"#;

/// The rows that are said to open offline.
const OFFLINE: &str = r#"
return all("asset-row").filter((row) => row.dataset.offline === "true").map((row) => row.dataset.id);
"#;

impl<'a> Tagging<'a> {
    pub(crate) fn of(stage: &'a Stage) -> Tagging<'a> {
        Tagging {
            browser: &stage.browser,
        }
    }

    /// Puts a tag on these.
    pub(crate) async fn tag(&self, ids: &[String], tag: &str) -> Result<()> {
        for id in ids {
            let row = format!("[data-testid=asset-row][data-id={id:?}]");
            self.browser
                .click(&format!("{row} [data-testid=select]"))
                .await?;
        }
        self.browser.write("[data-testid=tag]", tag).await?;
        self.browser.click("[data-testid=tag-selected]").await
    }

    /// Waits until these rows, and no others, have a tag that is not saved yet.
    pub(crate) async fn is_unsaved_on(&self, ids: &[String], tag: &str) -> Result<()> {
        let look = async || {
            let rows: BTreeMap<String, Vec<String>> = self.browser.read(&script(DRAFTS)).await?;
            Ok(rows)
        };
        let wanted = |rows: &BTreeMap<String, Vec<String>>| {
            rows.iter().all(|(id, drafts)| match ids.contains(id) {
                true => *drafts == [tag],
                false => drafts.is_empty(),
            })
        };
        let what = format!("{tag} is on {} rows, and not saved", ids.len());
        eventually(&what, look, wanted).await.map(drop)
    }

    /// Waits until these rows, and no others, are said to open offline.
    pub(crate) async fn opens_offline(&self, ids: &[String]) -> Result<()> {
        let look = async || self.browser.read::<Vec<String>>(&script(OFFLINE)).await;
        eventually("rows that open offline", look, |rows| rows == ids)
            .await
            .map(drop)
    }
}
