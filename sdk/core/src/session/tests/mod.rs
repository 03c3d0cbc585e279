//! Sessions in virtual time: what happens is said, time passes because a test says so, and what was asked for is looked at.

mod delivery;
mod endings;
#[cfg(not(target_arch = "wasm32"))]
mod fleet;
mod handlers;
mod liveness;
mod mayhem;
mod model;
mod moving;
mod reconnection;
mod resuming;
mod stage;
mod streams;
mod torrent;
mod wire;
