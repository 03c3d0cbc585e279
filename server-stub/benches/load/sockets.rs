//! WebSockets that only listen, as those of pages that nobody looks at.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use futures::{SinkExt, StreamExt, TryStreamExt, stream};
use tidegate_contract::paths;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

const CONNECT: &str = r#"{"id":1,"connect":{"subs":{"governance":{}}}}"#;
/// The server's ping and the answer to it.
const PING: &str = "{}";
/// So many are opened at the same time.
const AT_ONCE: usize = 64;
const PATIENCE: Duration = Duration::from_secs(20);

/// Open WebSockets; they close when this is dropped.
#[derive(Debug)]
pub(crate) struct Sockets(JoinSet<()>);

impl Sockets {
    pub(crate) async fn open(address: SocketAddr, count: usize) -> Result<Sockets> {
        let opened: Vec<_> = stream::iter(0..count)
            .map(|_| async move {
                let opening = timeout(PATIENCE, open(address));
                opening
                    .await
                    .context("a WebSocket was not accepted in time")?
            })
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let mut tasks = JoinSet::new();
        for socket in opened {
            tasks.spawn(listen(socket));
        }
        Ok(Sockets(tasks))
    }

    /// Fails if one has ended.
    pub(crate) fn check(&mut self) -> Result<()> {
        ensure!(self.0.try_join_next().is_none(), "a WebSocket has ended");
        Ok(())
    }
}

async fn open(address: SocketAddr) -> Result<WebSocketStream<TcpStream>> {
    let stream = TcpStream::connect(address).await?;
    // The default buffers are for large messages and make 128 KiB for each.
    let config = WebSocketConfig::default()
        .read_buffer_size(1 << 10)
        .write_buffer_size(0);
    let url = format!("ws://{address}{}", paths::FEED);
    let (mut socket, _) = client_async_with_config(url, stream, Some(config)).await?;
    socket.send(Message::text(CONNECT)).await?;
    socket.next().await.context("no answer to connect")??;
    Ok(socket)
}

async fn listen(mut socket: WebSocketStream<TcpStream>) {
    while let Some(Ok(message)) = socket.next().await {
        if message.to_text().is_ok_and(|text| text == PING)
            && socket.send(Message::text(PING)).await.is_err()
        {
            return;
        }
    }
}
