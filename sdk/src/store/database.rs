//! Kept answers in IndexedDB, by way of indexed_db_futures.
//!
//! A transaction ends as soon as the browser finds it without a request, so nothing is awaited inside one but its own requests, and
//! a write counts once the transaction is complete, not when the request was.

use indexed_db_futures::database::Database;
use indexed_db_futures::error::{Error, OpenDbError, UnexpectedDataError};
use indexed_db_futures::object_store::ObjectStore;
use indexed_db_futures::prelude::*;
use indexed_db_futures::transaction::TransactionMode;
use wasm_bindgen::JsValue;

use super::Work;
use super::schema::{self, NAME, RESPONSES, STORED_AT};
use crate::global::property;
use crate::kept::Kept;

/// An open database.
#[derive(Clone, Debug)]
pub(super) struct Connection(Database);

/// Why an access failed.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// The database cannot be used.
    Broken(String),
    /// There is no room for the record.
    Full(String),
}

impl Connection {
    pub(super) async fn open() -> Result<Connection, Trouble> {
        schema::ensure()
            .await
            .map_err(|error| Trouble::refused(&error))?;
        Ok(Connection(Database::open(NAME).build()?.await?))
    }

    pub(super) fn close(self) {
        self.0.close();
    }

    /// Does the work; what was read, if that was the work and there was something.
    pub(super) async fn carry_out(
        &self,
        work: Work<'_>,
        entries: u32,
    ) -> Result<Option<Kept>, Trouble> {
        match self.transact(work, entries).await {
            // Half of the entries make room for one, or the disk has none at all.
            Err(error) if is_full(&error) => Ok(self.transact(work, entries / 2).await?),
            result => Ok(result?),
        }
    }

    async fn transact(&self, work: Work<'_>, entries: u32) -> Result<Option<Kept>, Error> {
        let mode = match work {
            Work::Read(_) => TransactionMode::Readonly,
            Work::Remove(_) | Work::Write(..) => TransactionMode::Readwrite,
        };
        let transaction = self.0.transaction(RESPONSES).with_mode(mode).build()?;
        let store = transaction.object_store(RESPONSES)?;
        match work {
            Work::Read(key) => {
                let record: Option<JsValue> = store.get(key).primitive()?.await?;
                return Ok(record.and_then(Kept::from_store));
            }
            Work::Remove(key) => {
                store.delete(key).primitive()?;
            }
            Work::Write(key, kept) => {
                trim(&store, entries.saturating_sub(1)).await?;
                store.put(kept.record()).with_key(key).primitive()?;
            }
        }
        transaction.commit().await?;
        Ok(None)
    }
}

/// Deletes the oldest records until at most so many are left.
async fn trim(store: &ObjectStore<'_>, most: u32) -> Result<(), Error> {
    let excess = store.count().primitive()?.await?.saturating_sub(most);
    if excess == 0 {
        return Ok(());
    }
    let oldest_first = store
        .index(STORED_AT)?
        .get_all_keys::<JsValue>()
        .primitive()?
        .await?;
    for key in oldest_first.take(excess as usize) {
        store.delete(key?).primitive()?;
    }
    Ok(())
}

/// Some browsers say so of the request, others only abort the transaction.
fn is_full(error: &Error) -> bool {
    matches!(
        error,
        Error::MissingData(UnexpectedDataError::TransactionAborted)
    ) || name(error) == "QuotaExceededError"
}

/// The name of the exception: what a search finds, and a tenth of the code that their messages would bring in.
fn name(error: &Error) -> String {
    match error {
        Error::DomException(exception) => exception_name(exception.as_ref()),
        _ => "unexpected".into(),
    }
}

fn exception_name(exception: &JsValue) -> String {
    property(exception, "name").as_string().unwrap_or_default()
}

impl Trouble {
    fn refused(error: &JsValue) -> Trouble {
        Trouble::Broken(if error.is_undefined() {
            "this browser has no IndexedDB here".into()
        } else {
            ["IndexedDB was refused: ", &exception_name(error)].concat()
        })
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        if is_full(&error) {
            Trouble::Full("the disk is full: new answers are not kept".into())
        } else {
            Trouble::Broken(["IndexedDB failed: ", &name(&error)].concat())
        }
    }
}

impl From<OpenDbError> for Trouble {
    fn from(error: OpenDbError) -> Trouble {
        match error {
            OpenDbError::Base(error) => error.into(),
            _ => Trouble::refused(&JsValue::UNDEFINED),
        }
    }
}
