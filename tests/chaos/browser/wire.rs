//! Calls over a WebSocket: numbered, answered in any order, with events in between.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_tungstenite::client_async;
use tokio_tungstenite::tungstenite::Message;

/// A browser on a busy machine opens a window in a second or two.
const PATIENCE: Duration = Duration::from_secs(30);

type Waiting = Arc<Mutex<HashMap<u64, oneshot::Sender<Value>>>>;

#[derive(Debug)]
pub(super) struct Wire {
    next: AtomicU64,
    out: mpsc::UnboundedSender<Message>,
    waiting: Waiting,
}

impl Wire {
    /// Connects; `heard` is told of every event.
    pub(super) async fn connect(
        address: &str,
        heard: impl Fn(&str, &Value) + Send + 'static,
    ) -> Result<Wire> {
        let host = address.split('/').nth(2).context("an address has a host")?;
        let stream = TcpStream::connect(host).await?;
        let (socket, _) = client_async(address, stream).await?;
        let (mut sink, mut stream) = socket.split();
        let (out, mut outgoing) = mpsc::unbounded_channel();
        let waiting = Waiting::default();
        tokio::spawn(async move {
            while let Some(message) = outgoing.recv().await {
                if sink.send(message).await.is_err() {
                    return;
                }
            }
        });
        let answered = waiting.clone();
        tokio::spawn(async move {
            while let Some(Ok(message)) = stream.next().await {
                let Ok(text) = message.to_text() else {
                    continue;
                };
                let Ok(value) = serde_json::from_str::<Value>(text) else {
                    continue;
                };
                match (value["id"].as_u64(), value["method"].as_str()) {
                    (Some(id), _) => {
                        let caller = answered.lock().expect("nobody panics").remove(&id);
                        // Who has given up does not wait any more.
                        let _ = caller.map(|caller| caller.send(value));
                    }
                    (None, Some(method)) => heard(method, &value["params"]),
                    (None, None) => {}
                }
            }
            answered.lock().expect("nobody panics").clear();
        });
        Ok(Wire {
            next: AtomicU64::new(1),
            out,
            waiting,
        })
    }

    /// Says it and does not wait for an answer, which may never come.
    pub(super) fn say(&self, session: &str, method: &str, params: Value) -> u64 {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut call = json!({ "id": id, "method": method, "params": params });
        if !session.is_empty() {
            call["sessionId"] = session.into();
        }
        // A browser that is gone says so to whoever waits for an answer.
        let _ = self.out.send(Message::text(call.to_string()));
        id
    }

    /// What comes of it.
    pub(super) async fn call(&self, session: &str, method: &str, params: Value) -> Result<Value> {
        let (answer, answered) = oneshot::channel();
        let id = {
            let mut waiting = self.waiting.lock().expect("nobody panics");
            let id = self.say(session, method, params);
            waiting.insert(id, answer);
            id
        };
        let answer = timeout(PATIENCE, answered).await;
        self.waiting.lock().expect("nobody panics").remove(&id);
        let answer = answer
            .with_context(|| format!("{method}: no answer within {PATIENCE:?}"))?
            .with_context(|| format!("{method}: the browser is gone"))?;
        if !answer["error"].is_null() {
            bail!("{method}: {} {}", answer["error"], answer["message"]);
        }
        Ok(answer["result"].clone())
    }
}
