//! Keeps a frontend working while its backend falters.
//!
//! A [`Client`] sends requests as `fetch` does, under the policies of [`tidegate_core`]: a circuit breaker for each route, a limit on
//! calls in flight with a bounded queue, timeouts, retries of what is safe to repeat, and kept answers that say how old they are.
//!
//! ```no_run
//! # async fn example() -> Result<(), tidegate::Error> {
//! let tide = tidegate::Client::new(tidegate::Settings::default())?;
//! let answer = tide.get("/api/assets").await?;
//! if answer.explanation.source == tidegate::Source::Cache {
//!     // An old copy: the network has none. `answer.explanation.age_ms` says how old.
//! }
//! let text = answer.response.text().await;
//! # Ok(()) }
//! ```
//!
//! # Map
//! [`Client`] is the handle; `drive` runs one core `Call` to its verdict; `flight` is one attempt; `timer` is the one browser timeout
//! for everybody who waits; `signals` listens to the browser; `store` keeps answers; `recovery` sends background probes.

mod abort;
mod client;
mod clock;
mod drive;
mod error;
mod flight;
mod global;
mod inner;
mod kept;
mod recovery;
mod signals;
mod store;
mod timer;

pub use client::{Answer, Client, Subscription};
pub use error::Error;
pub use tidegate_core::{
    BreakerSettings, BreakerState, CacheSettings, ConcurrencySettings, Counters, Event,
    Explanation, Field, Health, Reason, Record, RetrySettings, SETTINGS, ScopeHealth, Setting,
    Settings, SettingsError, Source, StorageHealth, StorageMode, TimeoutSettings,
};
