mod delivery;
#[cfg(not(target_arch = "wasm32"))]
mod fleet;
mod liveness;
mod mayhem;
mod model;
mod reconnection;
mod resuming;
mod stage;
mod wire;
