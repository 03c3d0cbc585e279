//! The policies of Tidegate as pure state machines.
//!
//! Nothing in here reads a clock, draws randomness, stores a byte or touches the network. Whoever drives it hands in `now`, a seed
//! and what happened, and gets back what to do next; so the same code runs in a browser, in a property test and in a simulation.
//!
//! ```text
//! Engine::begin(now, spec) -> Call        one request
//!   Call::poll(engine, now) -> Step       what to do next: Send, Wait, ReadCache, Answer, Abandon, Done
//!   Call::settle(engine, now, outcome)    what became of an attempt
//!   Call::cached(engine, now, found)      what the cache had
//!   Call::cancel(engine, now)             the caller lost interest
//! Engine::drain_events(), Engine::health(now), Engine::recovery(now)
//! ```
//!
//! `examples/one_call.rs` drives a call by hand and prints every step.
#![no_std]

extern crate alloc;

mod backoff;
mod breaker;
mod call;
mod engine;
mod event;
mod health;
pub mod http;
mod limiter;
mod outcome;
mod record;
mod recovery;
mod rng;
mod scope;
mod settings;
mod spec;
mod step;
mod time;
mod typescript;

pub use backoff::Backoff;
pub use breaker::{Breaker, BreakerState, Change, Pass, Vote};
pub use call::{Call, CallId};
pub use engine::Engine;
pub use event::Event;
pub use health::{Counters, Health, ScopeHealth, StorageHealth, StorageMode};
pub use limiter::{Limiter, Turn};
pub use outcome::{Answer, Explanation, Head, Outcome, Reason, Source, Verdict};
pub use record::{Field, Record, Value, camel};
pub use rng::{Rng, mix};
pub use scope::{ScopeId, scope_name, split_url};
pub use settings::{
    BreakerSettings, CacheSettings, ConcurrencySettings, RetrySettings, SETTING_DOCS, SETTINGS,
    Setting, Settings, SettingsError, TimeoutSettings,
};
pub use spec::CallSpec;
pub use step::{Found, Step};
pub use time::{Instant, Millis, Wall};
pub use typescript::typescript;

#[cfg(test)]
mod tests;

/// `#[test]` on the machine that builds, `#[wasm_bindgen_test]` on wasm32: the same tests run on both.
#[cfg(test)]
mod testing {
    #[cfg(not(target_arch = "wasm32"))]
    pub(crate) use core::prelude::v1::test;
    #[cfg(target_arch = "wasm32")]
    pub(crate) use wasm_bindgen_test::wasm_bindgen_test as test;
}
