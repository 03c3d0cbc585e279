//! From where on a figure is bad: data, with the defaults that [`super::alerts`] explains.

use serde::{Deserialize, Serialize};

use super::alerts::{Alert, AlertKind, AlertLevel};
use super::snapshot::Metrics;
use crate::check::ProgramError;

/// From where on a figure is a warning, and from where on it is critical.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Threshold {
    /// The first value that is a warning.
    pub warning: u64,
    /// The first value that is critical.
    pub critical: u64,
}

impl Threshold {
    /// How bad this value is.
    #[must_use]
    pub fn level(self, value: u64) -> AlertLevel {
        if value >= self.critical {
            AlertLevel::Critical
        } else if value >= self.warning {
            AlertLevel::Warning
        } else {
            AlertLevel::Ok
        }
    }
}

/// All thresholds: permille, or milliseconds where the name says so.
///
/// ```
/// use tidegate_contract::metrics::{AlertLevel, Metrics, Thresholds};
/// let mut metrics = Metrics::default();
/// metrics.waiting.estimated_ms = 2_600;
/// let alerts = Thresholds::default().judge(&metrics);
/// let worst = alerts.iter().max_by_key(|alert| alert.level).unwrap();
/// assert_eq!(worst.level, AlertLevel::Critical);
/// assert_eq!(worst.text, "estimated wait for a connection is 2.6 s, critical from 2.5 s");
/// ```
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Thresholds {
    /// Of the pool's connections: 800 and 950.
    pub pool_use: Threshold,
    /// The p99 of the answers: 1,000 and 5,000.
    pub response_time_ms: Threshold,
    /// Of the answers: 10 and 50.
    pub error_rate: Threshold,
    /// Of the stated limit: 800 and 950.
    pub memory: Threshold,
    /// For a connection: 500 and 2,500, half a client's timeout of 5 s.
    pub estimated_wait_ms: Threshold,
    /// Of the work done: 50 and 200.
    pub wasted_work: Threshold,
}

impl Default for Thresholds {
    fn default() -> Thresholds {
        let from = |warning, critical| Threshold { warning, critical };
        Thresholds {
            pool_use: from(800, 950),
            response_time_ms: from(1_000, 5_000),
            error_rate: from(10, 50),
            memory: from(800, 950),
            estimated_wait_ms: from(500, 2_500),
            wasted_work: from(50, 200),
        }
    }
}

impl Thresholds {
    /// The thresholds of one figure.
    #[must_use]
    pub fn of(&self, kind: AlertKind) -> Threshold {
        match kind {
            AlertKind::PoolUse => self.pool_use,
            AlertKind::ResponseTime => self.response_time_ms,
            AlertKind::ErrorRate => self.error_rate,
            AlertKind::Memory => self.memory,
            AlertKind::EstimatedWait => self.estimated_wait_ms,
            AlertKind::WastedWork => self.wasted_work,
        }
    }

    /// Judges a snapshot: one alert per figure in the order of [`AlertKind::ALL`], also where all is well.
    #[must_use]
    pub fn judge(&self, metrics: &Metrics) -> Vec<Alert> {
        AlertKind::ALL
            .map(|kind| Alert::new(kind, kind.value(metrics), self.of(kind)))
            .into()
    }

    /// Whether they make sense: a warning comes no later than its critical alert, and at zero everything would be alarming.
    ///
    /// # Errors
    /// The first threshold that does not, with its path.
    pub fn check(&self) -> Result<(), ProgramError> {
        for kind in AlertKind::ALL {
            let Threshold { warning, critical } = self.of(kind);
            if !(1..=critical).contains(&warning) {
                return Err(ProgramError::OutOfRange {
                    path: format!("thresholds.{}.warning", kind.name()),
                    accepted: format!("1 to {critical}, which is critical"),
                    found: warning.to_string(),
                });
            }
        }
        Ok(())
    }
}
