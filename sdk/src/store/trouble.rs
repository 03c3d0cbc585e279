//! Why the database did not do something, by what can be done about it.

use indexed_db_futures::error::Error;
use wasm_bindgen::JsValue;

use crate::boundary::property;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// The database's file is of no use; a new one may be.
    Broken(String),
    /// The connection works, and this one thing failed.
    Failed(String),
    /// There is no room for the record.
    Full,
    /// The connection is of no use any more; another one may be.
    Lost(String),
    /// There is no database to be had here.
    Refused(String),
    /// The partition was erased.
    Revoked,
}

/// What a dead connection, a deleted store or a broken disk says.
const LOST: [&str; 5] = [
    "AbortError",
    "InvalidStateError",
    "NotFoundError",
    "TransactionInactiveError",
    "UnknownError",
];

impl Trouble {
    /// What the browser threw in use.
    pub(crate) fn in_use(error: &JsValue) -> Trouble {
        let name = exception_name(error);
        let said = ["IndexedDB failed: ", &name].concat();
        match &*name {
            "QuotaExceededError" => Trouble::Full,
            name if LOST.contains(&name) => Trouble::Lost(said),
            _ => Trouble::Failed(said),
        }
    }

    pub(crate) fn refused(name: &str) -> Trouble {
        Trouble::Refused(["IndexedDB was refused: ", name].concat())
    }

    pub(crate) fn absent() -> Trouble {
        Trouble::Refused("this browser has no IndexedDB here".into())
    }

    pub(crate) fn late() -> Trouble {
        Trouble::Lost("the database does not answer; another tab may hold it".into())
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        match error {
            Error::DomException(exception) => Trouble::in_use(exception.as_ref()),
            _ => Trouble::Failed("IndexedDB failed".into()),
        }
    }
}

impl From<JsValue> for Trouble {
    fn from(error: JsValue) -> Trouble {
        Trouble::in_use(&error)
    }
}

/// The name of the exception: what a search finds, and a tenth of the code that their messages would bring in.
pub(crate) fn exception_name(exception: &JsValue) -> String {
    property(exception, "name").as_string().unwrap_or_default()
}
