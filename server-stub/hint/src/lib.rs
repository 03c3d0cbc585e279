#![cfg_attr(feature = "axum", doc = include_str!("../README.md"))]
#![cfg_attr(
    not(feature = "axum"),
    doc = "One line with which a backend tells its clients how much they may send; see the README."
)]

mod error;
#[cfg(feature = "tower")]
mod gauge;
mod hint;
#[cfg(feature = "tower")]
mod layer;
mod level;
mod readiness;
mod scan;
#[cfg(feature = "tower")]
mod source;

pub use error::HintError;
#[cfg(feature = "tower")]
pub use gauge::{Gauge, Visit};
pub use hint::Hint;
#[cfg(feature = "tower")]
pub use layer::{HintFuture, HintLayer, HintService};
pub use level::Level;
pub use readiness::Readiness;
#[cfg(feature = "tower")]
pub use source::Source;
