//! What keeps a page from sending too much: how often, how many at a time, and not the same thing twice.
//!
//! The machines know nothing of each other and hold no settings: each deed is handed its numbers, so these may change while calls
//! run. A call meets them in this order, from the cheapest refusal to the dearest resource:
//!
//! ```text
//! Coalesce   an equal read is on its way already: share it, and cost the backend nothing
//!    │ begins
//! breaker    (not here) no use in waiting for a turn that will be refused
//!    │ closed
//! Rate       now, or at a reserved instant, or refused until an instant; a call that waits here holds no permit
//!    │ may go
//! Limit      a permit, or a place in the queue by priority; the limit in force is the least of the setting's and Adaptive's
//!    │ permit
//! breaker    the pass, which may be its only one; if there is none the permit goes back
//!    │ pass
//! attempt ── Limit::release (it ended) or Limit::abandon (given up, still running), and Adaptive::settle with what it took
//! ```
//!
//! A token of the rate that was spent on a call which then leaves the queue is not given back: the backend gets less than the rate,
//! never more.

mod adaptive;
mod coalesce;
mod limit;
mod permits;
mod queue;
mod rate;
mod window;

pub use adaptive::{Adaptive, AdaptiveSettings, Evidence, RoundTrip};
pub use coalesce::{Coalesce, QuestionId, Role};
pub use limit::{Limit, LimitSettings, Request, Turn};
pub use queue::{Priority, QueueOrder};
pub use rate::{Rate, RateSettings, Reservation};

#[cfg(test)]
mod tests;
