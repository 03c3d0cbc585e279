//! The demo's page of what happens: the feed's badge, what became of its last gap, and the list.

use anyhow::Result;
use serde::Deserialize;

use super::dom::script;
use crate::fixture::{Browser, Stage, eventually};

#[derive(Clone, Copy, Debug)]
pub(crate) struct FeedPage<'a> {
    browser: &'a Browser,
}

/// What is on show.
#[derive(Debug, Deserialize)]
pub(crate) struct Reading {
    /// How the feed stands.
    pub(crate) state: String,
    /// The badge in words.
    pub(crate) badge: String,
    /// What became of the last gap.
    pub(crate) outcome: Option<Outcome>,
    /// The newest first.
    pub(crate) rows: Vec<Row>,
    /// Messages that came twice and were dropped.
    pub(crate) duplicates: Option<String>,
    /// What is said where there is no list.
    pub(crate) nothing: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) kind: String,
    pub(crate) messages: u64,
    pub(crate) text: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Row {
    /// Its number on the feed.
    pub(crate) offset: Option<u64>,
    /// Its line in the audit log.
    pub(crate) line: Option<u64>,
    pub(crate) origin: String,
    pub(crate) text: String,
}

const READING: &str = r#"
const standing = one("feed-badge");
const outcome = one("feed-outcome");
const number = (text) => (text ? Number(text) : null);
return {
  state: standing.dataset.state,
  badge: standing.textContent,
  outcome: outcome && {
    kind: outcome.dataset.kind,
    messages: Number(outcome.dataset.messages),
    text: outcome.textContent,
  },
  rows: all("happening").map((row) => ({
    offset: number(row.dataset.offset),
    line: number(row.dataset.line),
    origin: row.dataset.origin,
    text: row.textContent,
  })),
  duplicates: one("feed-duplicates")?.textContent ?? null,
  nothing: one("nothing")?.textContent ?? null,
};
"#;

impl<'a> FeedPage<'a> {
    /// Opens the demo at this page.
    pub(crate) async fn open(stage: &'a Stage) -> Result<FeedPage<'a>> {
        let browser = &stage.browser;
        browser.open(&stage.address()).await?;
        browser.click("nav a[href='/activity']").await?;
        browser.appears("[data-testid=feed-badge]").await?;
        Ok(FeedPage { browser })
    }

    /// What is on show as soon as it is as wanted.
    pub(crate) async fn eventually(
        &self,
        what: &str,
        wanted: impl Fn(&Reading) -> bool,
    ) -> Result<Reading> {
        let look = async || self.browser.read(&script(READING)).await;
        eventually(what, look, wanted).await
    }

    /// Waits until the feed stands like this.
    pub(crate) async fn is(&self, state: &str) -> Result<Reading> {
        let what = format!("the feed is {state}");
        self.eventually(&what, |seen| seen.state == state).await
    }

    /// Waits until the gap came to this.
    pub(crate) async fn came_to(&self, kind: &str) -> Result<(Reading, Outcome)> {
        let what = format!("the gap came to {kind}");
        let is_kind = |seen: &Reading| {
            seen.state == "live" && seen.outcome.as_ref().is_some_and(|it| it.kind == kind)
        };
        let mut seen = self.eventually(&what, is_kind).await?;
        let outcome = seen.outcome.take();
        Ok((seen, outcome.unwrap_or_else(|| unreachable!("{what}"))))
    }

    pub(crate) async fn kill(&self) -> Result<()> {
        self.fault("feed-kill").await
    }

    pub(crate) async fn send_away(&self) -> Result<()> {
        self.fault("feed-drop").await
    }

    pub(crate) async fn lose_history(&self) -> Result<()> {
        self.fault("feed-lose").await
    }

    async fn fault(&self, testid: &str) -> Result<()> {
        let button = format!("[data-testid={testid}]");
        self.browser.click(&button).await
    }
}

impl Reading {
    /// The numbers of the feed, the newest first.
    pub(crate) fn offsets(&self) -> Vec<u64> {
        self.rows.iter().filter_map(|row| row.offset).collect()
    }

    /// The lines of the audit log, the newest first.
    pub(crate) fn lines(&self) -> Vec<u64> {
        self.rows.iter().filter_map(|row| row.line).collect()
    }

    /// How many of the rows were missed, and came later.
    pub(crate) fn caught_up(&self) -> u64 {
        let caught_up = self.rows.iter().filter(|row| row.origin == "caught-up");
        caught_up.count() as u64
    }
}
