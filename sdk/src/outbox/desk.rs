//! The outbox of a client: its database, and whose session it is. Nothing is opened before the first.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::disk::Disk;
use super::drain::drain;
use super::schema::NAME;
use super::session::Session;
use super::token::Hook;
use crate::boundary;
use crate::clock;
use crate::inner::Inner;
use crate::timer::Timer;

/// What all sessions of a client have in common. Nothing is opened before the first.
pub(crate) struct Desk {
    pub(crate) disk: Rc<Disk>,
    session: RefCell<Option<Rc<Session>>>,
    closed: Cell<bool>,
    /// Somebody has signed in, and what was parked is to go.
    pub(super) signed_in: Cell<bool>,
    /// Who says what an entry is sent with.
    pub(super) hook: RefCell<Option<Hook>>,
}

impl Desk {
    pub(crate) fn new(timer: Rc<Timer>) -> Desk {
        Desk {
            disk: Disk::new(timer),
            session: RefCell::default(),
            closed: Cell::default(),
            signed_in: Cell::default(),
            hook: RefCell::default(),
        }
    }

    /// The session that has begun, if one has.
    pub(super) fn present(&self) -> Option<Rc<Session>> {
        self.session.borrow().clone()
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
        if let Some(session) = self.present() {
            session.machine.borrow_mut().hurry(clock::wall());
            session.bell.ring();
        }
    }

    pub(crate) fn close(&self) {
        self.closed.set(true);
        self.hook.take();
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
        if let Some(session) = self.outbox.present() {
            return session;
        }
        let whose = self.whose();
        let owner = whose.partition.name();
        let over = self.outbox.closed.get();
        let session = Session::new(self.outbox.disk.clone(), owner, over);
        if over {
            return session;
        }
        session.begin(owner);
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
