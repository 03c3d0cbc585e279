//! Sockets: a fleet that was dropped all at once, before a server that accepts so many connections a second.
//!
//! ```text
//! Case                        how many, how fast they are accepted, how long nothing is, how deep the backlog
//!   Entrant                   by which client: the shipped `Session`, or the law of another library
//!     run() -> Record         when each was back, and how often it tried
//!       Figures               what is made of it
//! ```
//!
//! What it costs to come back is counted in attempts, since each is a handshake that a server in trouble has to pay for; how long it takes in
//! parts of the ideal time, in which the server accepts without a pause.

mod case;
mod client;
mod entrant;
mod figures;
mod fleet;
mod gates;
mod law;
mod paper;
mod peer;
mod queue;
mod session;
mod study;

#[cfg(test)]
mod tests;

pub use case::{CASES, Case};
pub use entrant::{ENTRANTS, Entrant, UnknownEntrant};
pub use figures::{Figures, Summary};
pub use fleet::Record;
pub use gates::{Verdict, gates};
pub use paper::{LEGEND, document, table};
pub use study::{Row, Study};
