//! Where things are kept at the moment, and how that heals.
//!
//! ```text
//! unopened ── first use ──► opening ── opened ──► database ── closed, lost ──► unopened
//!                              │                     │ lost twice in one access
//!                              │ refused, late       ▼
//!                              └───────────────► memory ── opened after all ──► database
//! ```
//! An open that is late goes on. From memory the database is tried again when something is read or written, five seconds after it failed
//! at the soonest, and each time after twice as long, up to five minutes: a broken disk costs one try in five minutes, a busy one five seconds.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use tidegate_core::{Instant, Millis, StorageMode};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::connection::{Connection, Done, Work};
use super::depot::{Depot, settle};
use super::open::open;
use super::receipt::Receipt;
use super::trouble::Trouble;
use crate::boundary::property;

/// Longer than any disk takes to read, and short enough that a person still waits: an open that is blocked by another tab never ends.
const LONGEST_READ: Millis = Millis::from_secs(2);
/// Nobody waits for a write, and a phone writes a batch of large bodies in seconds.
const LONGEST_WRITE: Millis = Millis::from_secs(20);
const FIRST_REST: Millis = Millis::from_secs(5);
const LONGEST_REST: Millis = Millis::from_secs(300);

pub(super) enum Place {
    Database(Rc<Connection>),
    Memory {
        /// When the database is tried again, at the soonest.
        next: Instant,
        rest: Millis,
    },
    /// Being opened, once for all who come meanwhile.
    Opening {
        opened: Receipt,
        until: Instant,
    },
    Unopened,
}

