//! One identity's use of the queue: what is known of it, changes to it one at a time, and its draining.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use tidegate_core::outbox::{Batch, Claim, EntryId, Outbox as Machine, OutboxError, Step};
use tidegate_core::{Engine, Instant, Millis, Wall};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Response;

use super::disk::Disk;
use super::helm::{Helm, Wire};
use super::schema::NAME;
use super::turn::{Bell, Turnstile};
use crate::boundary;
use crate::clock;
use crate::error::Error;
use crate::flight;
use crate::inner::Inner;
use crate::store::Trouble;

/// How often a tab that does not drain reads the queue, at most, to show it.
const GLANCE: Millis = Millis(1_000);
/// How long it leaves a database alone that gives no answer.
const REST: Millis = Millis(30_000);

/// What all sessions of a client have in common. Nothing is opened before the first.
pub(crate) struct Desk {
    pub(super) disk: Rc<Disk>,
    session: RefCell<Option<Rc<Session>>>,
    closed: Cell<bool>,
    /// Somebody has signed in, and what was parked is to go.
    signed_in: Cell<bool>,
}

/// One identity's use of the queue.
pub(crate) struct Session {
    pub(super) disk: Rc<Disk>,
    pub(super) machine: RefCell<Machine>,
    pub(super) bell: Rc<Bell>,
    turns: Turnstile,
    helm: RefCell<Option<Helm>>,
    wire: RefCell<Option<Wire>>,
    over: Cell<bool>,
    /// Answers that somebody may wait to be told of, until their claims are settled.
    answers: RefCell<Vec<(Claim, Response)>>,
    glanced: Cell<Instant>,
}

/// What is to be changed, once all that is stored is known. It may be asked again, if somebody else was quicker.
pub(super) type Plan<'a> =
    &'a mut dyn FnMut(&Machine, &Engine, Wall) -> Result<Change, OutboxError>;

pub(super) enum Change {
    /// To be stored.
    Batch(Batch),
    /// It is so already.
    Made(Option<EntryId>),
}

impl Desk {
    pub(crate) fn new(timer: Rc<crate::timer::Timer>) -> Desk {
        Desk {
            disk: Disk::new(timer),
            session: RefCell::default(),
            closed: Cell::default(),
            signed_in: Cell::default(),
        }
    }

    /// Another identity: its queue is another one.
    pub(crate) fn succeed(&self) -> bool {
        let session = self.session.take();
        if let Some(session) = &session {
            session.end();
        }
        session.is_some()
    }

    /// Somebody has signed in: what was parked goes.
    pub(crate) fn sign_in(&self) {
        self.signed_in.set(true);
        self.ring();
    }

    /// The network is back.
    pub(crate) fn hurry(&self) {
        let session = self.session.borrow().clone();
        if let Some(session) = session {
            session.machine.borrow_mut().hurry(clock::wall());
            session.bell.ring();
        }
    }

    pub(crate) fn close(&self) {
        self.closed.set(true);
        self.succeed();
        self.disk.shut();
    }

    fn ring(&self) {
        if let Some(session) = &*self.session.borrow() {
            session.bell.ring();
        }
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.close();
    }
}

impl Inner {
    /// Goes on with what an earlier page has left, if the browser says that there is something.
    pub(crate) fn resume_outbox(self: &Rc<Inner>) {
        if self.engine().settings().outbox.entries == 0 {
            return;
        }
        let inner = Rc::downgrade(self);
        let there = boundary::has_database(NAME);
        spawn_local(async move {
            let there = JsFuture::from(there).await;
            if let Some(inner) = inner.upgrade()
                && there.is_ok_and(|there| there.is_truthy())
            {
                inner.session();
            }
        });
    }

    /// The present identity's session, begun if there is none.
    pub(crate) fn session(self: &Rc<Inner>) -> Rc<Session> {
        let current = self.outbox.session.borrow().clone();
        if let Some(session) = current {
            return session;
        }
        let whose = self.whose();
        let owner = whose.partition.name();
        let machine = Machine::new(owner, crate::inner::seed(), crate::inner::seed());
        let session = Rc::new(Session {
            disk: self.outbox.disk.clone(),
            machine: RefCell::new(machine),
            bell: Rc::default(),
            turns: Turnstile::default(),
            helm: RefCell::default(),
            wire: RefCell::default(),
            over: Cell::new(self.outbox.closed.get()),
            answers: RefCell::default(),
            glanced: Cell::new(Instant::START),
        });
        if session.over.get() {
            return session;
        }
        let (heard, granted) = (Rc::downgrade(&session), Rc::downgrade(&session));
        let wire = Wire::new(move || {
            if let Some(session) = heard.upgrade() {
                session.machine.borrow_mut().outdated();
                session.bell.ring();
            }
        });
        session.wire.replace(Some(wire));
        let helm = Helm::ask(owner, move || {
            if let Some(session) = granted.upgrade() {
                session.machine.borrow_mut().set_alone(true);
                session.bell.ring();
            }
        });
        session.helm.replace(Some(helm));
        self.outbox.session.replace(Some(session.clone()));
        spawn_local(drain(Rc::downgrade(self), session.clone()));
        session
    }

    /// Whether a session is the present one.
    pub(super) fn is_current(&self, session: &Rc<Session>) -> bool {
        let current = self.outbox.session.borrow();
        current.as_ref().is_some_and(|it| Rc::ptr_eq(it, session))
    }
}

