//! The other side: a WebSocket client and a reader of event streams.

use std::io::ErrorKind;
use std::net::SocketAddr;

use futures::{FutureExt, SinkExt, StreamExt};
use serde_json::{Value, json};
use tidegate_contract::paths;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::{Error, Message};

/// A WebSocket client.
pub(super) struct Peer(WebSocketStream<TcpStream>);

/// What a WebSocket client hears.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Heard {
    Close(u16, String),
    Frame(String),
    /// The connection ended without a close frame.
    Gone,
    Pong,
    Reset,
}

impl Peer {
    /// Opens a WebSocket.
    pub(super) async fn open(to: SocketAddr, client: &str) -> Peer {
        Peer::open_with(to, client, None).await
    }

    /// Opens a WebSocket that asks for a subprotocol.
    pub(super) async fn open_with(to: SocketAddr, client: &str, protocol: Option<&str>) -> Peer {
        let url = format!("ws://{to}{}?client={client}", paths::FEED);
        let mut request = url.into_client_request().unwrap();
        if let Some(protocol) = protocol {
            let protocol = protocol.parse().unwrap();
            request
                .headers_mut()
                .insert("sec-websocket-protocol", protocol);
        }
        let stream = TcpStream::connect(to).await.unwrap();
        let (socket, _) = tokio_tungstenite::client_async(request, stream)
            .await
            .unwrap();
        Peer(socket)
    }

    /// Opens a WebSocket and subscribes to the governance channel.
    pub(super) async fn subscribed(to: SocketAddr, client: &str) -> Peer {
        let mut peer = Peer::open(to, client).await;
        peer.say(json!({"id": 1, "connect": {"subs": {"governance": {}}}}))
            .await;
        peer.json().await;
        peer
    }

    pub(super) async fn say(&mut self, command: Value) {
        self.text(&command.to_string()).await;
    }

    pub(super) async fn text(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub(super) async fn ping(&mut self) {
        self.0.send(Message::Ping(Vec::new().into())).await.unwrap();
    }

    pub(super) async fn close(&mut self) {
        self.0.close(None).await.unwrap();
    }

    pub(super) async fn hear(&mut self) -> Heard {
        match self.0.next().await {
            Some(Ok(Message::Close(frame))) => {
                // Answers, and waits for the server to end the connection.
                while self.0.next().await.is_some() {}
                let frame = frame.unwrap();
                Heard::Close(frame.code.into(), frame.reason.to_string())
            }
            Some(Ok(Message::Pong(_))) => Heard::Pong,
            Some(Ok(message)) => Heard::Frame(message.into_text().unwrap().to_string()),
            Some(Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake))) => Heard::Gone,
            Some(Err(Error::Io(error))) if error.kind() == ErrorKind::ConnectionReset => {
                Heard::Reset
            }
            other => panic!("{other:?}"),
        }
    }

    /// Whether there is anything to hear at this moment.
    pub(super) fn is_silent(&mut self) -> bool {
        self.0.next().now_or_never().is_none()
    }

    pub(super) async fn json(&mut self) -> Value {
        match self.hear().await {
            Heard::Frame(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// The numbers of the next messages.
    pub(super) async fn offsets(&mut self, count: usize) -> Vec<u64> {
        let mut offsets = Vec::new();
        for _ in 0..count {
            offsets.push(self.json().await["push"]["pub"]["offset"].as_u64().unwrap());
        }
        offsets
    }
}

/// A reader of an event stream.
pub(super) struct Reader {
    stream: TcpStream,
    pub(super) text: String,
}

/// How an event stream ended.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum StreamEnd {
    Cut,
    Orderly,
    Reset,
}

impl Reader {
    /// Asks for an event stream and reads the head of the answer.
    pub(super) async fn open(to: SocketAddr, client: &str, last_event_id: Option<&str>) -> Reader {
        let path = paths::FEED_EVENTS;
        let mut head = format!("GET {path}?client={client} HTTP/1.1\r\nHost: {to}\r\n");
        if let Some(id) = last_event_id {
            head.push_str(&format!("Last-Event-ID: {id}\r\n"));
        }
        let mut stream = TcpStream::connect(to).await.unwrap();
        stream
            .write_all(format!("{head}\r\n").as_bytes())
            .await
            .unwrap();
        let text = String::new();
        let mut reader = Reader { stream, text };
        reader.until("\r\n\r\n").await;
        reader
    }

    pub(super) fn status(&self) -> &str {
        &self.text[9..12]
    }

    /// Reads until a text has arrived.
    pub(super) async fn until(&mut self, wanted: &str) {
        while !self.text.contains(wanted) {
            assert_eq!(self.read().await, None, "{}", self.text);
        }
    }

    /// Reads to the end.
    pub(super) async fn end(&mut self) -> StreamEnd {
        loop {
            if let Some(end) = self.read().await {
                return end;
            }
        }
    }

    async fn read(&mut self) -> Option<StreamEnd> {
        let mut bytes = [0; 65_536];
        match self.stream.read(&mut bytes).await {
            Ok(0) if self.text.ends_with("\r\n0\r\n\r\n") => Some(StreamEnd::Orderly),
            Ok(0) => Some(StreamEnd::Cut),
            Ok(read) => {
                self.text.push_str(&String::from_utf8_lossy(&bytes[..read]));
                // The connection stays open for other requests.
                (self.text.ends_with("\r\n0\r\n\r\n")).then_some(StreamEnd::Orderly)
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Some(StreamEnd::Reset),
            Err(error) => panic!("{error}"),
        }
    }
}
