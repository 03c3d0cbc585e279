//! A page with one client, and everything that its sockets tell.

use std::cell::RefCell;
use std::rc::Rc;

use super::wire;
use crate::{
    Address, Client, SendState, Sent, Settings, Socket, SocketChange, SocketEvent, SocketNotice,
    SocketWishes,
};

pub(super) const URL: &str = "wss://api.example/feed";

pub(super) struct World {
    pub(super) client: Client,
    pub(super) told: Rc<RefCell<Vec<SocketEvent>>>,
    pub(super) messages: Rc<RefCell<Vec<String>>>,
    pub(super) fates: Rc<RefCell<Vec<Sent>>>,
}

/// Whoever comes next has the browser's own sockets again, and nobody's timers.
impl Drop for World {
    fn drop(&mut self) {
        self.client.shut_down();
        wire::unscript();
    }
}

impl World {
    pub(super) fn new() -> World {
        World::with(|_| {})
    }

    /// After a drop it waits for longer than a test takes.
    pub(super) fn patient() -> World {
        World::with(|settings| settings.socket.window_ms = 600_000)
    }

    pub(super) fn with(change: impl FnOnce(&mut Settings)) -> World {
        wire::script();
        let mut settings = Settings::default();
        settings.socket.window_ms = 0;
        settings.socket.own_ms = 0;
        settings.socket.base_ms = 1;
        // What another test has left in its queue would keep this client's time too.
        settings.outbox.entries = 0;
        change(&mut settings);
        World {
            client: Client::new(settings).unwrap(),
            told: Rc::default(),
            messages: Rc::default(),
            fates: Rc::default(),
        }
    }

    /// A socket that is open.
    pub(super) fn open(&self) -> Socket {
        let socket = self.dial(|wishes| wishes);
        wire::accept();
        socket
    }

    pub(super) fn dial(&self, wish: impl FnOnce(SocketWishes) -> SocketWishes) -> Socket {
        let (told, messages) = (self.told.clone(), self.messages.clone());
        let fates = self.fates.clone();
        let wishes = self.client.socket(Address::new(URL, &["chat"]));
        let wishes = wishes.listen(move |notice| match notice {
            SocketNotice::Changed(event) => told.borrow_mut().push(event),
            SocketNotice::Message(event) => {
                let text = event.data().as_string().unwrap_or_default();
                messages.borrow_mut().push(text);
            }
            SocketNotice::Sent(sent) => fates.borrow_mut().push(sent),
            _ => {}
        });
        wish(wishes).open().unwrap()
    }

    pub(super) fn changes(&self) -> Vec<SocketChange> {
        self.told.borrow().iter().map(|it| it.change).collect()
    }

    pub(super) fn states(&self) -> Vec<SendState> {
        self.fates.borrow().iter().map(|it| it.state).collect()
    }

    /// What was sent on all sockets.
    pub(super) fn sent(&self) -> String {
        wire::sent()
    }
}

/// Lets the browser do what is due.
pub(super) async fn turn() {
    let soon = js_sys::Promise::new(&mut |resolve, _| {
        crate::global::set_timeout(&resolve, 0.0);
    });
    wasm_bindgen_futures::JsFuture::from(soon).await.unwrap();
}
