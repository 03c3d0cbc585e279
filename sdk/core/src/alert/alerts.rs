//! All figures, and what changed.

use super::alarm::Alarm;
use super::kind::{AlertKind, AlertLevel};
use super::threshold::AlertSettings;
use crate::record::record;
use crate::time::Instant;

record! {
    /// A figure's level has changed.
    pub struct AlertChange {
        /// When, in milliseconds since the engine started.
        pub at_ms: u64,
        /// Which figure.
        pub kind: AlertKind,
        /// How bad it was.
        pub from: AlertLevel,
        /// How bad it is.
        pub to: AlertLevel,
        /// The figure, in permille or milliseconds; left out when it has not been measured for too long.
        pub value: Option<u64>,
        /// The threshold that it passed: of the level that it rose to, or of the one that it fell from.
        pub threshold: u64,
    }
}

/// Every figure's level. The driver looks every few seconds, and when it comes back from somewhere.
///
/// ```
/// use tidegate_core::{AlertKind, AlertLevel, AlertSettings, Alerts, Instant, Millis};
/// let mut alerts = Alerts::new(AlertSettings::default());
/// let now = Instant::START;
/// assert_eq!(alerts.observe(now, AlertKind::ErrorRate, Some(60)), None);
/// let change = alerts.observe(now + Millis(5_000), AlertKind::ErrorRate, Some(60)).unwrap();
/// assert_eq!((change.from, change.to, change.threshold), (AlertLevel::Ok, AlertLevel::Critical, 50));
/// ```
#[derive(Clone, Debug)]
pub struct Alerts {
    settings: AlertSettings,
    alarms: [Alarm; AlertKind::COUNT],
}

impl Alerts {
    /// All is well.
    #[must_use]
    pub const fn new(settings: AlertSettings) -> Alerts {
        Alerts {
            settings,
            alarms: [Alarm::new(); AlertKind::COUNT],
        }
    }

    /// The settings in force.
    #[must_use]
    pub const fn settings(&self) -> &AlertSettings {
        &self.settings
    }

    /// Other settings from now on. Levels stay until figures move them.
    pub fn set(&mut self, settings: AlertSettings) {
        self.settings = settings;
    }

    /// A figure as it is now, `None` when it cannot be measured; see [`AlertSettings::rate`] and [`permille`](super::permille).
    pub fn observe(
        &mut self,
        now: Instant,
        kind: AlertKind,
        value: Option<u64>,
    ) -> Option<AlertChange> {
        let threshold = self.settings.of(kind);
        let alarm = self.alarms.get_mut(kind as usize)?;
        let from = alarm.observe(now, value, threshold, kind.low_is_bad(), &self.settings)?;
        let to = alarm.level();
        let threshold = match from.max(to) {
            AlertLevel::Critical => threshold.critical,
            _ => threshold.warning,
        };
        Some(AlertChange {
            at_ms: now.as_millis(),
            kind,
            from,
            to,
            value,
            threshold,
        })
    }

    /// How bad one figure is.
    #[must_use]
    pub fn level(&self, kind: AlertKind) -> AlertLevel {
        self.alarms
            .get(kind as usize)
            .map_or(AlertLevel::Ok, Alarm::level)
    }

    /// Whether nothing is bad, and nothing is about to be.
    #[must_use]
    pub fn is_calm(&self) -> bool {
        self.alarms.iter().all(Alarm::is_calm)
    }

    /// How bad the worst one is.
    #[must_use]
    pub fn worst(&self) -> AlertLevel {
        let levels = self.alarms.iter().map(Alarm::level);
        levels.max().unwrap_or(AlertLevel::Ok)
    }
}

#[cfg(test)]
#[path = "../tests/alert.rs"]
mod tests;
