//! Does what a machine asks for, and tells it what came of that.

use std::rc::Rc;

use tidegate_core::session::{
    Frame, Input, LinkId, Overflow, SendState, Sent, SocketEvent, Step, Ticket,
};
use tidegate_core::{Instant, Millis};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::CloseEvent;

use super::address::{Address, Provider};
use super::driver::{Driver, Word};
use super::keep::Keep;
use super::link::Link;
use super::notice::SocketNotice;
use crate::boundary::{self, property};

/// How soon the browser is asked again what it holds, when frames wait for it to hold less.
const FULL: Millis = Millis(20);
/// The same where only a verdict on a dead connection depends on it, which takes half a minute.
const HOLDS: Millis = Millis(1_000);
/// What a socket holds that takes nothing any more: too much.
const CLOSING: u64 = u64::MAX;

impl Driver {
    /// Does all that there is to do now, then tells the owner of it.
    pub(super) fn run(self: &Rc<Driver>) {
        // A mock may call back at once: what it says is heeded by the loop that it was called from.
        if self.running.replace(true) {
            return;
        }
        let due = loop {
            let at = self.moment();
            let step = (self.session.borrow_mut()).poll(&mut self.inner.engine(), at);
            match step {
                Step::Wait(until) => break until,
                step => self.carry_out(step),
            }
        };
        self.running.set(false);
        self.turn_durable();
        self.read_on();
        let saves = self.keep.as_ref().map_or(Instant::NEVER, Keep::due);
        self.watch.set(due.min(self.look_again()).min(saves));
        self.tell();
    }

    /// Asks the browser what it holds still, and writes down what is to be.
    pub(super) fn look(&self) {
        self.save_in_time();
        let link = self.session.borrow().link();
        if let Some(link) = link.filter(|_| self.holds.get())
            && let Some(native) = self.native(link)
        {
            let takes = boundary::takes(&native);
            let bytes = if takes {
                native.buffered_amount().into()
            } else {
                CLOSING
            };
            self.holds.set(bytes > 0);
            self.note(Input::Buffered { link, bytes });
        }
    }

    /// When the browser is to be asked how much it holds.
    fn look_again(&self) -> Instant {
        let full = self.session.borrow().is_full();
        match (full, self.holds.get()) {
            (true, _) => self.inner.now() + FULL,
            (false, true) => self.inner.now() + HOLDS,
            (false, false) => Instant::NEVER,
        }
    }

    pub(super) fn carry_out(self: &Rc<Driver>, step: Step) {
        match step {
            Step::Answer { id, end } => self.words.borrow_mut().push_back(Word::Answer(id, end)),
            Step::Close {
                link: id,
                code,
                reason,
            } => {
                if let Some(link) = self.unlink(id) {
                    boundary::hang_up(&link.native, code, &reason);
                }
                self.leave_streams(id);
            }
            Step::Connect { link, .. } => self.connect(link),
            Step::Deliver(delivery) => self.words.borrow_mut().push_back(Word::Deliver(delivery)),
            Step::Kept(kept) => self.settle_kept(&kept),
            Step::Leave { stream } => self.leave_stream(stream),
            Step::Listen {
                link,
                stream,
                channel,
                since,
                refresh,
            } => self.attend((link, stream), channel, since, refresh),
            Step::Resolve { link, refresh } => self.resolve(link, refresh),
            Step::Send { link, frame } => self.write(link, frame),
            Step::Sent(sent) => self.settle(sent),
            Step::Snapshot(snapshot) => {
                self.words.borrow_mut().push_back(Word::Snapshot(snapshot));
            }
            Step::Tell(event) => self.report(event),
            Step::Token { link, refresh } => self.ask_token(link, refresh),
            // Messages of which nothing is known never enter the machine.
            _ => {}
        }
    }

    /// Takes a socket out; what it says from now on is heard by nobody.
    fn unlink(&self, id: LinkId) -> Option<Link> {
        let mut links = self.links.borrow_mut();
        let place = links.iter().position(|link| link.id == id)?;
        Some(links.swap_remove(place))
    }

    fn resolve(self: &Rc<Driver>, link: LinkId, refresh: bool) {
        let found = match &self.provider {
            Provider::Fixed(address) => {
                self.make(link);
                self.found.replace(Some((link, address.clone())));
                self.note(Input::Provided { link });
                return;
            }
            Provider::Asked(ask) => ask.clone(),
        };
        let (driver, life) = (Rc::downgrade(self), self.life.get());
        spawn_local(async move {
            if let Some(driver) = driver.upgrade() {
                driver.make(link);
            }
            // Not before: it is the application's own function, and may do anything.
            let found = found(refresh).await;
            let driver = driver.upgrade();
            let Some(driver) = driver.filter(|driver| driver.life.get() == life) else {
                return;
            };
            match found {
                Some(address) => driver.provide(link, address),
                None => driver.on(Input::ProviderFailed { link }),
            }
        });
    }

    fn provide(self: &Rc<Driver>, link: LinkId, address: Address) {
        let (origin, path) = address.place();
        let scope = self.inner.engine().scope(&origin, &path);
        self.session.borrow_mut().reside(scope);
        self.found.replace(Some((link, address)));
        self.on(Input::Provided { link });
    }

