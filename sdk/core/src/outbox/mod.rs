//! The outbox: writes that are never lost and never applied twice.
//!
//! A write that cannot go now is stored, and goes later. Four of five libraries that do so lose or double it in ordinary situations: they
//! take it out before it is sent (Workbox), empty the queue before the answers come (urql's graphcache), keep what is in flight in memory
//! only (TanStack Query), or have two tabs send it at once. Hence five rules:
//!
//! - **Stored before it is sent.** Every transition is a [`Batch`] of records that are written in one transaction; only when the store has
//!   it may anything be sent. Whoever dies at any moment leaves a queue that the next one goes on with.
//! - **One revision for the queue.** A batch is for the queue that it was planned for, or is refused: two tabs cannot claim one entry, nor
//!   overtake each other in a lane.
//! - **A claim is a lease with a number.** The number of the attempt fences: an answer to an earlier attempt settles nothing. What was
//!   sent by somebody who is gone goes again with its key, which was made when it was queued; where the server heeds no keys, it is *in
//!   doubt*, and a person decides.
//! - **Nothing goes silently.** What cannot succeed, is too old or was tried too often is a *dead letter*, with its reason and its body.
//! - **It is nobody else's.** An entry belongs to the identity that made it; another one's session neither sees nor sends it.
//!
//! ```text
//! Outbox::enqueue, edit, decide, signed_in, forget -> Batch  what an application does; store it
//! Outbox::poll -> Step                                        Load, Store(Batch), Read, Wait
//!   applied(Batch) -> [Claim]     it is stored: these may be sent       refused, failed: it is not
//!   settle(Claim, Outcome)        what became of it; then poll again
//!   found(Claim, ..)              what its answer says, for those that wait for it
//! ```
//!
//! Entries of one *lane* go one after another, lanes beside each other; an entry may wait for others (`after`) and take what the server
//! named from their answers. All is drained at a pace: after trouble, the queues of a fleet must not be the second wave.

mod after;
mod batch;
mod claim;
mod classify;
mod decide;
mod edit;
mod enqueue;
mod entry;
mod error;
mod flight;
mod health;
mod lane;
mod listed;
mod machine;
mod news;
mod pace;
mod plan;
mod register;
mod seal;
mod settle;
mod state;
mod step;
mod text;
mod upkeep;

pub use after::{After, Take};
pub use batch::{Batch, Row};
pub use classify::{Fate, RestCause, classify};
pub use decide::Decision;
pub use edit::Edit;
pub use enqueue::Write;
pub use entry::{Entry, EntryId};
pub use error::OutboxError;
pub use flight::Claim;
pub use health::OutboxHealth;
pub use listed::OutboxEntry;
pub use machine::Outbox;
pub use news::{OutboxChange, OutboxEvent};
pub use state::{DeadReason, EntryState, State};
pub use step::Step;

#[cfg(test)]
mod tests;
