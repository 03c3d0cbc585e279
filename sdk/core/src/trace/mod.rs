//! Record and replay: what was handed to an engine, and a hash of what it decided.
//!
//! An engine's decisions follow from its settings, its seed, and what it was told and when. So a recording of those, a few bytes
//! each, is all that it takes to see a decision made on somebody's machine once more, under a debugger. Where the setting
//! `trace.bytes` says so an engine writes them down; [`Engine::trace`](crate::Engine::trace) gives them as a [`Trace`], with a text form
//! for bug reports; replaying one drives a new engine, and its hash tells whether it decided the same.
//!
//! A trace holds origins and route templates, times, statuses and settings. It holds no query, no header, no body and no identifier that
//! [`scope_name`](crate::scope_name) folds.

mod deed;
mod error;
mod hash;
mod recorder;
mod replay;
mod stream;
mod text;

pub use deed::Deed;
pub use error::TraceError;
pub use hash::DecisionHash;
pub(crate) use recorder::{Recorder, number_of};
pub use replay::Replayed;
pub use text::Trace;

/// Changes with everything that is written.
const VERSION: u8 = 2;
