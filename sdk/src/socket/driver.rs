//! One socket: its machine, and what the machine has asked for.
//!
//! All IO is done first and the owner is told afterwards, in order: whoever is told may send, close and open as they like.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::fmt;
use std::rc::Rc;

use tidegate_core::session::{
    Delivery, Input, LinkId, Manner, Moment, Protocol, RpcEnd, RpcId, Session, Snapshot,
    SocketHealth, Ticket, Wish,
};
use tidegate_core::{ScopeId, SettingsError};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::address::{Address, Provider, Streams};
use super::channel::Handlers;
use super::durable::Durable;
use super::events::Attended;
use super::hooks::Hooks;
use super::keep::Keep;
use super::link::Link;
use super::notice::SocketNotice;
use super::page;
use super::rpc::Asker;
use super::watch::{self, Watch};
use super::wishes::{Persistence, SocketWishes};
use crate::inner::{Inner, seed};
use crate::signals::Signals;
use crate::{clock, global};

pub(super) type Listener = Rc<dyn Fn(SocketNotice)>;

/// What the owner is told next.
pub(super) enum Word {
    Answer(RpcId, RpcEnd),
    Deliver(Delivery),
    /// What is said first on this connection is to be said now.
    Hello(LinkId),
    Notice(SocketNotice),
    Snapshot(Snapshot),
}

pub(super) struct Driver {
    pub(super) inner: Rc<Inner>,
    /// Its number in the client.
    pub(super) number: u64,
    /// Whoever comes when its user goes has one as well.
    pub(super) follows: bool,
    pub(super) manner: Manner,
    pub(super) provider: Provider,
    pub(super) hooks: Hooks,
    /// Where event streams are, if there are any.
    pub(super) streams: Option<Streams>,
    pub(super) session: RefCell<Session>,
    /// How often it was made anew: numbers of an earlier life mean nothing in this one.
    pub(super) life: Cell<u32>,
    /// Where the socket of this number goes.
    pub(super) found: RefCell<Option<(LinkId, Address)>>,
    /// One, or two while it moves to another server.
    pub(super) links: RefCell<Vec<Link>>,
    /// The event streams in their place.
    pub(super) attended: RefCell<Vec<Attended>>,
    /// What is sent and stays on JavaScript's side.
    pub(super) held: RefCell<Vec<(u64, Ticket, JsValue)>>,
    pub(super) last_held: Cell<u64>,
    /// All up to this one have been given to the browser.
    pub(super) last_written: Cell<Ticket>,
    /// The browser holds something that it has not sent.
    pub(super) holds: Cell<bool>,
    pub(super) channels: RefCell<Vec<(String, Wish, Handlers)>>,
    pub(super) askers: RefCell<Vec<(RpcId, Asker)>>,
    pub(super) words: RefCell<VecDeque<Word>>,
    pub(super) running: Cell<bool>,
    telling: Cell<bool>,
    pub(super) watch: Watch,
    /// What keeps its positions over reloads, if they are to be kept.
    pub(super) keep: Option<Keep>,
    pub(super) durable: Durable,
    listener: RefCell<Option<Listener>>,
    signals: RefCell<Option<Signals>>,
}

impl Driver {
    /// Begins to connect.
    ///
    /// # Errors
    /// When a setting is out of its range.
    pub(super) fn begin(wishes: SocketWishes) -> Result<Rc<Driver>, SettingsError> {
        let SocketWishes {
            inner,
            provider,
            streams,
            manner,
            hooks,
            follows,
            positions,
            persistence,
            listener,
        } = wishes;
        let streams = streams.or_else(|| match &provider {
            // There is nothing else at that address.
            Provider::Fixed(address) if manner.protocol == Protocol::Sse => {
                Some(Streams::At(address.url.clone()))
            }
            _ => None,
        });
        let scope = scope(&inner, &provider);
        let Persistence {
            name,
            keeps,
            durable,
        } = persistence;
        let name = name.or_else(|| provider.name());
        let speaks = manner.protocol != Protocol::Raw;
        let keep = name.clone().filter(|_| keeps && speaks).map(Keep::new);
        let mut session = Session::new(manner.clone(), scope, seed())?;
        session.restore(&positions);
        let driver = Rc::new(Driver {
            number: inner.sockets.next(),
            session: RefCell::new(session),
            inner,
            follows,
            manner,
            provider,
            hooks,
            streams,
            life: Cell::default(),
            found: RefCell::default(),
            links: RefCell::default(),
            attended: RefCell::default(),
            held: RefCell::default(),
            last_held: Cell::default(),
            last_written: Cell::new(Ticket(0)),
            holds: Cell::default(),
            channels: RefCell::default(),
            askers: RefCell::default(),
            words: RefCell::default(),
            running: Cell::default(),
            telling: Cell::default(),
            watch: Watch::default(),
            keep,
            durable: Durable::new(name),
            listener: RefCell::new(Some(listener)),
            signals: RefCell::default(),
        });
        driver.signals.replace(Some(page::listen(&driver)));
        driver.inner.sockets.add(&driver);
        if durable {
            driver.begin_durable();
        }
        if let Some(Streams::At(url)) = &driver.streams {
            driver.reside_streams(url);
        }
        driver.set_out();
        spawn_local(watch::keep(driver.clone()));
        Ok(driver)
    }

