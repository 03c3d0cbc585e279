//! Kept answers: what is stored of them, which of them a request gets, and what they are good for.
//!
//! The rules are those of [`http`](crate::http); here they are put together for whoever has a store and a network. Bodies are elsewhere.
//!
//! ```text
//! an answer arrives   Kept::of ──────── its head, if it may be kept, and for whom      to_text, from_text: as it is stored
//! a request comes     Question ──────── what it asks of a cache: strategy, conditions, a range
//!                     choose, look, fallback ── which copy, and whether it may be given
//! a write is done     http::invalidated
//! too much is kept    Budget::excess, oldest ── which have to go
//! ```

mod budget;
mod copy;
mod listed;
mod question;
mod rules;
mod text;

pub use budget::{Budget, Weight, oldest};
pub use copy::{Kept, Received, borrowed};
pub use listed::CacheEntry;
pub use question::{CacheMode, Choice, Question, Share};
pub use rules::{Place, Rulebook, Rules, StrategyName};
pub(crate) use text::sum;

#[cfg(test)]
mod tests;
