//! Reads along what took effect at the stub: its channels as event streams, over a connection that nobody kills.
//!
//! The stub's feed lies on the listener that outages close, so it comes back by itself, from where it was.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Result;
use reqwest::Client;
use serde_json::Value;
use tokio::task::JoinHandle;
use tokio::time::sleep;

use super::notes::Notes;

/// Before it asks again.
const AGAIN: Duration = Duration::from_millis(20);

/// Ends with its handle.
#[derive(Debug)]
pub(crate) struct Watch(JoinHandle<()>);

impl Drop for Watch {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Reads a channel from its first message on.
pub(crate) fn watch(api: &str, channel: &str, since: String, notes: &Arc<Mutex<Notes>>) -> Watch {
    let address = format!("{api}/api/feed/events?client=watch&channel={channel}");
    let (channel, notes) = (channel.to_owned(), notes.clone());
    Watch(tokio::spawn(async move {
        let mut since = since;
        loop {
            // A connection that breaks off is what an outage does.
            let _ = read(&address, &channel, &mut since, &notes).await;
            sleep(AGAIN).await;
        }
    }))
}

/// Reads to the end of a connection.
async fn read(
    address: &str,
    channel: &str,
    since: &mut String,
    notes: &Mutex<Notes>,
) -> Result<()> {
    let client = Client::builder().no_proxy().build()?;
    let asked = client.get(address).header("last-event-id", since.clone());
    let mut stream = asked.send().await?.error_for_status()?;
    let mut text = String::new();
    while let Some(piece) = stream.chunk().await? {
        text += std::str::from_utf8(&piece)?;
        while let Some((event, rest)) = text.split_once("\n\n") {
            let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name));
            if let Some(number) = field("data: ").and_then(number) {
                let mut notes = notes.lock().expect("nobody panics");
                notes
                    .applied
                    .entry(channel.to_owned())
                    .or_default()
                    .push(number);
            }
            if let Some(id) = field("id: ") {
                id.clone_into(since);
            }
            text = rest.to_owned();
        }
    }
    Ok(())
}

fn number(data: &str) -> Option<u64> {
    serde_json::from_str::<Value>(data).ok()?["n"].as_u64()
}
