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
use web_sys::{IdbDatabase, IdbFactory};

use super::connection::own_row;
use super::schema::{self, NAME, TOO_NEW, VERSION};
use super::trouble::{Trouble, exception_name};
use crate::boundary::property;

/// A broken backing store is often only busy: Chromium repairs it between two tries.
const TRIES: u32 = 3;

/// The database and its row. `on_blocked` is called when another tab is in the way.
pub(super) async fn open(on_blocked: Rc<dyn Fn()>) -> Result<(Database, JsValue), Trouble> {
    let mut broken = String::new();
    for _ in 0..TRIES {
        match open_as_it_is(&on_blocked).await {
            Err(Trouble::Broken(name)) => broken = name,
            opened => return opened,
        }
    }
    delete().await?;
    match open_as_it_is(&on_blocked).await {
        Err(Trouble::Broken(_)) => Err(Trouble::refused(&broken)),
        opened => opened,
    }
}

/// [`Trouble::Broken`] where it may be deleted; whatever else goes wrong is no reason to.
async fn open_as_it_is(on_blocked: &Rc<dyn Fn()>) -> Result<(Database, JsValue), Trouble> {
    let database = match finish(request(Some(VERSION))?, on_blocked).await {
        Err(name) if name == "VersionError" => {
            let later = finish(request(None)?, on_blocked).await;
            let later = later.map_err(|name| of_name(&name))?;
            if later.version() >= f64::from(TOO_NEW) {
                later.close();
                return Err(Trouble::Refused(
                    "a newer release of Tidegate keeps its answers here".into(),
                ));
            }
            later
        }
        opened => opened.map_err(|name| of_name(&name))?,
    };
    if !schema::is_whole(database.as_sys()) {
        database.close();
        return Err(Trouble::Broken("incomplete".into()));
    }
    match own_row(&database).await {
        Ok(row) => Ok((database, row)),
        Err(trouble) => {
            // Dropped it would stay open, in the way of every upgrade.
            database.close();
            Err(trouble)
        }
    }
}

fn of_name(name: &str) -> Trouble {
    match name {
        "UnknownError" => Trouble::Broken(name.into()),
        name => Trouble::refused(name),
    }
}

fn request(version: Option<u32>) -> Result<OpenDbRequest, Trouble> {
    let request = match version {
        Some(version) => Database::open(NAME).with_version(version).build(),
        None => Database::open(NAME).build(),
    };
    request.map_err(|error| match error {
        OpenDbError::Base(error) => error.into(),
        // It says the same of everything that opening throws.
        OpenDbError::VersionZero => thrown(),
        _ => Trouble::absent(),
    })
}

/// What opening throws.
fn thrown() -> Trouble {
    let factory = property(&js_sys::global(), "indexedDB");
    match factory
        .unchecked_into::<IdbFactory>()
        .open_with_u32(NAME, VERSION)
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
async fn finish(request: OpenDbRequest, on_blocked: &Rc<dyn Fn()>) -> Result<Database, String> {
    let raw = request.as_sys().clone();
    let upgraded = raw.clone();
    let upgrade = Closure::once(move || schema::create(&upgraded));
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
