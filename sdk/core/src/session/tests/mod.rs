//! Sessions in virtual time: what happens is said, time passes because a test says so, and what was asked for is looked at.

mod delivery;
mod durable;
mod endings;
#[cfg(not(target_arch = "wasm32"))]
mod fleet;
mod handlers;
mod inbox;
mod liveness;
mod mayhem;
mod model;
mod moving;
mod pausing;
mod reconnection;
mod resuming;
mod rpc;
mod stage;
mod streams;
mod tokens;
mod torrent;
mod wire;
