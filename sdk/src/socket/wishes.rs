//! What an owner wishes of a socket.

use std::rc::Rc;

use tidegate_core::session::{Codes, Manner, Protocol};
use tidegate_core::{SettingsError, SocketSettings};
use wasm_bindgen::JsValue;
use web_sys::WebSocket;

use super::address::{Address, Found, Provider, Streams};
use super::driver::{Driver, Listener};
use super::handle::Socket;
use super::hooks::Hooks;
use super::notice::SocketNotice;
use crate::boundary;
use crate::inner::Inner;

/// A socket about to be opened; made by [`Client::socket`](crate::Client::socket) and [`Client::socket_at`](crate::Client::socket_at).
#[must_use = "nothing is opened before `open`"]
pub struct SocketWishes {
    pub(super) inner: Rc<Inner>,
    pub(super) provider: Provider,
    pub(super) streams: Option<Streams>,
    pub(super) manner: Manner,
    pub(super) hooks: Hooks,
    pub(super) follows: bool,
    pub(super) positions: String,
    pub(super) persistence: Persistence,
    pub(super) listener: Listener,
}

/// What of a socket outlives its page.
#[derive(Debug, Default)]
pub(super) struct Persistence {
    pub(super) name: Option<String>,
    pub(super) keeps: bool,
    pub(super) durable: bool,
}

impl SocketWishes {
    pub(crate) fn fixed(inner: Rc<Inner>, address: Address) -> SocketWishes {
        SocketWishes::new(inner, Provider::Fixed(address))
    }

    pub(crate) fn asked(inner: Rc<Inner>, ask: Rc<dyn Fn(bool) -> Found>) -> SocketWishes {
        SocketWishes::new(inner, Provider::Asked(ask))
    }

    fn new(inner: Rc<Inner>, provider: Provider) -> SocketWishes {
        let mut manner = Manner::new(Protocol::Raw, &boundary::random_key());
        manner.settings = inner.engine().settings().socket.clone();
        SocketWishes {
            inner,
            provider,
            streams: None,
            manner,
            hooks: Hooks::default(),
            follows: false,
            positions: String::new(),
            persistence: Persistence::default(),
            listener: Rc::new(|_| {}),
        }
    }

    /// What is spoken; nothing that is known here, unless told. The server has to speak it, too, and its subprotocol belongs to the address.
    pub fn protocol(mut self, protocol: Protocol) -> SocketWishes {
        self.manner.protocol = protocol;
        self
    }

    /// Where no WebSocket is to be had, there is an event stream for each channel at this URL, with `{channel}` where the channel's name is to be: see
    /// [`SocketSettings::sse_after`]. Of [`Protocol::Sse`], whose address is such a URL itself, it is the only way.
    pub fn fallback(mut self, url: &str) -> SocketWishes {
        self.streams = Some(Streams::At(url.into()));
        self.manner.fallback = true;
        self
    }

    /// The same where it is asked for before each request, which is told the channel, and whether the server wants another token than the last one:
    /// a URL, or a `Request` with header fields of its own. `None`: it is asked for again, later.
    pub fn fallback_at<F>(mut self, ask: impl Fn(&str, bool) -> F + 'static) -> SocketWishes
    where
        F: Future<Output = Option<JsValue>> + 'static,
    {
        let ask = move |channel: &str, refresh| -> super::address::FoundStream {
            Box::pin(ask(channel, refresh))
        };
        self.streams = Some(Streams::Asked(Rc::new(ask)));
        self.manner.fallback = true;
        self
    }

    /// `false`: a connection that is lost is not replaced.
    pub fn reconnects(mut self, reconnects: bool) -> SocketWishes {
        self.manner.reconnects = reconnects;
        self
    }

    /// What to say so that the server says something, where nothing is known of what is spoken.
    pub fn ping(mut self, ping: &str) -> SocketWishes {
        self.manner.ping = Some(ping.into());
        self
    }

    /// The numbers, in place of the client's; checked when it is opened.
    pub fn settings(mut self, settings: SocketSettings) -> SocketWishes {
        self.manner.settings = settings;
        self
    }

    /// What its owner says on each new connection before anything that waits, where nothing is known of what is spoken. It has the browser's
    /// socket, and the time that a connection has; what waits goes when it has succeeded (`true`). If it fails, the connection is given up and
    /// another one made, after a wait, for [`Cause::Hello`](crate::Cause::Hello).
    pub fn hello<F>(mut self, hello: impl Fn(WebSocket) -> F + 'static) -> SocketWishes
    where
        F: Future<Output = bool> + 'static,
    {
        self.manner.hello = true;
        self.hooks.hello = Some(Rc::new(move |native| Box::pin(hello(native))));
        self
    }

    /// Who says the token that the server is told, where a protocol is spoken: asked before the first connection, when the server wants another
    /// one, and before it is too old, which needs no new connection; `true`: another one than the last. `None`: it is asked again later.
    pub fn token<F>(mut self, token: impl Fn(bool) -> F + 'static) -> SocketWishes
    where
        F: Future<Output = Option<String>> + 'static,
    {
        self.manner.tokens = true;
        self.hooks.token = Some(Rc::new(move |refresh| Box::pin(token(refresh))));
        self
    }

    /// Which close codes are final, and which ask for another token.
    pub fn codes(mut self, codes: Codes) -> SocketWishes {
        self.manner.codes = codes;
        self
    }

    /// When the user of the page goes, it is made anew for whoever comes, nobody included, with nothing of what was sent or read before. Else it
    /// is closed then, whether it was opened before they came or after, for it may speak for them. That somebody comes changes nothing.
    pub fn follows(mut self, follows: bool) -> SocketWishes {
        self.follows = follows;
        self
    }

    /// Goes on where [`Socket::positions`] says that an earlier life of the page was.
    pub fn positions(mut self, positions: &str) -> SocketWishes {
        self.positions = positions.into();
        self
    }

    /// What it is called in what outlives its page: its address without the query, unless told. One whose address is asked for has no name of its own. Two
    /// sockets of a page are not to have the same.
    pub fn name(mut self, name: &str) -> SocketWishes {
        self.persistence.name = Some(name.into());
        self
    }

    /// Keeps how far each channel was handled, so that the page that comes after this one in its tab goes on there, after a crash as well, and one in
    /// another tab where any page was last. After a crash, messages of the last quarter of a second may be given out again. Nothing is kept where it has no
    /// name, where there is no database, and where what is kept is to be encrypted.
    pub fn keeps(mut self, keeps: bool) -> SocketWishes {
        self.persistence.keeps = keeps;
        self
    }

    /// [`Socket::publish_durable`](crate::Socket::publish_durable) is used: what earlier pages have left is sent also where the browser does not say
    /// whether there is any.
    pub fn durable(mut self, durable: bool) -> SocketWishes {
        self.persistence.durable = durable;
        self
    }

    /// Tells of everything that happens to it.
    pub fn listen(mut self, listener: impl Fn(SocketNotice) + 'static) -> SocketWishes {
        self.listener = Rc::new(listener);
        self
    }

    /// Opens it.
    ///
    /// # Errors
    /// When a setting is out of its range.
    pub fn open(self) -> Result<Socket, SettingsError> {
        Driver::begin(self).map(Socket)
    }
}

impl std::fmt::Debug for SocketWishes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SocketWishes")
            .field("manner", &self.manner)
            .finish_non_exhaustive()
    }
}
