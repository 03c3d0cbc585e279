//! Where the queue is: a database, or nowhere. There is no memory in its place: who queues a write is told when it is not on the disk.
//!
//! A write counts when its transaction is complete, with durability `strict`; one that takes too long is aborted. A connection that turns out
//! dead is opened anew before anything is begun on it, never in the middle: nobody would know what had been stored.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::rc::{Rc, Weak};

use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use tidegate_core::Millis;
use tidegate_core::outbox::{Batch, EntryId, Row};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::schema::{BODIES, ROWS, SHAPE};
use crate::freeze::Freeze;
use crate::store::{Connection, Receipt, Trouble, begin_strictly, commit, open_for_good};
use crate::timer::Timer;

/// As for the kept answers: longer than any disk takes, and short enough that a person still waits.
const LONGEST_OPEN: Millis = Millis::from_secs(2);
/// How often in a row a connection may be lost.
const OPENS: u32 = 3;
/// A phone writes a large body in seconds.
const LONGEST_ACCESS: Millis = Millis::from_secs(20);

pub(super) type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Trouble>> + 'a>>;

/// Numbers of rows and their texts.
pub(super) type Rows = Vec<(u64, String)>;

/// What is to be stored in place of a batch, where these are the rows.
pub(super) type Replan<'a> = &'a mut dyn FnMut(Batch, &Rows) -> Option<Batch>;

pub(crate) struct Disk {
    timer: Rc<Timer>,
    freeze: Freeze,
    place: RefCell<Place>,
    shut: Cell<bool>,
}

enum Place {
    Closed,
    /// Being opened, once for all who come meanwhile.
    Opening(Receipt),
    Open(Rc<Connection>),
    Refused(Trouble),
}

impl Disk {
    pub(super) fn new(timer: Rc<Timer>) -> Rc<Disk> {
        Rc::new(Disk {
            timer,
            freeze: Freeze::listen(),
            place: RefCell::new(Place::Closed),
            shut: Cell::new(false),
        })
    }

