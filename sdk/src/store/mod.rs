//! Where answers are kept: the browser's database, or this page's memory where that is refused.
//!
//! Storage must never be the outage. Opening and every access have a time limit; a connection that turns out dead is opened once more;
//! after that the page's memory takes over and health says so, with the reason.

mod database;
mod memory;

use std::cell::RefCell;
use std::fmt;
use std::future::Future;
use std::rc::Rc;

use futures::FutureExt;
use futures::future::{Either, LocalBoxFuture, Shared, select};
use tidegate_core::{Millis, StorageMode};

use self::database::{Connection, Trouble};
use self::memory::Memory;
use crate::kept::Kept;
use crate::timer::Timer;

/// Longer than any disk takes, and short enough that a person still waits: an open that is blocked by another tab never ends.
const LONGEST_ACCESS: Millis = Millis::from_secs(2);

type Opening = Shared<LocalBoxFuture<'static, Result<Connection, Trouble>>>;

/// The kept answers.
pub(crate) struct Store {
    timer: Rc<Timer>,
    entries: u32,
    place: RefCell<Place>,
    report: Box<dyn Fn(StorageMode, Option<String>)>,
}

enum Place {
    Database(Opening),
    Memory(Memory),
    Unopened,
}

impl Store {
    /// A store that opens when it is first used, and reports where it keeps things whenever that changes.
    pub(crate) fn new(timer: Rc<Timer>, entries: u32, report: impl Fn(StorageMode, Option<String>) + 'static) -> Store {
        Store { timer, entries, place: RefCell::new(Place::Unopened), report: Box::new(report) }
    }

    /// The answer kept under a key.
    pub(crate) async fn read(&self, key: &str) -> Option<Kept> {
        let found = self.access(async |connection: &Connection| connection.read(key).await).await;
        found.unwrap_or_else(|| self.with_memory(|memory| memory.read(key)))
    }

    /// Keeps an answer; beyond the number of entries that are allowed, the oldest ones go.
    pub(crate) async fn write(&self, key: &str, kept: &Kept) {
        let entries = self.entries;
        let written = self.access(async |connection: &Connection| connection.write(key, kept, entries).await).await;
        if written.is_none() {
            self.with_memory(|memory| memory.write(key, kept.clone(), entries));
        }
    }

    /// Does something with the database; `None` when there is none (any more).
    async fn access<T>(&self, work: impl AsyncFn(&Connection) -> Result<T, Trouble>) -> Option<T> {
        let mut again = true;
        loop {
            let opening = self.opening()?;
            let trouble = match self.in_time(opening).await {
                Ok(connection) => match self.in_time(work(&connection)).await {
                    Ok(result) => {
                        (self.report)(StorageMode::IndexedDb, None);
                        return Some(result);
                    }
                    Err(Trouble::Full(reason)) => {
                        // The database works, it just has no room: what is in it stays readable.
                        (self.report)(StorageMode::IndexedDb, Some(reason));
                        return None;
                    }
                    Err(Trouble::Broken(reason)) => reason,
                },
                Err(Trouble::Full(reason) | Trouble::Broken(reason)) => {
                    again = false;
                    reason
                }
            };
            if again {
                again = false;
                *self.place.borrow_mut() = Place::Unopened;
            } else {
                *self.place.borrow_mut() = Place::Memory(Memory::default());
                (self.report)(StorageMode::Memory, Some(trouble));
                return None;
            }
        }
    }

    /// The database, opened once for all who come meanwhile; `None` when memory has taken over.
    fn opening(&self) -> Option<Opening> {
        let mut place = self.place.borrow_mut();
        match &*place {
            Place::Database(opening) => Some(opening.clone()),
            Place::Memory(_) => None,
            Place::Unopened => {
                let opening = Connection::open().boxed_local().shared();
                *place = Place::Database(opening.clone());
                Some(opening)
            }
        }
    }

    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
        let until = self.timer.clock.now() + LONGEST_ACCESS;
        match select(std::pin::pin!(work), self.timer.sleep(until, None)).await {
            Either::Left((result, _)) => result,
            Either::Right(_) => Err(Trouble::Broken("the database did not answer in time; another tab may be holding it".into())),
        }
    }

    fn with_memory<T: Default>(&self, work: impl FnOnce(&mut Memory) -> T) -> T {
        match &mut *self.place.borrow_mut() {
            Place::Memory(memory) => work(memory),
            Place::Database(_) | Place::Unopened => T::default(),
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match &*self.place.borrow() {
            Place::Database(_) => "database",
            Place::Memory(_) => "memory",
            Place::Unopened => "unopened",
        };
        f.debug_struct("Store").field("place", &place).finish_non_exhaustive()
    }
}
