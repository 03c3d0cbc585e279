//! Opening the database, and making it anew where it cannot be mended.
//!
//! | what is found | what is done |
//! |---|---|
//! | none, or an older version | made, or brought up to date |
//! | a later version of the same hundred | opened as it is: it has all that this release needs |
//! | a version of the next hundred | left alone, and refused |
//! | `UnknownError`, as for a broken disk or file | tried three times, then deleted and made anew: it is a cache |
//! | stores are missing | the same |
//! | an older version that another tab holds | reported; it opens when that tab is gone |

use std::rc::Rc;

use indexed_db_futures::database::Database;
use indexed_db_futures::error::{Error, OpenDbError};
use indexed_db_futures::future::OpenDbRequest;
use indexed_db_futures::internals::SystemRepr;
use indexed_db_futures::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{IdbDatabase, IdbFactory, IdbOpenDbRequest};

use super::connection::{Connection, own_row};
use super::schema::{NAME, SHAPE};
use super::trouble::{Trouble, exception_name};
use crate::boundary::property;

/// A broken backing store is often only busy: Chromium repairs it between two tries.
const TRIES: u32 = 3;

/// A database: what it is called, and how it is made.
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) version: u32,
    /// The first version that this release does not understand.
    pub(crate) too_new: u32,
    pub(crate) stores: &'static [&'static str],
    pub(crate) create: fn(&IdbOpenDbRequest) -> Result<(), JsValue>,
}

/// A connection to the database, and the database's row. `on_blocked` is called when another tab is in the way, `on_lost` as by
/// [`Connection::new`].
pub(super) async fn open(
    on_blocked: Rc<dyn Fn()>,
    on_lost: impl Fn(bool) + Clone + 'static,
) -> Result<(Connection, JsValue), Trouble> {
    let mut broken = String::new();
    for _ in 0..TRIES {
        match open_with_row(&on_blocked, &on_lost).await {
            Err(Trouble::Broken(name)) => broken = name,
            opened => return opened,
        }
    }
    delete().await?;
    match open_with_row(&on_blocked, &on_lost).await {
        Err(Trouble::Broken(_)) => Err(Trouble::refused(&broken)),
        opened => opened,
    }
}

async fn open_with_row(
    on_blocked: &Rc<dyn Fn()>,
    on_lost: &(impl Fn(bool) + Clone + 'static),
) -> Result<(Connection, JsValue), Trouble> {
    let database = open_as_it_is(&SHAPE, on_blocked).await?;
    // At once: another tab that wants it gone says so only once, and waits for whoever has not heard it. Dropping it closes it.
    let connection = Connection::new(database, on_lost.clone());
    let row = own_row(&connection.database).await?;
    Ok((connection, row))
}

/// The database, never deleted: what is in it is nowhere else.
pub(crate) async fn open_for_good(shape: &Shape) -> Result<Database, Trouble> {
    let on_blocked: Rc<dyn Fn()> = Rc::new(|| {});
    let mut broken = String::new();
    for _ in 0..TRIES {
        match open_as_it_is(shape, &on_blocked).await {
            Err(Trouble::Broken(name)) => broken = name,
            opened => return opened,
        }
    }
    Err(Trouble::refused(&broken))
}

/// [`Trouble::Broken`] where it may be deleted; whatever else goes wrong is no reason to.
async fn open_as_it_is(shape: &Shape, on_blocked: &Rc<dyn Fn()>) -> Result<Database, Trouble> {
    let first = request(shape, Some(shape.version))?;
    let database = match finish(first, shape, on_blocked).await {
        Err(name) if name == "VersionError" => {
            let later = finish(request(shape, None)?, shape, on_blocked).await;
            let later = later.map_err(|name| of_name(&name))?;
            if later.version() >= f64::from(shape.too_new) {
                later.close();
                return Err(Trouble::Refused(
                    "a newer release of Tidegate has made this database".into(),
                ));
            }
            later
        }
        opened => opened.map_err(|name| of_name(&name))?,
    };
    let names = database.as_sys().object_store_names();
    if !shape.stores.iter().all(|name| names.contains(name)) {
        database.close();
        return Err(Trouble::Broken("incomplete".into()));
    }
    Ok(database)
}

fn of_name(name: &str) -> Trouble {
    match name {
        "UnknownError" => Trouble::Broken(name.into()),
        name => Trouble::refused(name),
    }
}

fn request(shape: &Shape, version: Option<u32>) -> Result<OpenDbRequest, Trouble> {
    let request = match version {
        Some(version) => Database::open(shape.name).with_version(version).build(),
        None => Database::open(shape.name).build(),
    };
    request.map_err(|error| match error {
        OpenDbError::Base(error) => error.into(),
        // It says the same of everything that opening throws.
        OpenDbError::VersionZero => thrown(shape),
        _ => Trouble::absent(),
    })
}

/// What opening throws.
fn thrown(shape: &Shape) -> Trouble {
    let factory = property(&js_sys::global(), "indexedDB");
    match factory
        .unchecked_into::<IdbFactory>()
        .open_with_u32(shape.name, shape.version)
    {
        Ok(request) => {
            let opened = request.clone();
            let close = Closure::once_into_js(move || {
                if let Ok(database) = opened.result() {
                    database.unchecked_into::<IdbDatabase>().close();
                }
            });
            request.set_onsuccess(Some(close.unchecked_ref()));
            Trouble::refused("once")
        }
        Err(error) => Trouble::refused(&exception_name(&error)),
    }
}

/// The open database, or the name of the exception.
async fn finish(
    request: OpenDbRequest,
    shape: &Shape,
    on_blocked: &Rc<dyn Fn()>,
) -> Result<Database, String> {
    let raw = request.as_sys().clone();
    let upgraded = raw.clone();
    let create = shape.create;
    let upgrade = Closure::once(move || create(&upgraded));
    let on_blocked = on_blocked.clone();
    let blocked = Closure::<dyn FnMut()>::new(move || on_blocked());
    raw.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    raw.set_onblocked(Some(blocked.as_ref().unchecked_ref()));
    request.await.map_err(|error| match error {
        OpenDbError::Base(Error::DomException(exception)) => exception_name(exception.as_ref()),
        _ => "unexpected".into(),
    })
}

/// Deletes the database, of everybody.
pub(super) async fn delete() -> Result<(), Trouble> {
    let request = Database::delete_by_name(NAME).map_err(|_| Trouble::absent())?;
    request.await.map_err(|_| Trouble::refused("UnknownError"))
}
