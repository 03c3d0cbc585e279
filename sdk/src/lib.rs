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
//! Wishes for one request, other work than requests, and what a running client can be told:
//!
//! ```no_run
//! use tidegate::{Attempt, Client, Failure, Head, Outcome, Priority, Rules, Settings, StrategyName};
//!
//! # struct Busy;
//! # async fn query(_: web_sys::AbortSignal) -> Result<Vec<String>, Busy> { Ok(Vec::new()) }
//! # async fn example(request: gloo_net::http::Request) -> Result<(), Box<dyn std::error::Error>> {
//! let tide = Client::new(Settings::default())?;
//!
//! tide.set_identity(Some("user-7"));
//! tide.route("/reports/*", Rules::new().with_strategy(StrategyName::StaleWhileRevalidate))?;
//!
//! let report = tide
//!     .request(request)
//!     .priority(Priority::Urgent)
//!     .weight(4)
//!     .route("/reports/:kind")
//!     .coalesce(false)
//!     .send()
//!     .await?;
//!
//! let search = tide.policy("search").repeatable(true);
//! let found = search
//!     .run_with(
//!         |attempt: Attempt| query(attempt.signal),
//!         |_busy| Outcome::Head(Head { status: 503, retry_after: None }),
//!     )
//!     .await
//!     .unwrap_or_else(|failure| match failure {
//!         Failure::Refused(_refused) => Vec::new(),
//!         _ => vec!["what we had".to_owned()],
//!     });
//!
//! let mut settings = tide.settings();
//! settings.retry.attempts = 2;
//! tide.configure(settings)?;
//! tide.isolate("https://api.example/reports/:kind")?;
//! tide.release("https://api.example/reports/:kind")?;
//! # Ok(()) }
//! ```
//!
//! # Map
//! [`Client`] is the handle, [`Outgoing`] a request about to be sent, [`Policy`] what guards any other work. A `course` is one core `Call`:
//! `drive` runs it with a request, `steer` with anything else. `flight` is one attempt of a request, `head` what it says before its body, `boundary` what is done on JavaScript's side; `share` finds those who ask the same,
//! `shared` is the future that they wait for. `timer` is the one browser timeout for everybody who waits; `signals` listens to the
//! browser, `word` to the server; `recovery` sends background probes.
//!
//! What is kept: `asking` is what a request asks of it, `copies` what it finds, `intake` what an answer of the network means for it; a `keeper` reads
//! bodies, `store` has them, `arrivals` are on their way there, [`Cache`] shows them. `identity` says whose they are, `tabs` tells the other tabs.
//!
//! [`Socket`] is a WebSocket that comes back, see [`Client::socket`].
//!
//! [`Outbox`] has the writes that could not go, see [`Outgoing::queue`]: stored before anybody is told, sent later, by one tab of all.

mod abort;
mod arrivals;
mod asking;
mod body;
mod boundary;
mod cache;
mod client;
mod clock;
mod copies;
mod course;
mod drive;
mod error;
mod flight;
mod freeze;
mod global;
mod head;
mod identity;
mod inner;
mod intake;
mod keeper;
mod outbox;
mod outgoing;
mod policy;
mod recovery;
mod share;
mod shared;
mod signals;
mod socket;
mod steer;
mod store;
mod tabs;
mod timer;
mod weigh;
mod word;

pub use cache::Cache;
pub use client::{Client, Subscription};
pub use error::Error;
pub use outbox::{Outbox, Queue, TokenRequest};
pub use outgoing::{Answer, Outgoing};
pub use policy::{Failure, Policy};
pub use socket::{Address, Socket, SocketNotice, SocketWishes};
pub use steer::Attempt;
pub use tidegate_core::kept::{CacheEntry, Rules, StrategyName};
pub use tidegate_core::outbox::{
    DeadReason, EntryId, EntryState, OutboxChange, OutboxEntry, OutboxError, OutboxEvent,
    OutboxHealth, RestCause,
};
pub use tidegate_core::session::{
    Cause, Codes, Delivery, DropReason, Kept, Overflow, Position, Protocol, RpcEnd, RpcFailure,
    RpcId, RpcWish, SendState, Sent, Snapshot, SocketChange, SocketEvent, SocketHealth,
    SocketState, Ticket, Transport, Wish,
};
pub use tidegate_core::throttle::Priority;
pub use tidegate_core::{
    AlertHealth, AlertKind, AlertLevel, AlertsSettings, BreakerSettings, BreakerState,
    CacheSettings, CoalesceSettings, ConcurrencySettings, Counters, Event, Explanation, Field,
    GateSettings, Head, Health, HedgeSettings, LatencyHealth, Millis, Notice, OriginHealth,
    OutboxSettings, Outcome, PatternError, RateLimitSettings, Reason, Record, RetrySettings,
    SETTINGS, ScopeHealth, Setting, Settings, SettingsError, SocketSettings, Source, StorageHealth,
    StorageMode, TimeoutSettings, Trace, TraceSettings,
};
