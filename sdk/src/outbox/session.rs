//! One identity's use of the queue: what is known of it, and changes to it, one at a time.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use tidegate_core::outbox::{Batch, Claim, EntryId, Outbox as Machine, OutboxError};
use tidegate_core::{Engine, Instant, Wall};
use wasm_bindgen::JsValue;
use web_sys::Response;

use super::disk::{Disk, Rows};
use super::helm::Helm;
use super::turn::{Bell, Turnstile};
use super::waiter::Waiters;
use crate::clock;
use crate::error::Error;
use crate::flight;
use crate::inner::{Inner, seed};
use crate::store::Trouble;
use crate::tabs::Channel;

/// Who drains, of all tabs, and where they tell each other that the queue has changed. That only wakes: what has changed is on the disk.
const TOPIC: &str = "tidegate outbox";
const CHANGED: &str = "changed";

/// One identity's use of the queue.
pub(crate) struct Session {
    pub(super) disk: Rc<Disk>,
    pub(super) machine: RefCell<Machine>,
    pub(super) bell: Rc<Bell>,
    pub(super) turns: Turnstile,
    pub(super) helm: RefCell<Option<Helm>>,
    wire: RefCell<Option<Channel>>,
    pub(super) over: Cell<bool>,
    /// Answers that somebody may wait to be told of, until their claims are settled.
    answers: RefCell<Vec<(Claim, Response)>>,
    pub(super) glanced: Cell<Instant>,
    /// Who waits for what becomes of an entry.
    pub(super) waiters: Waiters,
    /// Entries whose last attempt was answered 401 by a server that heard what the application had to say.
    pub(super) refused: RefCell<Vec<EntryId>>,
}

/// What is to be changed, once all that is stored is known. It is asked again if another tab was quicker.
pub(super) type Plan<'a> =
    &'a mut dyn FnMut(&Machine, &Engine, Wall) -> Result<Change, OutboxError>;

pub(super) enum Change {
    /// To be stored.
    Batch(Batch),
    /// It is so already.
    Made(Option<EntryId>),
}

impl Session {
    pub(super) fn new(disk: Rc<Disk>, owner: &str, over: bool) -> Rc<Session> {
        let machine = Machine::new(owner, seed(), seed());
        Rc::new(Session {
            disk,
            machine: RefCell::new(machine),
            bell: Rc::default(),
            turns: Turnstile::default(),
            helm: RefCell::default(),
            wire: RefCell::default(),
            over: Cell::new(over),
            answers: RefCell::default(),
            glanced: Cell::new(Instant::START),
            waiters: Waiters::default(),
            refused: RefCell::default(),
        })
    }

    /// Listens to the other tabs, and joins the line of those who want to drain.
    pub(super) fn begin(self: &Rc<Session>, owner: &str) {
        let (heard, granted) = (Rc::downgrade(self), Rc::downgrade(self));
        let wire = Channel::open(TOPIC, move |_| {
            if let Some(session) = heard.upgrade() {
                session.machine.borrow_mut().outdated();
                session.bell.ring();
            }
            None
        });
        self.wire.replace(Some(wire));
        let helm = Helm::ask(&[TOPIC, " ", owner].concat(), move || {
            if let Some(session) = granted.upgrade() {
                session.machine.borrow_mut().set_alone(true);
                session.bell.ring();
            }
        });
        self.helm.replace(Some(helm));
    }

    /// Makes a change and waits until it is stored: the entry that it adds, if it adds one.
    ///
    /// # Errors
    /// When it cannot be, or is not on the disk.
    pub(super) async fn change(
        self: &Rc<Session>,
        inner: &Rc<Inner>,
        plan: Plan<'_>,
        body: &JsValue,
    ) -> Result<Option<EntryId>, Error> {
        let _turn = self.turns.pass().await;
        let read = self.machine.borrow().is_read();
        if !read {
            self.load(inner).await.map_err(not_durable)?;
        }
        let mut plan = || plan(&self.machine.borrow(), &inner.engine(), clock::wall());
        let batch = match plan().map_err(Error::Outbox)? {
            Change::Made(id) => return Ok(id),
            Change::Batch(batch) => batch,
        };
        let mut made = Ok(None);
        let mut replan = || match plan() {
            Ok(Change::Batch(batch)) => Some(batch),
            Ok(Change::Made(id)) => {
                made = Ok(id);
                None
            }
            Err(error) => {
                made = Err(Error::Outbox(error));
                None
            }
        };
        match self.store(inner, batch, body, &mut replan).await {
            Stored::Yes(added) => Ok(added),
            Stored::Nothing => made,
            Stored::Unknown(trouble) => {
                self.load(inner).await.map_err(not_durable)?;
                match plan().map_err(Error::Outbox)? {
                    Change::Made(id) => Ok(id),
                    // It is not among what is stored.
                    Change::Batch(_) => Err(not_durable(trouble)),
                }
            }
        }
    }

