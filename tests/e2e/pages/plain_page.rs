//! A page without any SDK: what the browser itself makes of what a backend does.

use std::collections::BTreeMap;

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};
use tidegate_stub_client::SpaceHandle;

use crate::fixture::{Browser, Stage, eventually};

#[derive(Clone, Copy, Debug)]
pub(crate) struct PlainPage<'a> {
    pub(super) browser: &'a Browser,
    pub(super) space: &'a SpaceHandle,
}

/// How a promise ended.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) enum Outcome<T> {
    Fulfilled(T),
    /// With an error of this name, or this code if it has one.
    Rejected(String),
}

/// A response, as far as a page may see it.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Outcome<String>,
    /// The same body, read as JSON.
    pub(crate) json: Outcome<Value>,
}

/// A call that may not be over.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Running {
    pub(crate) status: Option<u16>,
    /// The lengths of the pieces that came.
    pub(crate) bytes: Vec<usize>,
    pub(crate) end: Option<Outcome<()>>,
}

impl<'a> PlainPage<'a> {
    /// Opens the page; it calls the API of this space.
    pub(crate) async fn open(stage: &'a Stage, space: &'a SpaceHandle) -> Result<PlainPage<'a>> {
        let browser = &stage.browser;
        browser.open("/").await?;
        Ok(PlainPage { browser, space })
    }

    /// Reads something, to its end, from the network.
    pub(crate) async fn get(&self, path: &str) -> Result<Outcome<Answer>> {
        self.fetch(path, json!({ "cache": "no-store" })).await
    }

    /// Reads something that must be answered.
    pub(crate) async fn answer(&self, path: &str) -> Result<Answer> {
        self.get(path).await?.fulfilled()
    }

    /// Writes JSON with these headers. Its cache mode is left as it is: with `no-store` Chromium would forget preflights too.
    pub(crate) async fn write(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Value,
    ) -> Result<Outcome<Answer>> {
        let headers: BTreeMap<_, _> = [("content-type", "application/json")]
            .iter()
            .chain(headers)
            .copied()
            .collect();
        let init = json!({ "method": method, "headers": headers, "body": body.to_string() });
        self.fetch(path, init).await
    }

    /// Begins to read something.
    pub(crate) async fn begin(&self, path: &str) -> Result<()> {
        let url = self.url(path);
        self.browser.call("begin", [url]).await
    }

    /// Aborts what was begun.
    pub(crate) async fn abort(&self) -> Result<()> {
        self.browser.call("abort", json!([])).await
    }

    /// How far it is.
    pub(crate) async fn running(&self) -> Result<Running> {
        self.browser.call("look", json!([])).await
    }

    /// How far it is as soon as that is as wanted.
    pub(crate) async fn running_is(
        &self,
        what: &str,
        wanted: impl Fn(&Running) -> bool,
    ) -> Result<Running> {
        eventually(what, async || self.running().await, wanted).await
    }

    async fn fetch(&self, path: &str, init: Value) -> Result<Outcome<Answer>> {
        let words = json!([self.url(path), init]);
        self.browser.call("call", words).await
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.space.info().api)
    }
}

impl<T> Outcome<T> {
    pub(crate) fn fulfilled(self) -> Result<T> {
        match self {
            Outcome::Fulfilled(value) => Ok(value),
            Outcome::Rejected(name) => anyhow::bail!("rejected with a {name}"),
        }
    }

    /// The name of its error, if it ended with one.
    pub(crate) fn error(&self) -> Option<&str> {
        match self {
            Outcome::Fulfilled(_) => None,
            Outcome::Rejected(name) => Some(name),
        }
    }
}

impl Answer {
    /// A header, if the page may see it.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }
}
