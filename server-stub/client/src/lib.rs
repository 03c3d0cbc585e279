//! Drives `server-stub`, a backend that fails on demand, from tests.
//!
//! A [`StubClient`] speaks to the stub's control listener, which answers whatever the fault program does to the API. What there is to
//! be said is said to a [`Space`]: which faults, what has arrived, what time it is. Tests that run side by side make a space each and
//! give it back by dropping its [`SpaceHandle`].
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use tidegate_contract::{Fault, FaultProgram, JournalQuery, Rule, SpaceSettings, paths};
//! use tidegate_stub_client::StubClient;
//! # let server = tidegate_stub::serve(&tidegate_stub::Settings::on_free_ports()).await.unwrap();
//! # let control = server.control_url();
//!
//! let stub = StubClient::new(control);
//! let space = stub.make_space(&SpaceSettings::default()).await?;
//! let busy = Fault::Status { code: 503, retry_after: None };
//! space.put_program(&FaultProgram::new(1).with_rule(Rule::new("busy", busy))).await?;
//!
//! let url = format!("{}{}", space.info().api, paths::ASSETS);
//! assert_eq!(reqwest::get(url).await.unwrap().status(), 503);
//!
//! let refused = JournalQuery { status: Some(503), ..JournalQuery::default() };
//! let journal = space.wait_for(&refused, 1).await?;
//! assert_eq!(journal.entries[0].rules, ["busy"]);
//! # Ok::<(), tidegate_stub_client::Error>(())
//! # }).unwrap();
//! ```
//!
//! With the feature `spawn` there is `StubProgram`, which starts the program and ends it.

mod call;
mod client;
mod error;
mod farewell;
mod handle;
mod shortage;
mod space;
#[cfg(feature = "spawn")]
mod spawn;

pub use client::StubClient;
pub use error::Error;
pub use handle::SpaceHandle;
pub use shortage::Shortage;
pub use space::Space;
#[cfg(feature = "spawn")]
pub use spawn::{RunningStub, SpawnError, StubProgram};
