//! What an asset is for, on its page of the demo.

use anyhow::Result;
use serde::Deserialize;

use super::dom::script;
use crate::fixture::{Browser, Stage, eventually};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Description<'a> {
    browser: &'a Browser,
}

/// What is on show.
#[derive(Debug, Deserialize)]
pub(crate) struct Shown {
    pub(crate) text: String,
    /// What is said of a text that is not saved: `pending` or `stuck`.
    pub(crate) over: Option<String>,
}

const SHOWN: &str = r#"
const place = document.querySelector(".description");
return { text: one("description", place).textContent, over: one("unsaved", place)?.dataset.over ?? null };
"#;

impl<'a> Description<'a> {
    pub(crate) fn of(stage: &'a Stage) -> Description<'a> {
        Description {
            browser: &stage.browser,
        }
    }

    /// Writes another text, and saves it.
    pub(crate) async fn write(&self, text: &str) -> Result<()> {
        self.browser.click("[data-testid=description-edit]").await?;
        let field = "[data-testid=description-text]";
        self.browser.write(field, text).await?;
        self.browser.click("[data-testid=description-save]").await
    }

    pub(crate) async fn undo(&self) -> Result<()> {
        self.browser.click("[data-testid=undo]").await
    }

    /// What is on show once there is anything.
    pub(crate) async fn shown(&self) -> Result<Shown> {
        self.eventually("there is a description", |shown| !shown.text.is_empty())
            .await
    }

    /// Waits until this text is on show, and not saved yet.
    pub(crate) async fn is_unsaved(&self, text: &str) -> Result<()> {
        let what = format!("{text:?} is shown as not saved yet");
        let unsaved = |shown: &Shown| shown.over.as_deref() == Some("pending");
        self.eventually(&what, |shown| unsaved(shown) && shown.text == text)
            .await
            .map(drop)
    }

    /// Waits until this text is on show, and saved.
    pub(crate) async fn is_saved(&self, text: &str) -> Result<()> {
        let what = format!("{text:?} is shown as saved");
        self.eventually(&what, |shown| shown.over.is_none() && shown.text == text)
            .await
            .map(drop)
    }

    async fn eventually(&self, what: &str, wanted: impl Fn(&Shown) -> bool) -> Result<Shown> {
        let look = async || self.browser.read(&script(SHOWN)).await;
        eventually(what, look, wanted).await
    }
}
