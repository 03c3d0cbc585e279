//! Family B: the whole client. People who click again, reload and give up; kept copies and an outbox; a backend with a cache, with or
//! without hints.
//!
//! ```text
//! People + Server + Cause = Case     what is run
//!   Entrant                          by which client
//!     run() -> Record                what happened, second by second
//!       Figures                      what is made of it
//! ```
//!
//! Family A asks whether a policy keeps a backend alive. This one asks what its users get: how many see an error, how many something old
//! and how old, how soon everything is fresh again, and whether a write was done twice.

mod ask;
mod background;
mod case;
mod cause;
mod copies;
mod door;
mod drive;
mod ending;
mod entrant;
mod figures;
mod fleet;
mod gates;
mod intent;
mod meter;
mod outbox;
mod paper;
mod parcel;
mod people;
mod server;
mod study;
mod summary;
mod user;
mod wire;

#[cfg(test)]
mod tests;

pub use case::{CASES, Case};
pub use cause::Cause;
pub use door::case_from_json;
pub use entrant::{ENTRANTS, Entrant, UnknownEntrant};
pub use figures::Figures;
pub use fleet::run;
pub use gates::{Column, Verdict, gates};
pub use meter::{Record, Second};
pub use paper::{LEGEND, document, picture, table};
pub use people::People;
pub use server::Server;
pub use study::{Row, Study};
pub use summary::Summary;
