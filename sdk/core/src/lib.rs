//! The policies of Tidegate as pure state machines.
//!
//! Nothing in here reads a clock, draws randomness, stores a byte or touches the network. Whoever drives it hands in `now`, a seed
//! and what happened, and gets back what to do next; so the same code runs in a browser, in a property test and in a simulation.
//!
//! ```text
//! Engine::begin(now, spec) -> Call        one request
//!   Call::poll(engine, now) -> Step       what to do next: Send, Hedge, Wait, ReadCache, Answer, Abandon, Done
//!   Call::settle(engine, now, outcome)    what became of an attempt; settle_hedge of a second one beside it
//!   Call::cached(engine, now, found)      what the cache had
//!   Call::cancel(engine, now)             the caller lost interest
//! Engine::hear(now, scope, field)         what the server asks for
//! Engine::next_probe(), due_probe(now)    whom to ask in the background whether all is well again
//! Engine::next_look(), look(now)          the figures that are watched
//! Engine::configure, isolate, release_scope, set_online
//! Engine::next_wake(), next_event(), health(now), trace()
//! ```
//!
//! Beside calls there are the [`outbox`], for writes that go later, and the [`session`], a socket that comes back.
//!
//! `examples/one_call.rs` drives a call by hand and prints every step.
#![no_std]

extern crate alloc;

mod alert;
mod backoff;
mod breaker;
mod budget;
mod call;
mod demand;
mod engine;
mod event;
mod evidence;
mod gate;
mod health;
mod hedge;
pub mod http;
pub mod kept;
mod latencies;
pub mod outbox;
mod outcome;
mod pace;
mod record;
mod recovery;
mod rest;
mod rng;
mod scope;
pub mod session;
mod settings;
mod sketch;
mod sorted;
mod spec;
mod split;
mod step;
mod tally;
mod template;
pub mod throttle;
mod time;
mod trace;
mod typescript;
mod usual;
mod word;

pub use alert::{
    Alarm, AlertChange, AlertKind, AlertLevel, AlertSettings, Alerts, Threshold, ThresholdError,
    permille,
};
pub use backoff::Backoff;
pub use breaker::{Breaker, BreakerState, Change, Counts, Pass, Vote};
pub use call::{Call, CallId};
pub use engine::Engine;
pub use event::{Event, Notice};
pub use evidence::Evidence;
pub use health::{
    AlertHealth, Counters, Health, LatencyHealth, OriginHealth, ScopeHealth, StorageHealth,
    StorageMode, StorageReport,
};
pub use hedge::{Choice, Ending, Hedge, HedgeAsk, NoHedge, Standing};
pub use outcome::{Answer, Explanation, Head, Outcome, Reason, Source, Verdict};
pub use record::{Field, Record, Value, camel};
pub use rng::{Rng, mix};
pub use scope::{Name, ScopeId, scope_name, split_url};
pub use settings::{
    AlertsSettings, BreakerSettings, CacheSettings, CoalesceSettings, ConcurrencySettings,
    GateSettings, HedgeSettings, OutboxSettings, RateLimitSettings, RetrySettings, SETTING_DOCS,
    SETTINGS, Setting, Settings, SettingsError, SocketSettings, TimeoutSettings, TraceSettings,
};
pub use sketch::{Micros, Sketch};
pub use spec::{CallSpec, Lookup};
pub use step::{Found, Step};
pub use template::{Learned, Merge, Pattern, PatternError, Templates};
pub use time::{Instant, Millis, Wall};
pub use trace::{DecisionHash, Deed, Replayed, Trace, TraceError};
pub use typescript::typescript;
pub use word::{Heard, ProbePath, ServersWord, Word, WordError};

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
