//! When a figure is worth a warning.
//!
//! Four figures and their thresholds are the usual ones: pool use 80 / 95 %, response time 1 / 5 s, errors 1 / 5 %, memory 80 / 95 %.
//! They come late: at a mean service time of 250 ms a pool of 50 is at 80 % with 2340 of the 2920 users it can carry, at 95 % with 2770,
//! and a p99 of 5 s is the client's timeout itself. So two more are watched. The *estimated waiting time* says what a newcomer is in
//! for: 0.5 s is where readiness ends, 2.5 s is half a timeout of 5 s. *Wasted work* says that the loop is closed: next to none in
//! health, 92 to 99 % in a loop; 5 / 20 %.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::snapshot::{Metrics, permille_of};
use super::thresholds::Threshold;

/// The figures that are watched.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AlertKind {
    /// The pool's connections at work.
    PoolUse,
    /// The slowest percent of the answers of the last minute.
    ResponseTime,
    /// Errors among the answers of the last minute.
    ErrorRate,
    /// The process's resident memory, against its stated limit.
    Memory,
    /// How long a newcomer would wait for a connection.
    EstimatedWait,
    /// Work of the last minute that was done for nobody any more.
    WastedWork,
}

impl AlertKind {
    /// All of them, in the order in which they are shown.
    pub const ALL: [AlertKind; 6] = [
        AlertKind::PoolUse,
        AlertKind::ResponseTime,
        AlertKind::ErrorRate,
        AlertKind::Memory,
        AlertKind::EstimatedWait,
        AlertKind::WastedWork,
    ];

    /// Its name on the wire and in labels.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            AlertKind::PoolUse => "pool-use",
            AlertKind::ResponseTime => "response-time",
            AlertKind::ErrorRate => "error-rate",
            AlertKind::Memory => "memory",
            AlertKind::EstimatedWait => "estimated-wait",
            AlertKind::WastedWork => "wasted-work",
        }
    }

    const fn unit(self) -> Unit {
        match self {
            AlertKind::ResponseTime | AlertKind::EstimatedWait => Unit::Ms,
            _ => Unit::Permille,
        }
    }

    const fn words(self) -> &'static str {
        match self {
            AlertKind::PoolUse => "pool use",
            AlertKind::ResponseTime => "response time (p99)",
            AlertKind::ErrorRate => "error rate",
            AlertKind::Memory => "memory use",
            AlertKind::EstimatedWait => "estimated wait for a connection",
            AlertKind::WastedWork => "work for nobody",
        }
    }

    /// The figure itself, if it can be had.
    pub(super) fn value(self, metrics: &Metrics) -> Option<u64> {
        let memory = metrics.memory;
        match self {
            AlertKind::PoolUse => Some(metrics.pool.use_permille()),
            AlertKind::ResponseTime => Some(metrics.response.p99_ms),
            AlertKind::ErrorRate => Some(metrics.recent.error_permille()),
            AlertKind::Memory => memory
                .resident_bytes
                .map(|bytes| permille_of(bytes, memory.limit_bytes)),
            AlertKind::EstimatedWait => Some(metrics.waiting.estimated_ms),
            AlertKind::WastedWork => Some(metrics.recent.waste_permille()),
        }
    }
}

/// What a value is counted in.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Milliseconds.
    Ms,
    /// Thousandths.
    Permille,
}

impl Unit {
    /// A value in words: `80 %`, `2.5 s`, `180 ms`.
    ///
    /// ```
    /// use tidegate_contract::metrics::Unit;
    /// assert_eq!(Unit::Permille.show(945), "94.5 %");
    /// assert_eq!(Unit::Ms.show(2_500), "2.5 s");
    /// ```
    #[must_use]
    pub fn show(self, value: u64) -> String {
        match self {
            Unit::Ms if value < 1_000 => format!("{value} ms"),
            Unit::Ms => format!("{} s", tenths(value / 100)),
            Unit::Permille => format!("{} %", tenths(value)),
        }
    }
}

fn tenths(tenths: u64) -> String {
    match tenths % 10 {
        0 => format!("{}", tenths / 10),
        rest => format!("{}.{rest}", tenths / 10),
    }
}

/// How bad it is.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum AlertLevel {
    /// Below both thresholds, or not measured.
    #[default]
    Ok,
    /// At the first threshold or above.
    Warning,
    /// At the second threshold or above.
    Critical,
}

impl fmt::Display for AlertLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            AlertLevel::Ok => "ok",
            AlertLevel::Warning => "warning",
            AlertLevel::Critical => "critical",
        })
    }
}

/// The judgement of one figure.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Alert {
    /// Which figure.
    pub kind: AlertKind,
    /// How bad it is.
    pub level: AlertLevel,
    /// The figure, if it could be had.
    pub value: Option<u64>,
    /// What it and the thresholds are counted in.
    pub unit: Unit,
    /// From where on it is bad.
    pub threshold: Threshold,
    /// All of this in a sentence.
    pub text: String,
}

impl Alert {
    pub(super) fn new(kind: AlertKind, value: Option<u64>, threshold: Threshold) -> Alert {
        let level = value.map_or(AlertLevel::Ok, |value| threshold.level(value));
        let unit = kind.unit();
        let words = kind.words();
        let from = match level {
            AlertLevel::Critical => format!("critical from {}", unit.show(threshold.critical)),
            AlertLevel::Ok | AlertLevel::Warning => {
                format!("a warning from {}", unit.show(threshold.warning))
            }
        };
        let text = match value {
            None => format!("{words} cannot be measured here"),
            Some(value) => format!("{words} is {}, {from}", unit.show(value)),
        };
        Alert {
            kind,
            level,
            value,
            unit,
            threshold,
            text,
        }
    }
}

#[cfg(test)]
#[path = "alerts_tests.rs"]
mod tests;
