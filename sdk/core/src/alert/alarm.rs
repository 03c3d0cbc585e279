//! One figure's level over time.

use super::kind::AlertLevel;
use super::threshold::{AlertSettings, Threshold};
use crate::time::Instant;

/// Where a level is going, unless something comes in between.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Leaning {
    /// Well below the level for so long; `to` is the worst that was seen meanwhile.
    Falling { to: AlertLevel, held_ms: u64 },
    /// Nowhere.
    Level,
    /// Above the level for so long; `to` is the least bad that was seen meanwhile.
    Rising { to: AlertLevel, held_ms: u64 },
    /// Not measured for so long.
    Silent { held_ms: u64 },
}

/// One figure's level over time.
///
/// ```
/// use tidegate_core::{Alarm, AlertLevel, AlertSettings, Instant};
/// let settings = AlertSettings { rise_ms: 0, ..AlertSettings::default() };
/// let mut alarm = Alarm::new();
/// let changed = alarm.observe(Instant::START, Some(60), settings.error_rate, false, &settings);
/// assert_eq!(changed, Some(AlertLevel::Ok));
/// assert_eq!(alarm.level(), AlertLevel::Critical);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Alarm {
    level: AlertLevel,
    leaning: Leaning,
    seen: Instant,
}

impl Default for Alarm {
    fn default() -> Alarm {
        Alarm::new()
    }
}

impl Alarm {
    /// All is well.
    #[must_use]
    pub const fn new() -> Alarm {
        Alarm {
            level: AlertLevel::Ok,
            leaning: Leaning::Level,
            seen: Instant::NEVER,
        }
    }

    /// How bad it is.
    #[must_use]
    pub const fn level(&self) -> AlertLevel {
        self.level
    }

    /// Whether it is well and not about to change.
    #[must_use]
    pub fn is_calm(&self) -> bool {
        self.level == AlertLevel::Ok && !matches!(self.leaning, Leaning::Rising { .. })
    }

    /// The figure now, or `None` when it cannot be measured. The level before, when that made it change.
    pub fn observe(
        &mut self,
        now: Instant,
        value: Option<u64>,
        threshold: Threshold,
        low_is_bad: bool,
        settings: &AlertSettings,
    ) -> Option<AlertLevel> {
        // What lies between two looks is taken to have been as at the second, but not for longer than a gap.
        let passed = (now - self.seen).0.min(settings.gap_ms.into());
        self.seen = now;
        self.leaning = match value {
            None => self.silent(passed),
            Some(value) => {
                let eased = threshold.eased(settings.margin_permille, low_is_bad);
                let bad = threshold.level(value, low_is_bad);
                self.lean(bad, eased.level(value, low_is_bad), passed)
            }
        };
        let (to, held, needed) = match self.leaning {
            Leaning::Falling { to, held_ms } => (to, held_ms, settings.fall_ms),
            Leaning::Level => return None,
            Leaning::Rising { to, held_ms } => (to, held_ms, settings.rise_ms),
            Leaning::Silent { held_ms } => (AlertLevel::Ok, held_ms, settings.silence_ms),
        };
        if held < needed.into() || to == self.level {
            return None;
        }
        self.leaning = Leaning::Level;
        Some(core::mem::replace(&mut self.level, to))
    }

    fn silent(&self, passed: u64) -> Leaning {
        let held_ms = match self.leaning {
            Leaning::Silent { held_ms } => held_ms + passed,
            _ => 0,
        };
        Leaning::Silent { held_ms }
    }

    /// `bad` counts for rising; `eased`, which is never better, for falling.
    fn lean(&self, bad: AlertLevel, eased: AlertLevel, passed: u64) -> Leaning {
        if bad > self.level {
            return match self.leaning {
                Leaning::Rising { to, held_ms } => Leaning::Rising {
                    to: to.min(bad),
                    held_ms: held_ms + passed,
                },
                _ => Leaning::Rising {
                    to: bad,
                    held_ms: 0,
                },
            };
        }
        if eased < self.level {
            return match self.leaning {
                Leaning::Falling { to, held_ms } => Leaning::Falling {
                    to: to.max(eased),
                    held_ms: held_ms + passed,
                },
                _ => Leaning::Falling {
                    to: eased,
                    held_ms: 0,
                },
            };
        }
        Leaning::Level
    }
}
