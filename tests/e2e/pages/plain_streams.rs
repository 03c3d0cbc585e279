//! The sockets and event streams of the page without an SDK.

use anyhow::Result;
use serde::Deserialize;
use serde_json::json;
use tidegate_contract::feed::{Command, Connect, GOVERNANCE, SubscribeInConnect};
use tidegate_contract::paths;

use super::PlainPage;
use crate::fixture::eventually;

/// What a page sees of a stream.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Stream {
    /// How often it was opened.
    pub(crate) opens: u32,
    pub(crate) errors: u32,
    pub(crate) messages: Vec<String>,
    /// The positions of an event stream's messages.
    pub(crate) ids: Vec<String>,
    pub(crate) close: Option<Close>,
    /// Its `readyState`.
    state: u32,
}

/// A socket's close event.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Close {
    pub(crate) code: u16,
    pub(crate) reason: String,
    pub(crate) was_clean: bool,
}

impl PlainPage<'_> {
    /// Opens a socket to the feed as this client, and does not wait for it.
    pub(crate) async fn open_socket(&self, client: &str) -> Result<()> {
        let (ws, path, param) = (&self.space.info().ws, paths::FEED, paths::CLIENT_PARAM);
        let url = format!("{ws}{path}?{param}={client}");
        self.browser.call("openSocket", [client, &url]).await
    }

    /// Opens a socket, and returns once it hears the governance events.
    pub(crate) async fn listen(&self, client: &str) -> Result<()> {
        self.open_socket(client).await?;
        self.stream_is(client, "the socket is open", |seen| seen.opens == 1)
            .await?;
        let connect = Connect {
            subs: [(GOVERNANCE.to_owned(), SubscribeInConnect::default())].into(),
            ..Connect::default()
        };
        let command = Command {
            id: 1,
            connect: Some(connect),
            ..Command::default()
        };
        let command = serde_json::to_string(&command)?;
        self.browser.call::<()>("say", [client, &command]).await?;
        self.stream_is(client, "the subscription stands", |seen| {
            !seen.messages.is_empty()
        })
        .await?;
        Ok(())
    }

    /// Opens a stream of the governance events as this client, and does not wait for it.
    pub(crate) async fn open_events(&self, client: &str) -> Result<()> {
        let (api, path) = (&self.space.info().api, paths::FEED_EVENTS);
        let url = format!("{api}{path}?{}={client}", paths::CLIENT_PARAM);
        self.browser.call("openEvents", [client, &url]).await
    }

    /// What is seen of a stream at this moment.
    pub(crate) async fn stream(&self, client: &str) -> Result<Stream> {
        self.browser.call("lookAt", json!([client])).await
    }

    /// What is seen of a stream as soon as that is as wanted.
    pub(crate) async fn stream_is(
        &self,
        client: &str,
        what: &str,
        wanted: impl Fn(&Stream) -> bool,
    ) -> Result<Stream> {
        eventually(what, async || self.stream(client).await, wanted).await
    }

    /// How a socket was closed, once it is.
    pub(crate) async fn closed(&self, client: &str) -> Result<Close> {
        let look = async || Ok(self.stream(client).await?.close);
        let close = eventually("the socket is closed", look, Option::is_some).await?;
        Ok(close.expect("it was waited for"))
    }
}

impl Stream {
    /// Whether the browser holds it to be open.
    pub(crate) fn is_open(&self) -> bool {
        self.state == 1
    }

    /// Whether an event stream is over for good: one that is to come back is "connecting".
    pub(crate) fn is_over(&self) -> bool {
        self.state == 2
    }

    pub(crate) fn has_heard(&self, word: &str) -> bool {
        self.messages.iter().any(|message| message.contains(word))
    }
}
