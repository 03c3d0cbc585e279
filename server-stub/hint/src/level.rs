//! How a level follows the estimated wait.
//!
//! Once a second: above 0.5 s of estimated wait the level falls to 70 % of itself, otherwise it rises by a quarter and 1 %. Falling is fast
//! (from full to a tenth in 7 s), rising is a little slower (back in 10 s), so that a fleet which comes back does not arrive at once. It
//! never falls below 2 %, because a fleet that sends nothing can learn nothing. The figures are those of the simulations in which the
//! rule was tried: [`crate::Hint`]'s protocol tells what they gave.

use crate::hint::Hint;

/// A level in permille that is moved once a second.
///
/// ```
/// use tidegate_hint::Level;
/// let mut level = Level::default();
/// level.step(800);
/// assert_eq!(level.permille(), 700);
/// level.step(100);
/// assert_eq!(level.permille(), 885);
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Level(u16);

impl Default for Level {
    /// Full.
    fn default() -> Level {
        Level(Hint::FULL)
    }
}

impl Level {
    /// The estimated wait above which a level falls, and from which on newcomers are not welcome: 0.5 s.
    pub const MAX_WAIT_MS: u32 = 500;
    /// It never falls below 2 %.
    pub const LEAST: u16 = 20;

    /// One second has passed, and this is how long a newcomer would wait now.
    pub fn step(&mut self, wait_ms: u32) {
        let level = if wait_ms > Level::MAX_WAIT_MS {
            (self.0 * 7 / 10).max(Level::LEAST)
        } else {
            (self.0 + self.0 / 4 + 10).min(Hint::FULL)
        };
        self.0 = level;
    }

    /// The level as it stands.
    #[must_use]
    pub const fn permille(self) -> u16 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds until a level that starts here passes `until`.
    fn seconds(mut level: Level, wait_ms: u32, until: impl Fn(u16) -> bool) -> u32 {
        let mut count = 0;
        while !until(level.permille()) {
            level.step(wait_ms);
            count += 1;
        }
        count
    }

    #[test]
    fn it_falls_and_rises_within_seconds() {
        let full = Level::default();
        assert_eq!(seconds(full, 501, |level| level <= 100), 7);
        assert_eq!(seconds(Level(100), 500, |level| level == Hint::FULL), 10);
    }

    #[test]
    fn it_stays_between_two_percent_and_full() {
        let mut level = Level::default();
        for wait_ms in [0, u32::MAX] {
            (0..100).for_each(|_| level.step(wait_ms));
            let expected = if wait_ms == 0 {
                Hint::FULL
            } else {
                Level::LEAST
            };
            assert_eq!(level.permille(), expected);
        }
    }
}
