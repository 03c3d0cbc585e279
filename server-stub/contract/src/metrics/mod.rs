//! What one space of the stub measures of itself, and when that is worth a warning.
//!
//! The dashboards that an overloaded backend usually has (pool use, response time, errors, memory) turn red when the loop is closed
//! already. Two figures move first: how long a newcomer would have to wait, and how much of the work is done for nobody any more. In
//! the simulated exhaustion loops 92 to 99 % of the pool's work was waste, while a dashboard of errors saw timeouts at best. So both
//! are measured here beside the usual ones, and both have thresholds.
//!
//! ```text
//! Meter::on_arrival, on_end, on_completion, ...   what happened, told by the stub          meter
//!   counts of the last 60 s in slices of 1 s                                               window
//!   times of the last 60 s in slices of 5 s, in buckets 1.6 % wide                         histogram
//! Meter::read(now, reading) -> Metrics            a snapshot: whole numbers, ms, permille  snapshot
//! Thresholds::judge(&metrics) -> [Alert]          ok, warning, critical                    alerts
//! exposition(&[MetricsReport]) -> String          for Prometheus                           prometheus
//! ```

mod alerts;
mod histogram;
mod meter;
mod page;
mod prometheus;
mod snapshot;
mod thresholds;
mod window;

pub use alerts::{Alert, AlertKind, AlertLevel, Unit};
pub use histogram::Histogram;
pub use meter::{Completion, Ending, Meter, Outcome, Reading};
pub use prometheus::{EXPOSITION_TYPE, exposition};
pub use snapshot::{
    Answers, Memory, Metrics, MetricsReport, Pool, Recent, Times, Totals, Waiting, permille_of,
};
pub use thresholds::{Threshold, Thresholds};
