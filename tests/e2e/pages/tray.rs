//! The demo's outbox tray: what is not saved yet.

use anyhow::Result;
use serde::Deserialize;

use super::dom::script;
use crate::fixture::{Browser, Stage, eventually};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Tray<'a> {
    browser: &'a Browser,
}

/// What it has.
#[derive(Debug, Deserialize)]
pub(crate) struct Entries {
    /// The number on the button that opens it.
    pub(crate) count: usize,
    pub(crate) entries: Vec<Entry>,
    pub(crate) past: Vec<Past>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Entry {
    pub(crate) words: String,
    pub(crate) state: String,
    pub(crate) reason: Option<String>,
}

/// What became of an entry.
#[derive(Debug, Deserialize)]
pub(crate) struct Past {
    pub(crate) words: String,
    pub(crate) ending: String,
}

const ENTRIES: &str = r#"
return {
  count: Number(one("tray-toggle").dataset.count),
  entries: all("entry").map((entry) => ({
    words: entry.querySelector("strong").textContent,
    state: entry.dataset.state,
    reason: entry.dataset.reason || null,
  })),
  past: all("past").map((past) => ({ words: past.querySelector("span").textContent, ending: past.dataset.ending })),
};
"#;

impl<'a> Tray<'a> {
    pub(crate) fn of(stage: &'a Stage) -> Tray<'a> {
        Tray {
            browser: &stage.browser,
        }
    }

    pub(crate) async fn open(&self) -> Result<()> {
        self.press("tray-toggle").await
    }

    /// What it has as soon as it is as wanted.
    pub(crate) async fn eventually(
        &self,
        what: &str,
        wanted: impl Fn(&Entries) -> bool,
    ) -> Result<Entries> {
        let look = async || self.browser.read(&script(ENTRIES)).await;
        eventually(what, look, wanted).await
    }

    /// Waits until this is not saved yet, and nothing else.
    pub(crate) async fn has(&self, words: &str) -> Result<Entry> {
        let what = format!("the outbox has {words:?}");
        let one = |tray: &Entries| tray.count == 1 && tray.entries.len() == 1;
        let tray = self.eventually(&what, |tray| one(tray) && tray.entries[0].words == words);
        Ok(tray.await?.entries.swap_remove(0))
    }

    /// Waits until everything is saved.
    pub(crate) async fn is_empty(&self) -> Result<Entries> {
        self.eventually("the outbox is empty", |tray| {
            tray.count == 0 && tray.entries.is_empty()
        })
        .await
    }

    /// Waits for a conflict, and for what there is now; the two texts.
    pub(crate) async fn dispute(&self) -> Result<(String, String)> {
        const TEXTS: &str = r#"return [one("theirs").textContent, one("mine").textContent];"#;
        let look = async || self.browser.read(&script(TEXTS)).await;
        eventually("both texts are shown", look, |_| true).await
    }

    pub(crate) async fn keep_mine(&self) -> Result<()> {
        self.press("keep-mine").await
    }

    pub(crate) async fn keep_theirs(&self) -> Result<()> {
        self.press("keep-theirs").await
    }

    /// Saves a text that is made of both.
    pub(crate) async fn merge(&self, text: &str) -> Result<()> {
        self.browser.write("[data-testid=merged]", text).await?;
        self.press("keep-merged").await
    }

    pub(crate) async fn undo(&self) -> Result<()> {
        self.press("entry-discard").await
    }

    pub(crate) async fn sign_in_again(&self) -> Result<()> {
        self.press("entry-sign-in").await
    }

    async fn press(&self, testid: &str) -> Result<()> {
        self.browser.click(&format!("[data-testid={testid}]")).await
    }
}

impl Entry {
    pub(crate) fn is_conflict(&self) -> bool {
        self.state == "dead" && self.reason.as_deref() == Some("conflict")
    }
}
