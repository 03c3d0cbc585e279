//! What the owner of a socket is told.

use tidegate_core::session::{Sent, SocketEvent};
use web_sys::{CloseEvent, MessageEvent, WebSocket};

/// What the owner of a socket is told, in order, when nothing of the client is borrowed.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SocketNotice {
    /// It, or one of its channels, changed. Listeners of the client's events are told as well.
    Changed(SocketEvent),
    /// The browser's socket of this moment is closed, by the server or the network. Whether it comes back, the changes after it say.
    Ended(CloseEvent),
    /// A message, where no protocol is spoken that is known here: a text, or an `ArrayBuffer`.
    Message(MessageEvent),
    /// The browser's socket from now on, which is not open yet.
    Opening(WebSocket),
    /// What became of something that was sent.
    Sent(Sent),
}
