//! The parts of HTTP that the policies need, as pure functions: waits and dates, and the rules of a cache of one user.
//!
//! An answer's way through the modules; each takes heads as borrowed [`Fields`] and the time, and knows nothing of bodies:
//!
//! ```text
//! it arrives     may_store ──── is it kept, and for whom (store)      Arrival ── when, and how old it was (age)
//!                is_kept ────── which of its fields                   Selecting ─ what its request said that it varies in (vary)
//! it is wanted   most_recent ── which of several copies               Arrival::age, Lifetime, KeptHead::usability ── is it any good
//!                Plan ───────── the copy, the network, or both, and in which order    Stored::cut ── a range of it
//! it is asked    Revalidation, conditions ── how                      Validated, selected, merged ── what came of it
//! a write        invalidated ── which copies are void
//! ```
//!
//! Across origins most of what this needs may be hidden: `cors` says what is assumed then and what the server should expose. Nothing here
//! panics whatever text it is given.

mod age;
mod cache_control;
mod conditional;
mod cors;
mod date;
mod fields;
mod freshness;
mod invalidate;
mod lifetime;
mod plan;
mod range;
mod retry_after;
mod store;
mod uri;
mod vary;

pub use age::{Age, Arrival, Doubt};
pub use cache_control::{RequestDirectives, ResponseDirectives, withheld};
pub use conditional::{
    Revalidation, Validated, conditions, if_none_match, is_conditional, merged, selected,
};
pub use cors::{EXPOSED, Exposed, assumed_vary, expose_advice, hides_fields};
pub use date::parse_date;
pub use fields::Fields;
pub use freshness::{Allowance, KeptHead, Situation, Usability};
pub use invalidate::invalidated;
pub use lifetime::Lifetime;
pub use plan::{Connection, KeptCopy, Move, Plan, Strategy};
pub use range::{Cut, Stored, if_range_holds};
pub use retry_after::retry_after;
pub use store::{Answered, Asked, Owner, Unstorable, is_kept, may_store};
pub use vary::{Selecting, most_recent};

#[cfg(test)]
mod tests;