    fn connect(self: &Rc<Driver>, id: LinkId) {
        let found = self.found.take().filter(|(link, _)| *link == id);
        let driver = Rc::downgrade(self);
        let heard = move |event| {
            if let Some(driver) = driver.upgrade() {
                driver.heard(id, event);
            }
        };
        let link = found.and_then(|(_, address)| Link::open(id, &address, heard).ok());
        match link {
            Some(link) => {
                self.say(SocketNotice::Opening(link.native.clone()));
                self.links.borrow_mut().push(link);
            }
            None => self.note(Input::Closed {
                link: id,
                code: 1_006,
            }),
        }
    }

    /// A socket of the browser's says something.
    fn heard(self: &Rc<Driver>, link: LinkId, event: JsValue) {
        let word = property(&event, "type").as_string().unwrap_or_default();
        match &*word {
            // It is heard of when it is known how far was read.
            "open" if self.holds_back(link) => {}
            "open" => {
                let life = self.life.get();
                self.on(Input::Opened { link });
                // Whoever was told of it may be somebody else by now.
                if self.manner.hello && self.life.get() == life {
                    self.words.borrow_mut().push_back(Word::Hello(link));
                    self.tell();
                }
            }
            "close" => {
                let event: CloseEvent = event.unchecked_into();
                let code = event.code();
                self.unlink(link);
                self.say(SocketNotice::Ended(event));
                self.on(Input::Closed { link, code });
            }
            _ if self.is_raw() => {
                self.note(Input::Heard { link });
                self.say(SocketNotice::Message(event.unchecked_into()));
                self.tell();
            }
            _ => match property(&event, "data").as_string() {
                Some(text) => self.on(Input::Frame { link, text }),
                None => self.note(Input::Heard { link }),
            },
        }
    }

    fn write(&self, link: LinkId, frame: Frame) {
        let data = match frame {
            Frame::Text(text) => JsValue::from(text),
            Frame::Handle { id, .. } => {
                let mut held = self.held.borrow_mut();
                match held.iter().position(|(each, _, _)| *each == id) {
                    Some(place) => held.remove(place).2,
                    None => return,
                }
            }
        };
        let native = self.native(link);
        let bytes = native.and_then(|native| boundary::transmit(&native, &data).ok());
        let bytes = bytes.unwrap_or_default() as u64;
        self.holds.set(bytes > 0);
        self.note(Input::Buffered { link, bytes });
    }

    /// The browser's socket of a number.
    pub(super) fn native(&self, id: LinkId) -> Option<web_sys::WebSocket> {
        let links = self.links.borrow();
        let link = links.iter().find(|link| link.id == id);
        link.map(|link| link.native.clone())
    }

    /// Sends what stays on JavaScript's side.
    pub(super) fn send(self: &Rc<Driver>, data: &JsValue, bytes: u32, overflow: Overflow) -> Sent {
        self.check();
        let id = self.last_held.get() + 1;
        self.last_held.set(id);
        let frame = Frame::Handle { id, bytes };
        let at = self.moment();
        let sent = (self.session.borrow_mut()).send(at, frame, overflow);
        if sent.state != SendState::Dropped {
            let entry = (id, sent.ticket, data.clone());
            self.held.borrow_mut().push(entry);
        }
        let sent = self.follow(sent);
        let waits = (self.held.borrow().last()).is_some_and(|entry| entry.0 == id);
        if waits {
            let copy = boundary::copied(data);
            if let Some(entry) = (self.held.borrow_mut().last_mut()).filter(|it| it.0 == id) {
                entry.2 = copy;
            }
        }
        sent
    }

    /// What is written to a socket that is about to close would be lost without a word.
    pub(super) fn check(&self) {
        let link = self.session.borrow().link();
        let native = link.and_then(|link| Some((link, self.native(link)?)));
        if let Some((link, native)) = native
            && !boundary::takes(&native)
        {
            let bytes = CLOSING;
            self.note(Input::Buffered { link, bytes });
        }
    }

    /// What becomes at once of something that was just taken.
    pub(super) fn follow(self: &Rc<Driver>, mut sent: Sent) -> Sent {
        if sent.state == SendState::Dropped {
            self.drop_event(&sent);
        }
        self.run();
        // They are written in order.
        if self.last_written.get() >= sent.ticket && sent.state == SendState::Queued {
            sent.state = SendState::Written;
        }
        sent
    }

    fn settle(&self, sent: Sent) {
        match sent.state {
            SendState::Written => self.last_written.set(sent.ticket),
            SendState::Dropped => {
                let goes = |entry: &(u64, Ticket, JsValue)| entry.1 == sent.ticket;
                self.held.borrow_mut().retain(|entry| !goes(entry));
                self.drop_event(&sent);
            }
            _ => {}
        }
        self.say(SocketNotice::Sent(sent));
    }

    fn drop_event(&self, sent: &Sent) {
        let event = self.session.borrow().dropped(self.moment(), sent);
        event.into_iter().for_each(|event| self.report(event));
    }

    pub(super) fn report(&self, mut event: SocketEvent) {
        event.socket = self.number;
        event.queued_bytes = self.session.borrow().queued_bytes();
        self.inner.engine().report_socket(event.clone());
        self.say(SocketNotice::Changed(event));
    }

    fn say(&self, notice: SocketNotice) {
        self.words.borrow_mut().push_back(Word::Notice(notice));
    }
}
