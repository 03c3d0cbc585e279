//! A backend that fails on demand.
//!
//! It serves a seeded data-governance catalogue on one listener (the API) and takes orders on another (control). A fault program,
//! written in the words of [`tidegate_contract`], decides the fate of every request to the API; the journal tells what arrived and
//! what became of it.
//!
//! ```text
//! accept ── connection ── cors ── inject ── work ── preflight ── api, feed     a space's API listener; `door` closes and opens it
//!                                   │         └ idempotency, the backend's pool and queue (told of time by `pump`)
//!                                   └ shape: what is done to an answer
//! accept ── connection ── cors ── guard ── preflight ── control                the control listener, for all spaces; never faulted
//! ```
//!
//! A [`Stub`] is one space: data, program, backend model (`world`), journal (`book`), feed and clock, under a few short locks. [`Spaces`]
//! are all of one process. [`monitor`] and [`doctor`] are the program's other words.
//!
//! [`app()`] and [`control()`] are plain routers for tests without a socket; [`serve()`] puts both on real listeners.

mod accept;
mod allowance;
mod answer;
mod api;
mod args;
mod arrival;
mod book;
mod catalog;
mod clock;
mod connection;
mod control;
mod cors;
mod data;
mod door;
mod failure;
mod feed;
mod guard;
mod health;
mod hints;
mod hold;
mod idempotency;
mod inject;
mod job;
mod line;
mod memory;
mod origins;
mod pump;
mod record;
mod scribe;
mod serve;
mod settings;
mod sever;
mod shape;
mod spaces;
mod stub;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod turn;
mod wire;
mod work;
mod world;

pub mod doctor;
pub mod monitor;

pub use api::{Effect, app};
pub use args::{Args, HELP};
pub use control::control;
pub use memory::{DEFAULT_LIMIT_BYTES, memory};
pub use serve::{Server, serve};
pub use settings::Settings;
pub use sever::Severed;
pub use spaces::Spaces;
pub use stub::Stub;
