//! A socket of the package, and what the page has heard of it.

use anyhow::Result;
use serde::Deserialize;
use serde_json::{Value, json};
use tidegate_contract::paths;

use super::PackagePage;
use crate::fixture::eventually;

/// What the page has heard of its socket.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SocketLog {
    pub(crate) ready_state: u8,
    /// The standard's events but for messages, with their codes.
    pub(crate) events: Vec<String>,
    pub(crate) changes: Vec<Change>,
    /// What the channel's handler was given: offset and data.
    pub(crate) read: Vec<(u64, Value)>,
    health: Option<SocketHealth>,
}

/// How the package says that the socket is.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct SocketHealth {
    pub(crate) transport: String,
    pub(crate) snapshots: u64,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Change {
    pub(crate) change: String,
    /// What became of a durable message.
    #[serde(default)]
    pub(crate) state: Option<String>,
    #[serde(default)]
    pub(crate) cause: Option<String>,
}

impl Change {
    /// Whether it is about the way back to a WebSocket.
    pub(crate) fn is_back(&self, change: &str) -> bool {
        self.change == change && self.cause.as_deref() == Some("back")
    }
}

impl SocketLog {
    /// How the package says that it is; nothing of one that is the browser's own.
    pub(crate) fn health(&self) -> SocketHealth {
        self.health.clone().unwrap_or_default()
    }

    pub(crate) fn has(&self, change: &str) -> bool {
        self.changes.iter().any(|each| each.change == change)
    }

    /// How many durable messages were acknowledged.
    pub(crate) fn acknowledged(&self) -> usize {
        let done = |each: &&Change| each.state.as_deref() == Some("acknowledged");
        self.changes.iter().filter(done).count()
    }

    pub(crate) fn is_open(&self) -> bool {
        self.ready_state == 1
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.ready_state == 3
    }

    /// The numbers of what was read, in order.
    pub(crate) fn offsets(&self) -> Vec<u64> {
        self.read.iter().map(|(offset, _)| *offset).collect()
    }
}

impl PackagePage<'_> {
    /// Opens a socket to the feed with these options, and reads a channel if one is named; waits until it is open.
    pub(crate) async fn open_socket(&self, options: Value, channel: Option<&str>) -> Result<()> {
        self.begin_socket(options, channel).await?;
        self.socket_is("open", SocketLog::is_open).await?;
        Ok(())
    }

    /// The same without waiting.
    pub(crate) async fn begin_socket(&self, options: Value, channel: Option<&str>) -> Result<()> {
        let url = self.url(paths::FEED);
        let words = json!([url, options, channel]);
        self.call("openSocket", words).await
    }

    /// Where the event streams are.
    pub(crate) fn events_url(&self) -> String {
        self.url(paths::FEED_EVENTS) + "?channel={channel}"
    }

    /// Begins to read a channel by event streams alone.
    pub(crate) async fn begin_streams(&self, options: Value, channel: &str) -> Result<()> {
        let words = json!([self.events_url(), options, channel]);
        self.call("openSocket", words).await
    }

    pub(crate) async fn close_socket(&self, code: u16, reason: &str) -> Result<()> {
        self.call("closeSocket", json!([code, reason])).await
    }

    /// Adds a message to a channel; what became of it, when that is certain.
    pub(crate) async fn publish(&self, channel: &str, data: Value) -> Result<Value> {
        self.call("publish", json!([channel, data])).await
    }

    /// Has a message stored that outlives the page; whether it is on the disk.
    pub(crate) async fn publish_durable(&self, channel: &str, data: Value) -> Result<bool> {
        let words = json!([channel, data]);
        let done: Value = self.call("publishDurable", words).await?;
        Ok(done["state"] == "queued")
    }

    /// Waits until what is heard of the socket is as wanted.
    pub(crate) async fn socket_is(
        &self,
        what: &str,
        wanted: impl Fn(&SocketLog) -> bool,
    ) -> Result<SocketLog> {
        let look = async || self.does("socketLog").await;
        eventually(&format!("the socket: {what}"), look, wanted).await
    }
}
