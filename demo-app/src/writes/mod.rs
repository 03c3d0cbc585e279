//! What people change in the demo: queued in the SDK's outbox, shown before it is saved, and told apart from what is.
//!
//! # Map
//! A [`Change`] is what a person did: it knows its request and its words. The `notebook` keeps it under its idempotency key, because the outbox lists
//! no bodies and a page that was loaded anew has to say what an entry is. A [`Queued`] is an entry that waits, a [`Past`] one that
//! has left. [`Writes`] is the bridge to the outbox, with what it tells in `news` and what people decide in `decisions`; `overlay` is how an answer looks
//! with the changes over it; `standing` is where an entry stands, in words; `dispute` is what to do about somebody who was faster.

mod bridge;
mod change;
mod decisions;
mod dispute;
mod news;
mod notebook;
mod overlay;
mod queued;
mod standing;

pub(crate) use bridge::Writes;
pub(crate) use change::Change;
pub(crate) use dispute::{Dispute, Way};
pub(crate) use overlay::{Draft, Over};
pub(crate) use queued::{Past, Queued};
pub(crate) use standing::{Mood, mood, state};
