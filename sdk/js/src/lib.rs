//! What JavaScript sees of the engine: decode, call, encode, and no policy.
//!
//! The public API is the TypeScript class in `ts/`; this is what it calls.

mod client;
mod convert;
mod error;
mod options;
mod panic;
mod run;
mod socket;

pub use client::Engine;
pub use socket::Line;
