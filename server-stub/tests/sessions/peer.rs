//! One real socket, as a browser would have it: texts in order, and one last word.

use futures::{SinkExt, StreamExt};
use tidegate_core::session::LinkId;
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// What is heard on it.
#[derive(Debug)]
pub(crate) enum Heard {
    Closed(u16),
    Open,
    Text(String),
}

/// The near end. Dropped, it is closed.
#[derive(Debug)]
pub(crate) struct Line {
    texts: mpsc::UnboundedSender<String>,
    speaking: JoinHandle<()>,
    tell: mpsc::UnboundedSender<(LinkId, Heard)>,
    link: LinkId,
}

impl Line {
    pub(crate) fn say(&mut self, text: String) {
        // Whoever is gone does not hear it.
        let _ = self.texts.send(text);
    }

    /// Breaks off in the middle of whatever is being said.
    pub(crate) fn cut(&mut self) {
        self.speaking.abort();
        let _ = self.tell.send((self.link, Heard::Closed(1_006)));
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.speaking.abort();
    }
}

/// Opens a socket.
pub(crate) fn dial(url: &str, link: LinkId, tell: mpsc::UnboundedSender<(LinkId, Heard)>) -> Line {
    let (texts, to_say) = mpsc::unbounded_channel();
    let mut request = url.into_client_request().expect("a URL");
    let protocol = "tidegate.v1".parse().expect("a header");
    request
        .headers_mut()
        .insert("sec-websocket-protocol", protocol);
    let hears = tell.clone();
    let speaking = tokio::spawn(async move {
        let say = |heard| hears.send((link, heard)).is_ok();
        let code = match connect_async(request).await {
            Ok((socket, _)) if say(Heard::Open) => talk(socket, to_say, say).await,
            _ => 1_006,
        };
        say(Heard::Closed(code));
    });
    Line {
        texts,
        speaking,
        tell,
        link,
    }
}

/// Speaks and listens to the end; with which code.
async fn talk(
    mut socket: Socket,
    mut to_say: mpsc::UnboundedReceiver<String>,
    say: impl Fn(Heard) -> bool,
) -> u16 {
    let mut code = 1_006;
    loop {
        tokio::select! {
            Some(text) = to_say.recv() => {
                if socket.send(Message::text(text)).await.is_err() {
                    return code;
                }
            }
            heard = socket.next() => match heard {
                Some(Ok(Message::Text(text))) => {
                    say(Heard::Text(text.to_string()));
                }
                Some(Ok(Message::Close(frame))) => {
                    code = frame.map_or(1_005, |frame| frame.code.into());
                }
                Some(Ok(_)) => {}
                Some(Err(Error::ConnectionClosed)) | None => return code,
                Some(Err(_)) => return code,
            },
        }
    }
}
