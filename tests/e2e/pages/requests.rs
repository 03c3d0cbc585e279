//! The demo's list of access requests.

use anyhow::Result;
use serde::Deserialize;

use super::dom::script;
use crate::fixture::{Browser, Stage, eventually};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Requests<'a> {
    browser: &'a Browser,
}

/// One of them.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    pub(crate) id: String,
    /// How it was decided, where that is shown.
    pub(crate) ruled: Option<String>,
    /// What is said of a decision that is not saved.
    pub(crate) over: Option<String>,
}

const LIST: &str = r#"
return all("request").map((request) => ({
  id: request.dataset.id,
  ruled: one("ruled", request)?.textContent ?? null,
  over: one("unsaved", request)?.dataset.over ?? null,
}));
"#;

impl<'a> Requests<'a> {
    /// Goes there from any page.
    pub(crate) async fn open(stage: &'a Stage) -> Result<Requests<'a>> {
        let browser = &stage.browser;
        browser.click("nav a[href='/requests']").await?;
        Ok(Requests { browser })
    }

    /// The list as soon as it is as wanted.
    pub(crate) async fn eventually(
        &self,
        what: &str,
        wanted: impl Fn(&[Request]) -> bool,
    ) -> Result<Vec<Request>> {
        let look = async || self.browser.read::<Vec<Request>>(&script(LIST)).await;
        eventually(what, look, |list| wanted(list)).await
    }

    pub(crate) async fn approve(&self, id: &str) -> Result<()> {
        self.decide(id, "approve").await
    }

    pub(crate) async fn reject(&self, id: &str) -> Result<()> {
        self.decide(id, "reject").await
    }

    /// Waits until a request is shown as decided in this way, and that not saved yet.
    pub(crate) async fn is_unsaved(&self, id: &str, ruled: &str) -> Result<()> {
        let wanted = |request: &Request| {
            request.id == id
                && request.ruled.as_deref() == Some(ruled)
                && request.over.as_deref() == Some("pending")
        };
        let what = format!("{id} is {ruled}, and not saved yet");
        self.eventually(&what, |list| list.iter().any(wanted))
            .await
            .map(drop)
    }

    async fn decide(&self, id: &str, testid: &str) -> Result<()> {
        let row = format!("[data-testid=request][data-id={id:?}]");
        self.browser
            .click(&format!("{row} [data-testid={testid}]"))
            .await
    }
}
