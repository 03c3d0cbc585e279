//! Where answers are kept: the browser's database, or this page's memory where that is refused.
//!
//! Storage must never be the outage. Opening and every access have a time limit; a connection that turns out dead is opened once more;
//! after that the page's memory takes over and health says so, with the reason.

mod database;
mod memory;
mod schema;

use std::cell::{Cell, RefCell};
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use futures::FutureExt;
use js_sys::Promise;
use tidegate_core::{Millis, StorageMode};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::{JsFuture, future_to_promise};

use self::database::{Connection, Trouble};
use self::memory::Memory;
use crate::kept::Kept;
use crate::timer::Timer;

/// Longer than any disk takes, and short enough that a person still waits: an open that is blocked by another tab never ends.
const LONGEST_ACCESS: Millis = Millis::from_secs(2);

/// Something to be done with what is kept.
#[derive(Clone, Copy)]
enum Work<'a> {
    Read(&'a str),
    Remove(&'a str),
    Write(&'a str, &'a Kept),
}

/// The kept answers.
pub(crate) struct Store {
    timer: Rc<Timer>,
    entries: Cell<u32>,
    place: Rc<RefCell<Place>>,
    report: Box<dyn Fn(StorageMode, Option<String>)>,
}

enum Place {
    Database(Result<Connection, Trouble>),
    Memory(Memory),
    /// Being opened, once for all who come meanwhile.
    Opening(Promise),
    Unopened,
}

impl Store {
    /// A store that opens when it is first used, and reports where it keeps things whenever that changes.
    pub(crate) fn new(
        timer: Rc<Timer>,
        entries: u32,
        report: impl Fn(StorageMode, Option<String>) + 'static,
    ) -> Store {
        Store {
            timer,
            entries: Cell::new(entries),
            place: Rc::new(RefCell::new(Place::Unopened)),
            report: Box::new(report),
        }
    }

    /// Opens the database while the network is still busy: between an answer and its copy, the shorter the better.
    pub(crate) fn prepare(&self) {
        let unopened = matches!(*self.place.borrow(), Place::Unopened);
        if unopened && self.entries.get() > 0 {
            drop(self.open());
        }
    }

    /// Keeps so many from now on. Where it keeps things then, if it kept none before or keeps none any more.
    pub(crate) fn resize(&self, entries: u32) -> Option<StorageMode> {
        match (self.entries.replace(entries), entries) {
            (0, 1..) => Some(StorageMode::Unopened),
            (1.., 0) => Some(StorageMode::Off),
            _ => None,
        }
    }

    /// The answer kept under a key.
    pub(crate) async fn read(&self, key: &str) -> Option<Kept> {
        self.carry_out(Work::Read(key)).await.flatten()
    }

    /// Keeps an answer; beyond the number of entries that are allowed, the oldest ones go. Whether it was kept.
    pub(crate) async fn write(&self, key: &str, kept: &Kept) -> bool {
        self.carry_out(Work::Write(key, kept)).await.is_some()
    }

    /// Forgets the answer kept under a key.
    pub(crate) async fn remove(&self, key: &str) {
        self.carry_out(Work::Remove(key)).await;
    }

    /// In the database, or in memory where that has taken over; `None` where neither could do it.
    async fn carry_out(&self, work: Work<'_>) -> Option<Option<Kept>> {
        let done = self.access(work).await;
        match &mut *self.place.borrow_mut() {
            Place::Memory(memory) if done.is_none() => {
                Some(memory.carry_out(work, self.entries.get()))
            }
            _ => done,
        }
    }

    /// Does something with the database; `None` when there is none (any more), or it has no room.
    async fn access(&self, work: Work<'_>) -> Option<Option<Kept>> {
        let mut again = true;
        loop {
            let trouble = match self.connection().await? {
                Ok(connection) => match self
                    .in_time(pin!(connection.carry_out(work, self.entries.get())))
                    .await
                {
                    Ok(result) => {
                        (self.report)(StorageMode::IndexedDb, None);
                        return Some(result);
                    }
                    Err(Trouble::Full(reason)) => {
                        // The database works, it just has no room: what is in it stays readable.
                        (self.report)(StorageMode::IndexedDb, Some(reason));
                        return None;
                    }
                    Err(trouble) => trouble,
                },
                Err(trouble) => {
                    again = false;
                    trouble
                }
            };
            if again {
                again = false;
                self.give_up(Place::Unopened);
            } else {
                let (Trouble::Broken(reason) | Trouble::Full(reason)) = trouble;
                self.give_up(Place::Memory(Memory::default()));
                (self.report)(StorageMode::Memory, Some(reason));
                return None;
            }
        }
    }

    /// Leaves the database for another place, unless somebody else has moved to memory already: what is kept there stays.
    fn give_up(&self, other: Place) {
        let mut place = self.place.borrow_mut();
        if matches!(*place, Place::Memory(_)) {
            return;
        }
        if let Place::Database(Ok(connection)) = std::mem::replace(&mut *place, other) {
            connection.close();
        }
    }

    /// Closes the database, which would be in the way of its deletion; what is under way is finished first.
    pub(crate) fn close(&self) {
        self.give_up(Place::Unopened);
    }

    /// The open database, or why it does not open; `None` when memory has taken over.
    async fn connection(&self) -> Option<Result<Connection, Trouble>> {
        loop {
            let opening = match &*self.place.borrow() {
                Place::Database(result) => return Some(result.clone()),
                Place::Memory(_) => return None,
                Place::Opening(promise) => Some(promise.clone()),
                Place::Unopened => None,
            };
            let promise = opening.unwrap_or_else(|| self.open());
            let opened = async {
                // It is never rejected: what came of it is in its place.
                let _ = JsFuture::from(promise).await;
                Ok(None)
            };
            if let Err(late) = self.in_time(pin!(opened)).await {
                return Some(Err(late));
            }
        }
    }

    fn open(&self) -> Promise {
        let place = self.place.clone();
        let promise = future_to_promise(async move {
            let result = Connection::open().await;
            let mut place = place.borrow_mut();
            // It may have been given up meanwhile.
            if let Place::Opening(_) = *place {
                *place = Place::Database(result);
            }
            Ok(JsValue::UNDEFINED)
        });
        self.place.replace(Place::Opening(promise.clone()));
        promise
    }

    /// Not generic over the future: each copy of this would cost half a kilobyte.
    async fn in_time(
        &self,
        mut work: Pin<&mut dyn Future<Output = Result<Option<Kept>, Trouble>>>,
    ) -> Result<Option<Kept>, Trouble> {
        let mut sleep = self
            .timer
            .sleep(self.timer.clock.now() + LONGEST_ACCESS, None);
        poll_fn(|cx| match work.poll_unpin(cx) {
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending => sleep.poll_unpin(cx).map(|()| {
                Err(Trouble::Broken(
                    "the database does not answer; another tab may hold it".into(),
                ))
            }),
        })
        .await
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match &*self.place.borrow() {
            Place::Database(_) => "database",
            Place::Memory(_) => "memory",
            Place::Opening(_) => "opening",
            Place::Unopened => "unopened",
        };
        f.debug_struct("Store")
            .field("place", &place)
            .finish_non_exhaustive()
    }
}
