//! What the page reads from the API, and what is kept of it.

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use tidegate_contract::paths;

use super::PackagePage;
use crate::fixture::eventually;
use crate::pages::Outcome;

/// The path of one of the catalogue's assets.
pub(crate) fn asset(number: u32) -> String {
    paths::asset(&format!("ds-{number:05}"))
}

/// An answer that the page has read to its end.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reading {
    pub(crate) status: u16,
    pub(crate) text: String,
    /// Its `Content-Language`.
    pub(crate) language: Option<String>,
    /// `cache`, `network` and so on.
    pub(crate) source: String,
    pub(crate) age_ms: u64,
    pub(crate) age_certain: bool,
}

/// A call that may not be over.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Running {
    /// Whether its head is there.
    pub(crate) head: bool,
    pub(crate) end: Option<Outcome<Option<Reading>>>,
    /// How long a logout took, in milliseconds.
    pub(crate) ms: Option<u64>,
}

#[derive(Deserialize)]
struct Listed {
    url: String,
}

impl PackagePage<'_> {
    /// Reads something to its end.
    pub(crate) async fn read(&self, path: &str) -> Result<Outcome<Reading>> {
        self.call("read", [self.url(path)]).await
    }

    /// Reads what must be answered by the network, and waits until it is kept.
    pub(crate) async fn keep(&self, path: &str) -> Result<Reading> {
        let before = self.told().await?.kept.len();
        let reading = self.read_from("network", path).await?;
        let told = async || self.told().await;
        eventually("it is kept", told, |told| told.kept.len() > before).await?;
        Ok(reading)
    }

    /// Reads what must be answered from here: `cache`, `network`.
    pub(crate) async fn read_from(&self, source: &str, path: &str) -> Result<Reading> {
        let reading = self.read(path).await?.fulfilled()?;
        ensure!(reading.source == source, "not from {source}: {reading:?}");
        Ok(reading)
    }

    /// The same with a token.
    pub(crate) async fn keep_with_token(&self, path: &str, token: &str) -> Result<Reading> {
        let before = self.told().await?.kept.len();
        let reading: Outcome<Reading> = self.call("read", self.with_token(path, token)).await?;
        let told = async || self.told().await;
        eventually("it is kept", told, |told| told.kept.len() > before).await?;
        reading.fulfilled()
    }

    /// Begins to read something with a token.
    pub(crate) async fn begin_with_token(&self, path: &str, token: &str) -> Result<()> {
        self.call("begin", self.with_token(path, token)).await
    }

    /// How far that is, as soon as it is as wanted.
    pub(crate) async fn running_is(
        &self,
        what: &str,
        wanted: impl Fn(&Running) -> bool,
    ) -> Result<Running> {
        let look = async || self.call("running", json!([])).await;
        eventually(what, look, wanted).await
    }

    /// Gives an asset a tag, whoever reads it.
    pub(crate) async fn tag(&self, id: &str, tag: &str) -> Result<()> {
        let change = json!({ "ids": [id], "add": [tag], "remove": [] });
        let init = json!({
            "method": "POST",
            "headers": { "content-type": "application/json" },
            "body": change.to_string(),
        });
        let words = json!([self.url(paths::ASSET_TAGS), init]);
        let answer: Outcome<Reading> = self.call("read", words).await?;
        ensure!(answer.fulfilled()?.status == 200, "the tag was refused");
        Ok(())
    }

    /// The URLs of what is kept, by the package's word.
    pub(crate) async fn list(&self) -> Result<Vec<String>> {
        let list: Vec<Listed> = self.call("list", json!([])).await?;
        Ok(list.into_iter().map(|each| each.url).collect())
    }

    /// Waits until everything is on disk.
    pub(crate) async fn flush(&self) -> Result<()> {
        self.call("flush", json!([])).await
    }

    /// Every place of the origin in which one of the texts is to be found.
    pub(crate) async fn traces(&self, texts: &[&str]) -> Result<Vec<String>> {
        self.call("traces", texts).await
    }

    /// Waits until a text is nowhere any more.
    pub(crate) async fn has_no_trace_of(&self, text: &str) -> Result<()> {
        let look = async || self.traces(&[text]).await;
        eventually("there is no trace", look, Vec::is_empty).await?;
        Ok(())
    }

    /// Reads what nothing and nobody has an answer to.
    pub(crate) async fn has_no_answer_to(&self, path: &str) -> Result<()> {
        let answer = self.read(path).await?;
        ensure!(matches!(answer, Outcome::Rejected(_)), "{answer:?}");
        Ok(())
    }

    fn with_token(&self, path: &str, token: &str) -> Value {
        let headers = json!({ "authorization": format!("Bearer {token}") });
        json!([self.url(path), { "headers": headers }])
    }
}

impl Running {
    /// The name of the error that it ended with, if it did.
    pub(crate) fn error(&self) -> Option<&str> {
        self.end.as_ref()?.error()
    }
}
