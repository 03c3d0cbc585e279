//! Where answers are kept: the browser's database, or this page's memory where that is refused.
//!
//! Storage must never be the outage, and never show one user what was another's. Opening and every access have a time limit; a connection
//! that turns out dead is opened once more; after that the page's memory takes over, health says so with the reason, and the database is
//! tried again at growing intervals. What is read is what was written, or it is not served.
//!
//! # Map
//! [`Store`] is the handle, and `depot` what its handles and its work in the background share. `place` says where things are kept at the
//! moment, and heals it by way of `open`; `connection` does one transaction; `schema` and `row` are the shape of the database. `ahead` is
//! what has not been written yet, `writer` writes it in batches, `evict` keeps within the budgets, `removal` forgets and erases. `pack` makes
//! rows of answers and answers of rows, `seal` does that where they are encrypted, with `keys` and `subtle`; `reading` finds them for many at once.
//! A [`Partition`] says whose an answer is. `lifecycle` hears when the page goes away. `notes` are short texts of a user's beside the answers.

mod ahead;
mod connection;
mod depot;
mod evict;
mod front;
mod keys;
mod lifecycle;
mod notes;
mod open;
mod pack;
mod partition;
mod place;
mod reading;
mod receipt;
mod removal;
mod row;
mod schema;
mod seal;
mod subtle;
mod trouble;
mod writer;

pub(crate) use self::connection::{Connection, begin_strictly, commit};
pub(crate) use self::front::Store;
pub(crate) use self::notes::Note;
pub(crate) use self::open::{Shape, open_for_good};
pub(crate) use self::partition::Partition;
pub(crate) use self::receipt::Receipt;
pub(crate) use self::removal::Which;
pub(crate) use self::row::{Entry, Listed, object};
pub(crate) use self::trouble::Trouble;

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
