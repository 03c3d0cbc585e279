//! When a figure is worth a warning, and when it no longer is.
//!
//! A figure that is compared with a threshold once a second flickers around it, and each flicker is a message to somebody. So a level
//! rises when the threshold was passed for a while, and falls when the figure was clearly below it (by a margin) for a longer while.
//! Time in which nobody looked counts for neither: a laptop that slept for a night has not been well for a night.
//!
//! The words and most thresholds are those of the stub's own alerts: response time 1 / 5 s, errors 1 / 5 %, use of a pool 80 / 95 %. A
//! client adds two. It hides errors behind kept answers, so the *degraded share* has a threshold of its own (5 / 20 %), or nobody would
//! notice an outage. And a kept answer that is not there when the network fails is an error after all: *cache hits*, where low is bad.

mod alarm;
mod alerts;
mod kind;
mod threshold;

pub use alarm::Alarm;
pub use alerts::{AlertChange, Alerts};
pub use kind::{AlertKind, AlertLevel};
pub use threshold::{AlertSettings, Threshold, ThresholdError, permille};
