//! The vocabulary shared by the stub, the demo and the tests.
//!
//! Everything that two of them have to agree on is declared here once: the URLs ([`paths`]), the data-governance catalogue
//! ([`Asset`], [`AssetDetail`], [`Lineage`]), what may go wrong ([`FaultProgram`]), named ways of going wrong ([`Preset`]), what the
//! stub remembers of it ([`Journal`]) and how it words an error ([`Problem`]).
//!
//! The crate does no input or output and reads no clock, so that the stub, a simulator with virtual time and a page in a browser can
//! all run the same [`FaultRun`]. Its enums are exhaustive on purpose: a new fault must be looked at by everybody who matches on one.

mod asset_query;
mod catalog;
mod check;
mod draw;
mod fault;
mod journal;
mod journal_query;
mod pattern;
mod preset;
mod problem;
mod query_string;
mod run;

pub mod hash;
pub mod paths;

pub use asset_query::AssetQuery;
pub use catalog::{Asset, AssetDetail, AssetKind, AssetRef, Classification, Column, Lineage, Page};
pub use check::ProgramError;
pub use fault::{Fault, FaultProgram, Listener, Match, RetryAfter, Rule, Window};
pub use journal::{Counts, End, Journal, JournalEntry};
pub use journal_query::JournalQuery;
pub use pattern::Pattern;
pub use preset::{Preset, PresetInfo, PresetList, UnknownPreset};
pub use problem::Problem;
pub use run::{Decision, Fate, FaultRun, RequestHead};
