//! Verdicts as hashes.
//!
//! A shared generator would give each request whatever the requests before it left over, so one more tab would change everybody's
//! luck. Here a verdict is a hash of (seed, rule, client, ordinal): the n-th request of one client that fits one rule has the same fate
//! in every run, whoever else is talking.

use tidegate_core::mix;

use crate::hash::fnv1a;

// SplitMix64's increment; keeps small inputs apart and zero away from `mix`, whose fixed point it is.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// 64 bits that belong to one client's n-th match of one rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64, rule: &str, client: &str, ordinal: u64) -> Draw {
        let mut bits = mix(seed.wrapping_add(GAMMA));
        bits = mix(bits ^ fnv1a(rule.as_bytes()));
        bits = mix(bits ^ fnv1a(client.as_bytes()).rotate_left(32));
        Draw(mix(bits.wrapping_add(ordinal.wrapping_mul(GAMMA))))
    }

    /// Another draw that has nothing to do with this one.
    pub(crate) fn next(self) -> Draw {
        Draw(mix(self.0.wrapping_add(GAMMA)))
    }

    /// A whole number below `bound`, evenly.
    pub(crate) fn below(self, bound: u64) -> u64 {
        // Lemire's multiply-shift, as in `tidegate_core::Rng`.
        ((u128::from(self.0) * u128::from(bound)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_key_matters() {
        let draw = Draw::new(1, "busy", "ann", 0);
        assert_eq!(draw, Draw::new(1, "busy", "ann", 0));
        assert_ne!(draw, Draw::new(2, "busy", "ann", 0));
        assert_ne!(draw, Draw::new(1, "slow", "ann", 0));
        assert_ne!(draw, Draw::new(1, "busy", "bob", 0));
        assert_ne!(draw, Draw::new(1, "busy", "ann", 1));
        assert_ne!(Draw::new(1, "a", "b", 0), Draw::new(1, "b", "a", 0));
    }
}
