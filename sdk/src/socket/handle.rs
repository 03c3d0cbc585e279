//! The handle of a socket.

use std::rc::Rc;

use futures::channel::oneshot;
use tidegate_core::session::{
    Delivery, Kept, Overflow, RpcEnd, RpcFailure, RpcId, RpcWish, Sent, Snapshot, SocketHealth,
    SocketState, Wish,
};
use wasm_bindgen::JsValue;

use super::channel::Handlers;
use super::driver::Driver;

/// A WebSocket that comes back; made by [`Client::socket`](crate::Client::socket). Dropping it closes it.
#[derive(Debug)]
#[must_use = "dropping it closes it"]
pub struct Socket(pub(super) Rc<Driver>);

impl Socket {
    /// Sends a text, where no protocol is spoken that is known here. What waits for a connection may be dropped, oldest first; each drop is an
    /// event.
    pub fn send(&self, text: &str) -> Sent {
        self.send_value(&text.into(), text.len() as u32, Overflow::DropOldest)
    }

    /// Sends bytes.
    pub fn send_bytes(&self, bytes: &[u8]) -> Sent {
        let data = js_sys::Uint8Array::from(bytes).into();
        self.send_value(&data, bytes.len() as u32, Overflow::DropOldest)
    }

    /// Sends anything that a browser's socket takes, of so many bytes.
    pub fn send_value(&self, data: &JsValue, bytes: u32, overflow: Overflow) -> Sent {
        self.0.send(data, bytes, overflow)
    }

    /// Adds a message to a channel; `data` is JSON. `acknowledged`: it is repeated until the server says that it has carried it out, which it
    /// does once.
    pub fn publish(
        &self,
        channel: &str,
        data: &str,
        acknowledged: bool,
        overflow: Overflow,
    ) -> Sent {
        let driver = &self.0;
        driver.check();
        let at = driver.moment();
        let sent = (driver.session.borrow_mut()).publish(at, channel, data, acknowledged, overflow);
        driver.follow(sent)
    }

    /// Adds a message to a channel, as [`Socket::publish`] does, when it can: it is stored first, for the user whose page it is, and sent by this page or
    /// one that comes after it, until the server says that it has carried it out. Of each channel they go in order. `key` is what the server knows it by, a
    /// random one unless told.
    ///
    /// It is `queued` when it is on the disk, or was dropped: [`DropReason::Full`](crate::DropReason::Full) where there are too many, and
    /// [`DropReason::NotDurable`](crate::DropReason::NotDurable) where it could not be stored. What becomes of it then are events, [`SocketChange::Durable`](crate::SocketChange::Durable).
    pub fn publish_durable(
        &self,
        channel: &str,
        data: &str,
        key: Option<&str>,
    ) -> impl Future<Output = Kept> + use<> {
        let (channel, data) = (channel.into(), data.trim().into());
        // They may go before this has a turn.
        let whose = self.0.inner.whose();
        (self.0.clone()).publish_durable(whose, channel, data, key.map(String::from))
    }

    /// Asks for the messages of a channel. The position moves when the handler has succeeded (`true`); one that fails is given the message
    /// again. Where what is missing is gone, `snapshot` reads everything anew; without it, it is missed.
    pub fn subscribe<M, S>(
        &self,
        channel: &str,
        wish: Wish,
        message: impl Fn(Delivery) -> M + 'static,
        snapshot: Option<impl Fn(Snapshot) -> S + 'static>,
    ) where
        M: Future<Output = bool> + 'static,
        S: Future<Output = bool> + 'static,
    {
        let handlers = Handlers {
            message: Rc::new(move |it| Box::pin(message(it))),
            snapshot: snapshot.map(|read| -> super::channel::OnSnapshot {
                Rc::new(move |it| Box::pin(read(it)))
            }),
        };
        self.0.subscribe(channel, wish, handlers);
    }

    /// Asks for no more of them.
    pub fn unsubscribe(&self, channel: &str) {
        self.0.unsubscribe(channel);
    }

    /// Gives out no more messages of a channel until [`Socket::resume`]. A server that speaks `tidegate.v1` keeps them meanwhile, for as long as its
    /// memory lasts. That happens by itself while a handler is slow.
    pub fn pause(&self, channel: &str) {
        self.0.pause(channel, true);
    }

    /// Goes on with a channel where it was.
    pub fn resume(&self, channel: &str) {
        self.0.pause(channel, false);
    }

    /// Asks the server something, by Centrifugo's `rpc`; `data` is JSON, and so is the answer. Dropped, nobody waits for it any more.
    pub fn rpc(
        &self,
        method: &str,
        data: &str,
        wish: RpcWish,
    ) -> impl Future<Output = RpcEnd> + use<> {
        let (tell, told) = oneshot::channel();
        let id = self.ask(method, data, wish, move |end| drop(tell.send(end)));
        let asked = Asked(self.0.clone(), self.0.life.get(), id);
        async move {
            let _asked = asked;
            // It is always told; whoever is not has lost the socket.
            told.await.unwrap_or(RpcEnd::Failed(RpcFailure::Lost))
        }
    }

    /// The same for whoever would rather be called. `None`: it is not asked, and `end` has been called.
    pub fn ask(
        &self,
        method: &str,
        data: &str,
        wish: RpcWish,
        end: impl FnOnce(RpcEnd) + 'static,
    ) -> Option<RpcId> {
        self.0.ask(method, data, wish, Box::new(end))
    }

    /// Nobody waits for this answer any more.
    pub fn forget(&self, id: RpcId) {
        self.0.forget(id);
    }

    /// Asks for a connection at once, or for another one in place of that which is there. Also when it had stopped. `false`: it is closed for
    /// good.
    pub fn reconnect(&self) -> bool {
        self.0.reconnect()
    }

    /// Closes it for good. What has not been written is dropped, and told of. `false`: the code is neither 1000 nor from 3000 to 4999, and
    /// nothing is closed.
    pub fn close(&self, code: u16, reason: &str) -> bool {
        self.0.close(code, reason)
    }

    /// How far each channel was handled, as a text that can be kept over a reload; see [`SocketWishes::positions`](crate::SocketWishes::positions).
    #[must_use]
    pub fn positions(&self) -> String {
        self.0.session.borrow().positions()
    }

    /// What it is doing.
    #[must_use]
    pub fn state(&self) -> SocketState {
        self.0.session.borrow().state()
    }

    /// The bytes that wait for a connection, or for an acknowledgement.
    #[must_use]
    pub fn queued_bytes(&self) -> u64 {
        self.0.session.borrow().queued_bytes()
    }

    /// How it is.
    #[must_use]
    pub fn health(&self) -> SocketHealth {
        self.0.health()
    }
}

/// A question whose answer somebody waits for. Its number is that of one life of the socket.
struct Asked(Rc<Driver>, u32, Option<RpcId>);

impl Drop for Asked {
    fn drop(&mut self) {
        if let Some(id) = self.2.filter(|_| self.0.life.get() == self.1) {
            self.0.forget(id);
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.0.close(1_000, "");
    }
}
