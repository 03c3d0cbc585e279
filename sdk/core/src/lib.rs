#![no_std]
//! Skeleton.
extern crate alloc;
pub mod rng;
pub mod time;
pub use rng::Rng;
pub use time::{Instant, Millis, Wall};
