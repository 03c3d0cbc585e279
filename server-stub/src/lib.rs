//! A backend that fails on demand.
//!
//! It serves a seeded data-governance catalogue on one listener (the API) and takes orders on another (control). A fault program,
//! written in the words of [`tidegate_contract`], decides the fate of every request to the API; the journal tells what arrived and
//! what became of it.
//!
//! ```text
//! accept ── connection ── cors ── inject ── preflight ── api          the API listener; `door` closes and opens it
//! accept ── connection ── cors ── guard ─── preflight ── control      the control listener; never faulted
//!                                   both work on one `Stub`
//! ```
//!
//! [`app()`] and [`control()`] are plain routers for tests without a socket; [`serve()`] puts both on real listeners.

mod accept;
mod answer;
mod api;
mod args;
mod arrival;
mod book;
mod catalog;
mod connection;
mod control;
mod cors;
mod door;
mod failure;
mod guard;
mod inject;
mod origins;
mod record;
mod serve;
mod settings;
mod stub;
#[cfg(test)]
mod testing;
mod world;

pub use api::app;
pub use args::{Args, HELP};
pub use connection::Reset;
pub use control::control;
pub use serve::{Server, serve};
pub use settings::Settings;
pub use stub::Stub;
