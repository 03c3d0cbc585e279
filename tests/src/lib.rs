//! The fleet simulator: thousands of browsers with one policy each, and a backend that can be taken down by them.
//!
//! Virtual time, no threads within a run, all luck drawn by hash from the seed: the same run gives the same figures everywhere. The
//! backend is the overload model of `tidegate-contract`; the browsers run the shipped engine of `tidegate-core`, or one of the policies
//! that others ship ([`peers`]).
//!
//! ```text
//! Scenario + BackendKind + clients + seed = Spec       what is run
//!   Contender                                          by which policy
//!     run() -> Record                                  what happened, second by second
//!       Figures                                        what is made of it; means over seeds in Summary
//! ```
//!
//! That is family A; [`whole`] is family B, and [`sockets`] has fleets that reconnect.
//!
//! `cargo xtask sim` prints tables of it, `cargo xtask sim --gates` judges.

mod chart;
mod contender;
mod demand;
mod document;
mod figures;
mod fleet;
mod gates;
mod meter;
mod parallel;
pub mod peers;
mod policy;
mod scenario;
mod scenario_file;
pub mod sockets;
mod study;
mod table;
mod tidegate;
pub mod whole;

#[cfg(test)]
mod tests;

pub use chart::chart;
pub use contender::{CONTENDERS, Contender, UnknownContender};
pub use document::document;
pub use figures::{Figures, Summary};
pub use fleet::run;
pub use gates::{Judgement, Verdict, judge};
pub use meter::{Record, Second};
pub use policy::{End, Policy, Step, Token, Want};
pub use scenario::{BackendKind, Incident, Scenario, Spec};
pub use scenario_file::ScenarioFile;
pub use study::{Row, Study};
pub use table::{LEGEND, table};
pub use tidegate::Tidegate;
