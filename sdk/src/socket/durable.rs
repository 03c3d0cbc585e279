//! Messages that are on the disk until the server has carried them out: who sends them, and what becomes of them.
//!
//! - One tab sends those of a user for the sockets of one name: the first that has an open connection, made for that user, and the lock. With its
//!   connection it lets go of the lock, and another tab that has one goes on, or its own next page.
//! - A message is stored under a key that the server knows it by. Who sends it again cannot do it twice.
//! - What becomes of one is told where it is sent, and in the tab that it comes from.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::Array;
use tidegate_core::session::{DropReason, Kept, LinkId, SendState};
use tidegate_core::{Instant, Millis};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::driver::Driver;
use crate::boundary;
use crate::clock;
use crate::identity::Identity;
use crate::outbox::{Bell, DATABASE, Helm};
use crate::tabs::Channel;

const TOPIC: &str = "tidegate socket";
/// What other tabs are told when messages were forgotten.
const FORGOTTEN: &str = "forgotten";
/// Messages that are handed on at a time: no more are in memory. One of a channel is out at a time, so there is little use in more.
const WINDOW: u32 = 32;
/// How long a database is left alone that gives no answer.
const REST: Millis = Millis::from_secs(5);

#[derive(Default)]
pub(super) struct Durable {
    /// What the socket is called in what is kept; where it has no name, nothing is.
    pub(super) name: Option<String>,
    /// Whether there is somebody who sends.
    begun: Cell<bool>,
    looked: Cell<bool>,
    bell: Rc<Bell>,
    /// For whom each connection was made: the visit.
    made: RefCell<Vec<(LinkId, u64)>>,
    /// That of the connection that is open.
    open: Cell<Option<u64>>,
    /// There may be something on the disk that was not read.
    unread: Cell<bool>,
    /// Who sends those of the user of this visit.
    helm: RefCell<Option<(u64, Helm)>>,
    wire: RefCell<Option<Channel>>,
    /// What was handed on, and where it is stored.
    out: RefCell<Vec<(String, JsValue)>>,
    /// What is over, and stored still.
    over: RefCell<Vec<(String, JsValue)>>,
    /// What comes from this page, and is not over.
    own: RefCell<Vec<(String, u64)>>,
    /// How many are stored, and their bytes, as the one who sends them knows.
    held: Cell<(u64, u64)>,
    pub(super) dropped: Cell<u64>,
}

impl Durable {
    pub(super) fn new(name: Option<String>) -> Durable {
        Durable {
            name,
            unread: Cell::new(true),
            ..Durable::default()
        }
    }

    /// Nothing is left of it but what is on the disk.
    pub(super) fn end(&self) {
        self.helm.take();
        self.wire.take();
        self.bell.ring();
    }

    fn steers(&self) -> bool {
        let helm = self.helm.borrow();
        helm.as_ref().is_some_and(|(_, helm)| helm.steers())
    }

    /// How many are stored, and their bytes, as far as this page knows.
    pub(super) fn weigh(&self) -> (u64, u64) {
        if self.steers() {
            return self.held.get();
        }
        let own = self.own.borrow();
        (own.len() as u64, own.iter().map(|(_, bytes)| bytes).sum())
    }

    /// Whether a message was handed on, or is over.
    fn has(&self, key: &str) -> bool {
        let is = |each: &(String, JsValue)| each.0 == key;
        self.out.borrow().iter().any(is) || self.over.borrow().iter().any(is)
    }
}

impl Driver {
    /// Stores a message of somebody's, to be sent when there is a connection, by whichever page: what became of that.
    pub(super) async fn publish_durable(
        self: Rc<Driver>,
        whose: Rc<Identity>,
        channel: String,
        data: String,
        key: Option<String>,
    ) -> Kept {
        let key = key.unwrap_or_else(boundary::random_key);
        let refused = self.session.borrow().refuses(&data);
        let why = match (refused, &self.durable.name) {
            (Some(why), _) => Some(why),
            (None, None) => Some(DropReason::NotDurable),
            (None, Some(name)) => {
                let place = (whose.partition.name(), &**name);
                let message = (&*channel, &*data);
                let settings = &self.manner.settings;
                let disk = &self.inner.outbox.disk;
                match disk.store_message(place, &key, message, settings).await {
                    Ok(true) => None,
                    Ok(false) => Some(DropReason::Full),
                    Err(_) => Some(DropReason::NotDurable),
                }
            }
        };
        let state = match why {
            None => SendState::Queued,
            Some(_) => SendState::Dropped,
        };
        let kept = Kept { key, state, why };
        if why.is_none() {
            let bytes = (kept.key.len() + channel.len() + data.len()) as u64;
            let durable = &self.durable;
            durable.own.borrow_mut().push((kept.key.clone(), bytes));
            let (entries, before) = durable.held.get();
            durable.held.set((entries + 1, before + bytes));
            self.begin_durable();
        }
        self.report_kept(&kept);
        self.tell();
        if why.is_none() {
            self.durable.tell_others(&"changed".into());
            self.stored_more();
        }
        kept
    }