    /// Reads the queue, unless it is known.
    pub(super) async fn know(self: &Rc<Session>, inner: &Rc<Inner>) -> Result<(), Error> {
        let read = self.machine.borrow().is_read();
        match read {
            true => Ok(()),
            false => self.refresh(inner).await,
        }
    }

    /// Reads the queue: what another tab says of it may still be on its way.
    pub(super) async fn refresh(self: &Rc<Session>, inner: &Rc<Inner>) -> Result<(), Error> {
        let _turn = self.turns.pass().await;
        self.load(inner).await.map_err(not_durable)
    }

    pub(super) async fn load(self: &Rc<Session>, inner: &Rc<Inner>) -> Result<(), Trouble> {
        match self.disk.rows().await {
            Ok(rows) => {
                self.take_in(inner, &rows);
                Ok(())
            }
            Err(trouble) => {
                self.machine.borrow_mut().unread(inner.now());
                Err(trouble)
            }
        }
    }

    /// These are the rows.
    fn take_in(&self, inner: &Rc<Inner>, rows: &Rows) {
        let (now, wall) = (inner.now(), clock::wall());
        let mut machine = self.machine.borrow_mut();
        let rows = rows.iter().map(|(id, text)| (*id, &**text));
        machine.load(&inner.engine(), wall, rows);
        machine.report(&mut inner.engine(), now, wall);
        self.waiters.dismiss(Some(&machine));
    }

    /// Stores a batch; where another tab has changed the queue meanwhile, what is planned anew.
    pub(super) async fn store(
        self: &Rc<Session>,
        inner: &Rc<Inner>,
        batch: Batch,
        body: &JsValue,
        plan: &mut dyn FnMut() -> Option<Batch>,
    ) -> Stored {
        let mut batch = Some(batch);
        let mut replan = |old, rows: &Rows| {
            self.machine.borrow_mut().refused(old);
            self.take_in(inner, rows);
            plan()
        };
        let stored = self.disk.store(&mut batch, body, &mut replan).await;
        let (now, wall) = (inner.now(), clock::wall());
        match (stored, batch) {
            (Ok(()), Some(batch)) => {
                let added = batch.added();
                let claims =
                    (self.machine.borrow_mut()).applied(&mut inner.engine(), now, wall, batch);
                self.let_go();
                if let Some(wire) = &*self.wire.borrow() {
                    wire.tell(&CHANGED.into());
                }
                for claim in claims {
                    inner.launch(self, claim);
                }
                inner.publish();
                self.bell.ring();
                Stored::Yes(added)
            }
            (Ok(()), None) => Stored::Nothing,
            (Err(trouble), batch) => {
                match batch {
                    Some(batch) => self.machine.borrow_mut().failed(now, batch),
                    None => self.machine.borrow_mut().unread(now),
                }
                Stored::Unknown(trouble)
            }
        }
    }

    /// An attempt was answered: somebody may ask what the answer says.
    pub(super) fn keep(&self, claim: Claim, response: Response) {
        self.answers.borrow_mut().push((claim, response));
    }

    pub(super) fn answer(&self, claim: Claim) -> Option<Response> {
        let mut answers = self.answers.borrow_mut();
        let place = answers.iter().position(|(each, _)| *each == claim)?;
        Some(answers.swap_remove(place).1)
    }

    /// Lets go of answers that nobody can ask for any more.
    fn let_go(&self) {
        let machine = self.machine.borrow();
        self.waiters.dismiss(Some(&machine));
        let out = |claim: &Claim| {
            let entry = machine.entry(claim.id);
            entry.is_some_and(|entry| entry.attempts == claim.attempt)
        };
        self.answers.borrow_mut().retain(|(claim, response)| {
            let out = out(claim);
            if !out {
                flight::discard(response);
            }
            out
        });
    }

    /// Nothing is begun any more. What is out goes again with its key, when its identity is back.
    pub(super) fn end(&self) {
        self.over.set(true);
        self.waiters.dismiss(None);
        self.helm.take();
        self.wire.take();
        self.bell.ring();
    }
}

pub(super) enum Stored {
    /// The entry that was added, if one was.
    Yes(Option<EntryId>),
    /// By what another tab has changed, there is nothing to be stored.
    Nothing,
    /// Nobody knows.
    Unknown(Trouble),
}

pub(super) fn not_durable(trouble: Trouble) -> Error {
    let reason = match trouble {
        Trouble::Broken(reason)
        | Trouble::Failed(reason)
        | Trouble::Lost(reason)
        | Trouble::Refused(reason) => reason,
        Trouble::Full => "the disk is full".into(),
        Trouble::Revoked => String::new(),
    };
    Error::NotDurable { reason }
}