impl Depot {
    /// Does something with the database. [`Trouble::Refused`] when there is none (any more).
    pub(super) fn access<'a>(
        self: &'a Rc<Depot>,
        work: &'a Work,
    ) -> Pin<Box<dyn Future<Output = Result<Done, Trouble>> + 'a>> {
        Box::pin(async move {
            let mut again = true;
            loop {
                let Some(connection) = self.connection().await else {
                    return Err(Trouble::Refused(String::new()));
                };
                self.freeze.over().await;
                // Asked as the transaction begins: one that begins after a logout's would make the row anew that the logout has deleted.
                if let Work::Claim { whose, .. } = work
                    && !self.logouts.borrow().spare(whose)
                {
                    return Err(Trouble::Revoked);
                }
                let longest = match work {
                    Work::Scan(..) | Work::Claim { .. } => LONGEST_READ,
                    _ => LONGEST_WRITE,
                };
                let until = self.timer.clock.now() + longest;
                let done = match self.timer.in_time(connection.carry_out(work), until).await {
                    Some(done) => done,
                    None => Err(Trouble::late()),
                };
                let Err(Trouble::Lost(reason)) = done else {
                    return done;
                };
                if !again {
                    self.take_to_memory(&reason);
                    return Err(Trouble::Refused(reason));
                }
                again = false;
                self.lose(&connection);
            }
        })
    }

    /// The open database; `None` when memory has taken over.
    pub(super) async fn connection(self: &Rc<Depot>) -> Option<Rc<Connection>> {
        loop {
            let (opened, until) = match &*self.place.borrow() {
                Place::Database(connection) => return Some(connection.clone()),
                Place::Memory { .. } => (None, Instant::START),
                Place::Opening { opened, until } => (Some(opened.clone()), *until),
                Place::Unopened => (None, Instant::NEVER),
            };
            match opened {
                Some(opened) => {
                    if self.timer.in_time(Box::pin(opened), until).await.is_none() {
                        self.take_to_memory(
                            "the database does not answer; another tab may hold it",
                        );
                    }
                }
                None if until == Instant::START => {
                    self.try_again();
                    return None;
                }
                None => self.open(),
            }
        }
    }

    pub(super) fn is_in_memory(&self) -> bool {
        matches!(*self.place.borrow(), Place::Memory { .. })
    }

    /// In memory, and long enough: tries the database, which nobody waits for.
    pub(super) fn try_again(self: &Rc<Depot>) {
        let now = self.timer.clock.now();
        match &mut *self.place.borrow_mut() {
            Place::Memory { next, rest } if *next <= now => {
                *rest = Millis(rest.0 * 2).min(LONGEST_REST);
                *next = now + *rest;
            }
            _ => return,
        }
        self.open();
    }

    /// Begins to open the database.
    pub(super) fn open(self: &Rc<Depot>) {
        if let Some(reason) = self.unsealable() {
            self.take_to_memory(reason);
            return;
        }
        let opened = Receipt::default();
        {
            let mut place = self.place.borrow_mut();
            if let Place::Unopened = *place {
                *place = Place::Opening {
                    opened: opened.clone(),
                    until: self.timer.clock.now() + LONGEST_READ,
                };
            }
        }
        let weak = Rc::downgrade(self);
        let on_blocked: Rc<dyn Fn()> = Rc::new(move || {
            if let Some(depot) = weak.upgrade() {
                depot.take_to_memory("blocked: another tab holds the database in an older version");
            }
        });
        let weak = Rc::downgrade(self);
        let on_lost = move |asked: bool| {
            if let Some(depot) = weak.upgrade() {
                depot.lost.set(depot.lost.get() || !asked);
                // A deletion asks first; what closes without asking is the browser itself.
                depot.cleared.set(!asked);
                depot.leave();
            }
        };
        let depot = self.clone();
        spawn_local(async move {
            depot.freeze.over().await;
            match open(on_blocked, on_lost).await {
                Ok((connection, row)) => depot.move_in(connection, &row),
                Err(Trouble::Full) => {
                    depot.take_to_memory("IndexedDB was refused: the disk is full")
                }
                Err(
                    Trouble::Broken(reason)
                    | Trouble::Failed(reason)
                    | Trouble::Lost(reason)
                    | Trouble::Refused(reason),
                ) => depot.take_to_memory(&reason),
                Err(Trouble::Revoked) => {}
            }
            opened.settle(true);
        });
    }

    /// The database is open.
    fn move_in(self: &Rc<Depot>, connection: Connection, row: &JsValue) {
        let from_memory = match *self.place.borrow() {
            // It was given up meanwhile, or another one was quicker; dropping it closes it.
            Place::Database(_) | Place::Unopened => return,
            Place::Memory { .. } => true,
            Place::Opening { .. } => false,
        };
        self.place.replace(Place::Database(Rc::new(connection)));
        let generation = property(row, "token").as_f64();
        let before = self.generation.replace(generation);
        let vanished = before.is_some() && before != generation;
        if self.cleared.replace(false) && vanished {
            self.era.set(self.era.get() + 1);
        }
        self.nobody.adopt(row, self.era.get());
        if self.lost.replace(false) {
            self.tell(&mut |standing| {
                standing.reopened += 1;
                standing.incident =
                    Some("reopened: the connection to the database was lost".into());
            });
        }
        self.settle_in(StorageMode::IndexedDb, None);
        if vanished {
            self.estimate.take();
            self.mention("vanished: what was kept is gone, somebody has cleared the storage");
        }
        if from_memory {
            self.return_from_memory();
        }
    }

    /// Memory takes over, unless it has already.
    pub(super) fn take_to_memory(&self, reason: &str) {
        {
            let mut place = self.place.borrow_mut();
            if let Place::Database(connection) = &*place {
                connection.close();
                self.lost.set(true);
            }
            if !matches!(*place, Place::Memory { .. }) {
                let next = self.timer.clock.now() + FIRST_REST;
                let before = std::mem::replace(
                    &mut *place,
                    Place::Memory {
                        next,
                        rest: FIRST_REST,
                    },
                );
                if let Place::Opening { opened, .. } = before {
                    opened.settle(true);
                }
            }
        }
        self.settle_in(StorageMode::Memory, Some(reason.into()));
        self.hold();
    }

    /// Closes the database until it is used again; what is under way is finished first.
    pub(super) fn leave(&self) {
        let mut place = self.place.borrow_mut();
        match &*place {
            Place::Database(connection) => connection.close(),
            Place::Opening { opened, .. } => opened.settle(true),
            Place::Memory { .. } | Place::Unopened => return,
        }
        *place = Place::Unopened;
    }

    /// Gives a connection up that is of no use, unless somebody else has.
    fn lose(&self, dead: &Rc<Connection>) {
        let current = match &*self.place.borrow() {
            Place::Database(connection) => Rc::ptr_eq(connection, dead),
            _ => false,
        };
        if current {
            self.lost.set(true);
            self.leave();
        }
    }

    /// The first batch after a time without a database: what is owed, then what memory has.
    fn return_from_memory(self: &Rc<Depot>) {
        // A partition that was never in use with a database may have been logged out in another tab: nobody can know.
        let unsure = self
            .ahead
            .borrow_mut()
            .forget(|whose, _| !whose.is_anonymous() && !whose.is_of(self.era.get()));
        settle(unsure);
        let depot = self.clone();
        spawn_local(async move {
            depot.pay().await;
            depot.send();
        });
    }
}