    fn stored_more(&self) {
        self.durable.unread.set(true);
        self.durable.bell.ring();
    }

    /// Somebody's messages were forgotten: none goes that is no longer on the disk, here or in another tab.
    pub(super) fn forget_durable(&self) {
        self.release_durable();
        self.durable.tell_others(&FORGOTTEN.into());
    }

    /// What was handed on is not: what is on the disk still is read again.
    fn release_durable(&self) {
        self.session.borrow_mut().release_kept();
        self.durable.out.take();
        self.stored_more();
    }

    /// Lets go of the lock and of what was handed on, unless they are of this visit.
    fn let_go_unless(&self, visit: Option<u64>) {
        let goes = |(of, _): &mut (u64, Helm)| Some(*of) != visit;
        if self.durable.helm.borrow_mut().take_if(goes).is_some() {
            self.release_durable();
        }
    }

    /// A connection is being made, for whoever is there now: nothing of anybody else goes on it.
    pub(super) fn make(&self, link: LinkId) {
        let (links, visit) = (self.links.borrow(), self.inner.whose().visit);
        let mut made = self.durable.made.borrow_mut();
        made.retain(|(id, _)| *id != link && links.iter().any(|each| each.id == *id));
        made.push((link, visit));
        drop((links, made));
        self.let_go_unless(Some(visit));
    }

    /// The visit of the user for whom the connection was made that is open.
    fn visit_of_open(&self) -> Option<u64> {
        let session = self.session.borrow();
        let link = session.link().filter(|_| session.is_writable())?;
        let made = self.durable.made.borrow();
        let found = made.iter().find(|(id, _)| *id == link);
        found.map(|(_, visit)| *visit)
    }

    /// The connection came or went.
    pub(super) fn turn_durable(self: &Rc<Driver>) {
        let durable = &self.durable;
        if durable.name.is_none() || self.is_raw() {
            return;
        }
        let open = self.visit_of_open();
        if durable.open.replace(open) == open {
            return;
        }
        durable.bell.ring();
        if open.is_some() && !durable.looked.replace(true) && !durable.begun.get() {
            let driver = Rc::downgrade(self);
            spawn_local(async move {
                // An earlier page may have left something.
                let there = JsFuture::from(boundary::has_database(DATABASE)).await;
                if let Some(driver) = driver.upgrade()
                    && there.is_ok_and(|there| there.is_truthy())
                {
                    driver.begin_durable();
                }
            });
        }
    }

    /// Sends what is stored from now on.
    pub(super) fn begin_durable(self: &Rc<Driver>) {
        let durable = &self.durable;
        let Some(name) = durable.name.as_ref().filter(|_| !self.is_over()) else {
            return;
        };
        if durable.begun.replace(true) {
            return;
        }
        let driver = Rc::downgrade(self);
        let wire = Channel::open(&[TOPIC, " ", name].concat(), move |said| {
            if let Some(driver) = driver.upgrade() {
                driver.hear_of_durable(said);
            }
            None
        });
        durable.wire.replace(Some(wire));
        spawn_local(drain(Rc::downgrade(self)));
    }

    /// Another tab has stored something, or says what became of a message.
    fn hear_of_durable(self: &Rc<Driver>, said: &JsValue) {
        if said.is_string() {
            match said == FORGOTTEN {
                true => self.release_durable(),
                false => self.stored_more(),
            }
            return;
        }
        let words = Array::from(said);
        let text = |place| words.get(place).as_string();
        let kept = (|| {
            Some(Kept {
                key: text(0)?,
                state: word(SendState::ALL, SendState::as_str, &text(1)?)?,
                why: text(2).and_then(|why| word(DropReason::ALL, DropReason::as_str, &why)),
            })
        })();
        let own = |key: &str| self.durable.own.borrow().iter().any(|it| it.0 == key);
        if let Some(kept) = kept.filter(|kept| own(&kept.key)) {
            self.report_kept(&kept);
            self.tell();
        }
    }

    /// What the session says of a message.
    pub(super) fn settle_kept(&self, kept: &Kept) {
        let durable = &self.durable;
        if kept.state != SendState::Written {
            let mut out = durable.out.borrow_mut();
            if let Some(place) = out.iter().position(|(key, _)| *key == kept.key) {
                durable.over.borrow_mut().push(out.remove(place));
            }
            durable.bell.ring();
        }
        self.tell_of(kept);
    }

    /// Tells its owner, and the other tabs.
    fn tell_of(&self, kept: &Kept) {
        let why = kept.why.map(|why| why.as_str());
        let words = Array::of3(
            &(&*kept.key).into(),
            &kept.state.as_str().into(),
            &why.into(),
        );
        self.durable.tell_others(&words);
        self.report_kept(kept);
    }

