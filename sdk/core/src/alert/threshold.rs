//! From where on a figure is bad, and for how long it has to be.

use super::kind::{AlertKind, AlertLevel};

/// From where on a figure is a warning, and from where on it is critical.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Threshold {
    /// The first value that is a warning.
    pub warning: u64,
    /// The first value that is critical.
    pub critical: u64,
}

impl Threshold {
    /// How bad a value is.
    ///
    /// ```
    /// use tidegate_core::{AlertLevel, Threshold};
    /// let hits = Threshold { warning: 800, critical: 500 };
    /// assert_eq!(hits.level(799, true), AlertLevel::Warning);
    /// ```
    #[must_use]
    pub fn level(self, value: u64, low_is_bad: bool) -> AlertLevel {
        let reached = |bound| match low_is_bad {
            true => value <= bound,
            false => value >= bound,
        };
        if reached(self.critical) {
            AlertLevel::Critical
        } else if reached(self.warning) {
            AlertLevel::Warning
        } else {
            AlertLevel::Ok
        }
    }

    /// The same, nearer to what is good by this many thousandths of each value: what a figure has to pass for a level to end.
    #[must_use]
    pub fn eased(self, permille: u16, low_is_bad: bool) -> Threshold {
        let ease = |bound: u64| {
            // Small bounds have a margin, too.
            let margin = bound.saturating_mul(permille.into()).div_ceil(1_000);
            match low_is_bad {
                true => bound.saturating_add(margin),
                // A figure of nothing is well, or a bound of one would never be left again.
                false => bound.saturating_sub(margin).max(1),
            }
        };
        Threshold {
            warning: ease(self.warning),
            critical: ease(self.critical),
        }
    }
}

/// A share as permille; `None` of nothing.
///
/// ```
/// use tidegate_core::permille;
/// assert_eq!((permille(9, 12), permille(0, 0)), (Some(750), None));
/// ```
#[must_use]
pub fn permille(part: u64, whole: u64) -> Option<u64> {
    part.min(whole).saturating_mul(1_000).checked_div(whole)
}

/// Why thresholds make no sense.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ThresholdError {
    /// Whose they are. Its warning comes after its critical alert, or even a figure of nothing is alarming.
    pub kind: AlertKind,
}

impl core::fmt::Display for ThresholdError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the warning must come no later than the critical alert: ")?;
        f.write_str(self.kind.as_str())
    }
}

impl core::error::Error for ThresholdError {}

/// All thresholds, in permille or milliseconds, and how long a level takes to change.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AlertSettings {
    /// 800 and 500. A miss here is an error in somebody's face: one in five is a warning, half of them is critical.
    pub cache_hits: Threshold,
    /// 1 and 10.
    pub dead_letters: Threshold,
    /// 50 and 200.
    pub degraded_share: Threshold,
    /// 10 and 50.
    pub error_rate: Threshold,
    /// Ten minutes and a day.
    pub outbox_age_ms: Threshold,
    /// 800 and 950: what does not fit is refused.
    pub outbox_use: Threshold,
    /// 800 and 950.
    pub pool_use: Threshold,
    /// 1,000 and 5,000.
    pub response_time_ms: Threshold,
    /// 800 and 950: at the second, the next large answer pushes others out.
    pub storage_use: Threshold,
    /// Calls without which there is no rate: 20.
    pub least_calls: u32,
    /// How far a figure must be from a threshold for its level to end, in thousandths of it: 100.
    pub margin_permille: u16,
    /// How long a threshold must be passed for its level to begin: 5 s. 0 is at once.
    pub rise_ms: u32,
    /// How long a figure must be well for its level to end: 30 s.
    pub fall_ms: u32,
    /// How long a figure must not be measured for its level to end: 300 s.
    pub silence_ms: u32,
    /// The longest time between two looks that counts: 15 s. Beyond it, nobody looked.
    pub gap_ms: u32,
}

impl Default for AlertSettings {
    fn default() -> AlertSettings {
        let from = |warning, critical| Threshold { warning, critical };
        AlertSettings {
            cache_hits: from(800, 500),
            dead_letters: from(1, 10),
            degraded_share: from(50, 200),
            error_rate: from(10, 50),
            outbox_age_ms: from(600_000, 86_400_000),
            outbox_use: from(800, 950),
            pool_use: from(800, 950),
            response_time_ms: from(1_000, 5_000),
            storage_use: from(800, 950),
            least_calls: 20,
            margin_permille: 100,
            rise_ms: 5_000,
            fall_ms: 30_000,
            silence_ms: 300_000,
            gap_ms: 15_000,
        }
    }
}

impl AlertSettings {
    /// A share of calls as permille, if there are enough to tell it from.
    ///
    /// A single bad one is no rate, and counts as none at all: one failure among twenty calls would be critical, and one failure is
    /// nothing to wake anybody for.
    ///
    /// ```
    /// let settings = tidegate_core::AlertSettings::default();
    /// assert_eq!(settings.rate(3, 60), Some(50));
    /// assert_eq!(settings.rate(1, 60), Some(0));
    /// assert_eq!(settings.rate(3, 19), None);
    /// ```
    #[must_use]
    pub fn rate(&self, part: u64, whole: u64) -> Option<u64> {
        let part = if part == 1 { 0 } else { part };
        permille(part, whole).filter(|_| whole >= self.least_calls.into())
    }

    /// The thresholds of one figure.
    #[must_use]
    pub const fn of(&self, kind: AlertKind) -> Threshold {
        match kind {
            AlertKind::CacheHits => self.cache_hits,
            AlertKind::DeadLetters => self.dead_letters,
            AlertKind::DegradedShare => self.degraded_share,
            AlertKind::ErrorRate => self.error_rate,
            AlertKind::OutboxAge => self.outbox_age_ms,
            AlertKind::OutboxUse => self.outbox_use,
            AlertKind::PoolUse => self.pool_use,
            AlertKind::ResponseTime => self.response_time_ms,
            AlertKind::StorageUse => self.storage_use,
        }
    }

    /// Whether they make sense: a warning comes no later than its critical alert, and a figure of nothing is not alarming.
    ///
    /// # Errors
    /// The first figure whose thresholds do not.
    pub fn check(&self) -> Result<(), ThresholdError> {
        for &kind in AlertKind::ALL {
            let Threshold { warning, critical } = self.of(kind);
            let sound = match kind.low_is_bad() {
                true => critical <= warning && warning < 1_000,
                false => warning <= critical && warning > 0,
            };
            if !sound {
                return Err(ThresholdError { kind });
            }
        }
        Ok(())
    }
}