    /// All rows. Boxed, or whoever awaits it from another crate has a copy of it.
    pub(super) fn rows(self: &Rc<Disk>) -> Work<'_, Rows> {
        Box::pin(async {
            let connection = self.connection().await?;
            let work = Box::pin(async {
                let transaction = begin_strictly(&connection.database, &[ROWS], false)?;
                all(&transaction.object_store(ROWS)?).await
            });
            self.in_time(&connection, work).await
        })
    }

    /// What is stored with an entry.
    pub(super) async fn body(self: &Rc<Disk>, id: EntryId) -> Result<Option<JsValue>, Trouble> {
        let connection = self.connection().await?;
        let work = Box::pin(async {
            let transaction = begin_strictly(&connection.database, &[BODIES], false)?;
            let store = transaction.object_store(BODIES)?;
            Ok(store.get(key(id.0)).primitive()?.await?)
        });
        self.in_time(&connection, work).await
    }

    /// Stores a batch, and the body of what it adds. One that was planned for another state of the queue is planned anew for what was read in the
    /// same transaction, so nobody is quicker again; none is left where there is nothing to be stored then.
    pub(super) async fn store(
        self: &Rc<Disk>,
        batch: &mut Option<Batch>,
        body: &JsValue,
        replan: Replan<'_>,
    ) -> Result<(), Trouble> {
        let connection = self.connection().await?;
        let work = Box::pin(async {
            let transaction = begin_strictly(&connection.database, &[ROWS, BODIES], true)?;
            let rows = transaction.object_store(ROWS)?;
            let bodies = transaction.object_store(BODIES)?;
            let register = rows.get(key(Batch::REGISTER)).primitive()?.await?;
            let register = register.and_then(|text: JsValue| text.as_string());
            let fits = |batch: &Batch| batch.fits(register.as_deref());
            if !batch.as_ref().is_some_and(fits) {
                // Before it is taken: if this fails, its plan is to be told so.
                let found = all(&rows).await?;
                *batch = batch.take().and_then(|old| replan(old, &found));
            }
            let Some(batch) = batch else {
                // Dropping the transaction aborts it.
                return Ok(());
            };
            for Row { id, text } in batch.rows() {
                match text {
                    Some(text) => drop(rows.as_sys().put_with_key(&text.into(), &key(id))?),
                    None => {
                        rows.as_sys().delete(&key(id))?;
                        bodies.as_sys().delete(&key(id))?;
                    }
                }
            }
            if let Some(id) = batch.added() {
                bodies.as_sys().put_with_key(body, &key(id.0))?;
            }
            commit(transaction).await?;
            Ok(())
        });
        self.in_time(&connection, work).await
    }

    /// For good.
    pub(super) fn shut(&self) {
        self.shut.set(true);
        self.close();
    }

    /// What is under way is finished first.
    fn close(&self) {
        if let Place::Open(connection) = self.place.replace(Place::Closed) {
            connection.close();
        }
    }

    pub(super) async fn in_time<T>(
        &self,
        connection: &Rc<Connection>,
        work: Work<'_, T>,
    ) -> Result<T, Trouble> {
        self.freeze.over().await;
        let until = self.timer.clock.now() + LONGEST_ACCESS;
        let done = self.timer.in_time(work, until).await;
        let done = done.unwrap_or_else(|| Err(Trouble::late()));
        if let Err(Trouble::Lost(_)) = done {
            self.lose(connection);
        }
        done
    }

    /// A connection that works, as far as can be told.
    pub(super) async fn connection(self: &Rc<Disk>) -> Result<Rc<Connection>, Trouble> {
        for _ in 0..OPENS {
            if self.shut.get() {
                return Err(Trouble::Refused("the client is shut down".into()));
            }
            let open = match &*self.place.borrow() {
                Place::Open(connection) => Some(connection.clone()),
                _ => None,
            };
            if let Some(connection) = open {
                // A dead one says so here, before anything is asked of it.
                match connection.database.as_sys().transaction_with_str(ROWS) {
                    Ok(_) => return Ok(connection),
                    Err(_) => self.lose(&connection),
                }
            }
            let opened = self.opening();
            let until = self.timer.clock.now() + LONGEST_OPEN;
            if self.timer.in_time(Box::pin(opened), until).await.is_none() {
                return Err(Trouble::late());
            }
            let mut place = self.place.borrow_mut();
            if let Place::Refused(trouble) = &*place {
                let trouble = trouble.clone();
                *place = Place::Closed;
                return Err(trouble);
            }
        }
        Err(Trouble::late())
    }

    /// Opens it, unless somebody does already. An open that is late goes on.
    fn opening(self: &Rc<Disk>) -> Receipt {
        if let Place::Opening(opened) = &*self.place.borrow() {
            return opened.clone();
        }
        let opened = Receipt::default();
        self.place.replace(Place::Opening(opened.clone()));
        let (disk, settled) = (self.clone(), opened.clone());
        spawn_local(async move {
            let place = match open_for_good(&SHAPE).await {
                Ok(database) => {
                    let weak: Weak<Disk> = Rc::downgrade(&disk);
                    // It is closed already, or about to be; what begins from now on opens it again.
                    Place::Open(Rc::new(Connection::new(database, move |_| {
                        if let Some(disk) = weak.upgrade() {
                            disk.close();
                        }
                    })))
                }
                Err(trouble) => Place::Refused(trouble),
            };
            // Dropping it closes it.
            let place = match disk.shut.get() {
                true => Place::Closed,
                false => place,
            };
            disk.place.replace(place);
            settled.settle(true);
        });
        opened
    }

    fn lose(&self, dead: &Rc<Connection>) {
        let current = match &*self.place.borrow() {
            Place::Open(connection) => Rc::ptr_eq(connection, dead),
            _ => false,
        };
        if current {
            self.close();
        }
    }
}

async fn all(store: &ObjectStore<'_>) -> Result<Rows, Trouble> {
    let keys = store.get_all_keys::<JsValue>().primitive()?;
    let texts = store.get_all::<JsValue>().primitive()?;
    let (keys, texts) = (keys.await?, texts.await?);
    let mut rows = Vec::new();
    for (key, text) in keys.zip(texts) {
        let key = key?.as_f64().unwrap_or(-1.0);
        // What is no text is a row that cannot be read, which is counted.
        rows.push((key as u64, text?.as_string().unwrap_or_default()));
    }
    Ok(rows)
}

fn key(id: u64) -> JsValue {
    (id as f64).into()
}
