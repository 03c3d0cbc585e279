//! Seeded randomness.
//!
//! SplitMix64 (Steele, Lea, Flood: *Fast splittable pseudorandom number generators*, OOPSLA 2014): 64 bits of state, passes BigCrush,
//! and the same seed gives the same draws on every platform. It is for jitter and for fault verdicts, never for secrets.

use crate::time::Millis;

/// A generator with 64 bits of state.
///
/// ```
/// use tidegate_core::Rng;
/// assert_eq!(Rng::new(7).next_u64(), Rng::new(7).next_u64());
/// ```
#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// A generator that starts from `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Rng {
        Rng(seed)
    }

    /// The next 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.0)
    }

    /// A whole number below `bound`, evenly; 0 when `bound` is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        // Lemire's multiply-shift; its bias is below 2^-32 for every bound used here.
        ((u128::from(self.next_u64()) * u128::from(bound)) >> 64) as u64
    }

    /// A length between zero and `cap`, both included: *full jitter*.
    pub fn jitter(&mut self, cap: Millis) -> Millis {
        Millis(self.below(cap.0.saturating_add(1)))
    }
}

/// Scrambles 64 bits so that neighbouring inputs give unrelated outputs.
///
/// A verdict that is drawn by mixing (seed, rule, client, ordinal) does not depend on what else happens in between.
#[must_use]
pub const fn mix(bits: u64) -> u64 {
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[test]
    fn the_first_draws_are_those_of_the_reference_implementation() {
        let mut rng = Rng::new(1_234_567);
        assert_eq!(rng.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(rng.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn jitter_reaches_both_ends() {
        let mut rng = Rng::new(1);
        let draws: alloc::vec::Vec<u64> = (0..200).map(|_| rng.jitter(Millis(3)).0).collect();
        for end in [0, 3] {
            assert!(draws.contains(&end));
        }
        assert!(draws.iter().all(|&draw| draw <= 3));
    }
}