    /// Connects for the first time, or the first time for somebody. A WebSocket says how far everything was read once it is open, and event streams as
    /// they are asked for: where there is nothing else, they wait for what was kept.
    pub(super) fn set_out(self: &Rc<Driver>) {
        self.begin_keeping();
        if self.keep.is_none() || self.manner.protocol != Protocol::Sse {
            self.reconnect();
        }
    }

    pub(super) fn moment(&self) -> Moment {
        Moment {
            now: self.inner.now(),
            wall: clock::wall(),
        }
    }

    /// Something happened.
    pub(super) fn on(self: &Rc<Driver>, input: Input) {
        if let Input::Frame { .. } | Input::Handled { .. } | Input::Snapshot { .. } = input {
            self.moved();
        }
        self.note(input);
        self.run();
    }

    /// The same, where nothing follows of it.
    pub(super) fn note(&self, input: Input) {
        let at = self.moment();
        (self.session.borrow_mut()).on(&mut self.inner.engine(), at, input);
    }

    /// Asks for a connection, or for another one. `false`: it is closed for good.
    pub(super) fn reconnect(self: &Rc<Driver>) -> bool {
        let at = self.moment();
        let asked = (self.session.borrow_mut()).reconnect(&mut self.inner.engine(), at);
        self.run();
        asked
    }

    /// Closes it for good. Whether the code is one that the browser takes.
    pub(super) fn close(self: &Rc<Driver>, code: u16, reason: &str) -> bool {
        self.save(true);
        let at = self.moment();
        let taken = (self.session.borrow_mut()).close(&mut self.inner.engine(), at, code, reason);
        if taken {
            self.forget_words();
        }
        self.run();
        taken
    }

    pub(super) fn is_raw(&self) -> bool {
        self.manner.protocol == Protocol::Raw
    }

    pub(super) fn subscribe(self: &Rc<Driver>, channel: &str, wish: Wish, handlers: Handlers) {
        self.session.borrow_mut().subscribe(channel, wish);
        let mut channels = self.channels.borrow_mut();
        channels.retain(|(name, _, _)| name != channel);
        channels.push((channel.into(), wish, handlers));
        drop(channels);
        self.run();
    }

    pub(super) fn pause(self: &Rc<Driver>, channel: &str, pauses: bool) {
        self.session.borrow_mut().pause(channel, pauses);
        self.run();
    }

    pub(super) fn unsubscribe(self: &Rc<Driver>, channel: &str) {
        self.session.borrow_mut().unsubscribe(channel);
        (self.channels.borrow_mut()).retain(|(name, _, _)| name != channel);
        self.run();
    }

    /// Tells the owner what there is to tell.
    pub(super) fn tell(self: &Rc<Driver>) {
        if self.telling.replace(true) {
            return;
        }
        self.inner.publish();
        loop {
            let word = self.words.borrow_mut().pop_front();
            match word {
                Some(Word::Answer(id, end)) => self.answer(id, end),
                Some(Word::Deliver(delivery)) => self.deliver(delivery),
                Some(Word::Hello(link)) => self.greet(link),
                Some(Word::Notice(notice)) => {
                    let listener = self.listener.borrow().clone();
                    listener.into_iter().for_each(|it| it(notice.clone()));
                }
                Some(Word::Snapshot(snapshot)) => self.read(snapshot),
                None => break,
            }
        }
        self.telling.set(false);
        if self.is_over() {
            self.end();
        }
    }

    /// What was to be handled is not: it is of a life that is over.
    pub(super) fn forget_words(&self) {
        let mut words = self.words.borrow_mut();
        words.retain(|word| matches!(word, Word::Answer(..) | Word::Notice(_)));
    }

    /// Nothing is left of it.
    fn end(&self) {
        self.signals.take();
        self.listener.take();
        self.channels.take();
        self.links.take();
        self.durable.end();
        self.attended.take();
        self.inner.sockets.remove(self.number);
        self.watch.ring();
    }

    pub(super) fn is_over(&self) -> bool {
        self.session.borrow().is_closed()
    }

    pub(super) fn health(&self) -> SocketHealth {
        let session = self.session.borrow();
        let mut health = session.health(self.moment());
        health.socket = self.number;
        (health.durable, health.durable_bytes) = self.durable.weigh();
        health.dropped += self.durable.dropped.get();
        health.scope = self.inner.engine().scope_name(session.guard()).into();
        health
    }
}

/// What guards the connections of a socket: what its address says, or the page's own server until somebody has said it.
fn scope(inner: &Inner, provider: &Provider) -> ScopeId {
    let (origin, path) = match provider {
        Provider::Fixed(address) if !address.url.is_empty() => address.place(),
        _ => (global::origin(), String::from("/")),
    };
    inner.engine().scope(&origin, &path)
}

impl fmt::Debug for Driver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Driver")
            .field("number", &self.number)
            .field("session", &self.session)
            .finish_non_exhaustive()
    }
}