/// Drains until the session is over or its client is gone, which it does not keep.
async fn drain(inner: Weak<Inner>, session: Rc<Session>) {
    loop {
        let (until, timer) = match inner.upgrade() {
            Some(inner) if !session.over.get() => {
                let until = session.go_on(&inner).await;
                inner.publish();
                (until, inner.timer.clone())
            }
            _ => return,
        };
        if let Some(until) = until {
            session.bell.rest(&timer, until).await;
        }
    }
}

impl Session {
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
        let mut failed: Option<Trouble> = None;
        loop {
            let read = self.machine.borrow().is_read();
            if !read {
                self.load(inner).await.map_err(not_durable)?;
            }
            let change = plan(&self.machine.borrow(), &inner.engine(), clock::wall());
            let batch = match (change.map_err(Error::Outbox)?, failed) {
                (Change::Made(id), _) => return Ok(id),
                // It is not among what is stored.
                (Change::Batch(_), Some(trouble)) => return Err(not_durable(trouble)),
                (Change::Batch(batch), None) => batch,
            };
            let added = batch.added();
            failed = match self.store(inner, batch, body).await {
                Stored::Yes => return Ok(added),
                Stored::Refused => None,
                Stored::Unknown(trouble) => Some(trouble),
            };
        }
    }

    /// Reads the queue: what another tab says of it may still be on its way.
    pub(super) async fn refresh(self: &Rc<Session>, inner: &Rc<Inner>) -> Result<(), Error> {
        let _turn = self.turns.pass().await;
        self.load(inner).await.map_err(not_durable)
    }

    /// Does what is next; when there is something again.
    async fn go_on(self: &Rc<Session>, inner: &Rc<Inner>) -> Option<Instant> {
        if inner.outbox.signed_in.take() {
            let mut plan = |machine: &Machine, _: &Engine, wall| {
                Ok(match machine.signed_in(wall) {
                    Some(batch) => Change::Batch(batch),
                    None => Change::Made(None),
                })
            };
            if self.change(inner, &mut plan, &JsValue::NULL).await.is_err() {
                inner.outbox.signed_in.set(true);
            }
        }
        let steers = self.helm.borrow().as_ref().is_some_and(Helm::steers);
        if !steers {
            return self.look_on(inner).await;
        }
        let _turn = self.turns.pass().await;
        let (now, wall) = (inner.now(), clock::wall());
        let step = (self.machine.borrow_mut()).poll(&mut inner.engine(), now, wall);
        match step {
            Step::Load => {
                let _ = self.load(inner).await;
                None
            }
            Step::Read { claim, fields } => {
                let answer = self.answer(claim);
                let found = inner.members(answer, fields).await;
                self.machine.borrow_mut().found(claim, found);
                None
            }
            Step::Store(batch) => {
                let _ = self.store(inner, batch, &JsValue::NULL).await;
                None
            }
            Step::Wait(until) => Some(until),
        }
    }

    /// Another tab drains: it is only looked at, now and then.
    async fn look_on(self: &Rc<Session>, inner: &Rc<Inner>) -> Option<Instant> {
        let (read, now) = (self.machine.borrow().is_read(), inner.now());
        let next = self.glanced.get();
        if read {
            return Some(Instant::NEVER);
        }
        if now < next {
            return Some(next);
        }
        self.glanced.set(now + GLANCE);
        let _ = self.refresh(inner).await;
        Some(match self.machine.borrow().is_read() {
            true => Instant::NEVER,
            false => now + REST,
        })
    }

    async fn load(self: &Rc<Session>, inner: &Rc<Inner>) -> Result<(), Trouble> {
        let rows = self.disk.rows().await;
        let (now, wall) = (inner.now(), clock::wall());
        let mut machine = self.machine.borrow_mut();
        match rows {
            Ok(rows) => {
                let rows = rows.iter().map(|(id, text)| (*id, &**text));
                machine.load(&inner.engine(), wall, rows);
                machine.report(&mut inner.engine(), now, wall);
                Ok(())
            }
            Err(trouble) => {
                machine.unread(now);
                Err(trouble)
            }
        }
    }

    async fn store(self: &Rc<Session>, inner: &Rc<Inner>, batch: Batch, body: &JsValue) -> Stored {
        let stored = self.disk.store(&batch, body).await;
        let (now, wall) = (inner.now(), clock::wall());
        match stored {
            Ok(true) => {
                let claims =
                    (self.machine.borrow_mut()).applied(&mut inner.engine(), now, wall, batch);
                self.let_go();
                if let Some(wire) = &*self.wire.borrow() {
                    wire.tell();
                }
                for claim in claims {
                    inner.launch(self, claim);
                }
                inner.publish();
                self.bell.ring();
                Stored::Yes
            }
            Ok(false) => {
                self.machine.borrow_mut().refused(batch);
                Stored::Refused
            }
            Err(trouble) => {
                self.machine.borrow_mut().failed(now, batch);
                Stored::Unknown(trouble)
            }
        }
    }

    /// An attempt was answered: somebody may ask what the answer says.
    pub(super) fn keep(&self, claim: Claim, response: Response) {
        self.answers.borrow_mut().push((claim, response));
    }

    fn answer(&self, claim: Claim) -> Option<Response> {
        let mut answers = self.answers.borrow_mut();
        let place = answers.iter().position(|(each, _)| *each == claim)?;
        Some(answers.swap_remove(place).1)
    }

    /// Lets go of answers that nobody can ask for any more.
    fn let_go(&self) {
        let machine = self.machine.borrow();
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
    fn end(&self) {
        self.over.set(true);
        self.helm.take();
        self.wire.take();
        self.bell.ring();
    }
}

enum Stored {
    Yes,
    /// Somebody else was quicker.
    Refused,
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