    fn report_kept(&self, kept: &Kept) {
        let durable = &self.durable;
        if kept.state == SendState::Dropped {
            durable.dropped.set(durable.dropped.get() + 1);
        }
        if matches!(kept.state, SendState::Dropped | SendState::Acknowledged) {
            (durable.own.borrow_mut()).retain(|(key, _)| *key != kept.key);
        }
        let event = self.session.borrow().kept_event(self.moment(), kept);
        self.report(event);
    }

    /// Does what is next; when there is something again, if nothing rings before.
    async fn drain(self: &Rc<Driver>, name: &str) -> Option<Instant> {
        let durable = &self.durable;
        let disk = &self.inner.outbox.disk;
        let over = durable.over.borrow().clone();
        if !over.is_empty() {
            let places: Array = over.iter().map(|(_, place)| place.clone()).collect();
            if disk.drop_messages(&places).await.is_err() {
                return Some(self.inner.now() + REST);
            }
            let gone = |each: &(String, JsValue)| over.iter().any(|(key, _)| *key == each.0);
            durable.over.borrow_mut().retain(|each| !gone(each));
            let size = |place: &JsValue| Array::from(place).get(4).as_f64().unwrap_or_default();
            let freed: f64 = over.iter().map(|(_, place)| size(place)).sum();
            let (entries, bytes) = durable.held.get();
            durable.held.set((
                entries.saturating_sub(over.len() as u64),
                bytes.saturating_sub(freed as u64),
            ));
        }
        let whose = self.inner.whose();
        let is_theirs = durable.open.get() == Some(whose.visit);
        self.let_go_unless(is_theirs.then_some(whose.visit));
        if !is_theirs {
            // Whoever has a connection sends them.
            return Some(Instant::NEVER);
        }
        let owner = whose.partition.name();
        if durable.helm.borrow().is_none() {
            let bell = durable.bell.clone();
            let topic = [TOPIC, " ", owner, "\n", name].concat();
            let helm = Helm::ask(&topic, move || bell.ring());
            durable.helm.replace(Some((whose.visit, helm)));
        }
        if !durable.steers() {
            return Some(Instant::NEVER);
        }
        let few = durable.out.borrow().len() <= WINDOW as usize / 2;
        if few && durable.unread.replace(false) {
            let most = self.manner.settings.queue_bytes;
            let Ok(found) = disk.messages((owner, name), WINDOW, most).await else {
                durable.unread.set(true);
                return Some(self.inner.now() + REST);
            };
            // The connection, the user or the lock may have gone meanwhile.
            let stays = self.inner.whose().visit == whose.visit;
            if !durable.steers() || !stays || durable.open.get() != Some(whose.visit) {
                durable.unread.set(true);
                return None;
            }
            durable.held.set((found.entries, found.bytes));
            if found.entries > found.first.len() as u64 {
                durable.unread.set(true);
            }
            self.hand_on(found.first);
            self.run();
        }
        match durable.over.borrow().is_empty() {
            true => Some(Instant::NEVER),
            false => None,
        }
    }

    fn hand_on(&self, messages: Vec<crate::outbox::Message>) {
        let (durable, now) = (&self.durable, clock::wall());
        let age = self.manner.settings.durable_age_ms;
        for message in messages {
            if durable.has(&message.key) {
                continue;
            }
            let known = (message.key.clone(), message.place);
            if now.0.saturating_sub(message.since.0) >= age.into() {
                durable.over.borrow_mut().push(known);
                self.tell_of(&Kept {
                    key: message.key,
                    state: SendState::Dropped,
                    why: Some(DropReason::Age),
                });
                continue;
            }
            let taken = self.session.borrow_mut().publish_kept(
                &message.key,
                &message.channel,
                &message.data,
            );
            if taken {
                durable.out.borrow_mut().push(known);
            }
        }
    }
}

impl Durable {
    fn tell_others(&self, what: &JsValue) {
        if let Some(wire) = &*self.wire.borrow() {
            wire.tell(what);
        }
    }
}

fn word<W: Copy>(all: &[W], text: fn(W) -> &'static str, said: &str) -> Option<W> {
    all.iter().copied().find(|word| text(*word) == said)
}

/// Sends what is stored until the socket is over, which it does not keep.
async fn drain(driver: Weak<Driver>) {
    loop {
        let Some(driver) = driver.upgrade().filter(|driver| !driver.is_over()) else {
            return;
        };
        let Some(name) = driver.durable.name.clone() else {
            return;
        };
        let until = driver.drain(&name).await;
        let (bell, timer) = (driver.durable.bell.clone(), driver.inner.timer.clone());
        drop(driver);
        if let Some(until) = until {
            bell.rest(&timer, until).await;
        }
    }
}
