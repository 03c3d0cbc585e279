//! Verdicts and drawn times as hashes.
//!
//! A shared generator would give each request whatever the requests before it left over, so one more tab would change everybody's
//! luck. Here a verdict is a hash of (seed, rule, client, ordinal): the n-th request of one client that fits one rule has the same fate
//! in every run, whoever else is talking.

use tidegate_core::mix;

use crate::hash::fnv1a;

// SplitMix64's increment; keeps small inputs apart and zero away from `mix`, whose fixed point it is.
const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// 64 bits that belong to one thing that happens, such as a client's n-th match of a rule.
///
/// It is a value, not a generator: asked twice, it says the same twice. What needs several independent numbers takes [`Draw::next`]
/// or [`Draw::at`] in between.
///
/// ```
/// use tidegate_contract::Draw;
/// let draw = Draw::new(1, "busy", "ann", 0);
/// assert_eq!(draw.below(1_000), Draw::new(1, "busy", "ann", 0).below(1_000));
/// assert_ne!(draw, draw.next());
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[must_use]
pub struct Draw(u64);

impl Draw {
    /// The draw of one client's n-th match of one rule.
    pub fn new(seed: u64, rule: &str, client: &str, ordinal: u64) -> Draw {
        let mut bits = mix(seed.wrapping_add(GAMMA));
        bits = mix(bits ^ fnv1a(rule.as_bytes()));
        bits = mix(bits ^ fnv1a(client.as_bytes()).rotate_left(32));
        Draw(mix(bits.wrapping_add(ordinal.wrapping_mul(GAMMA))))
    }

    /// The draw at the root of everything that has this seed; [`Draw::at`] leads on from it.
    pub fn from_seed(seed: u64) -> Draw {
        Draw(mix(seed.wrapping_add(GAMMA)))
    }

    /// The n-th of the draws that hang from this one, unlike all others and unlike what [`Draw::next`] gives.
    pub fn at(self, number: u64) -> Draw {
        Draw(mix(
            mix(self.0.rotate_left(32) ^ GAMMA).wrapping_add(number.wrapping_mul(GAMMA))
        ))
    }

    /// Another draw that has nothing to do with this one.
    pub fn next(self) -> Draw {
        Draw(mix(self.0.wrapping_add(GAMMA)))
    }

    /// A whole number below `bound`, evenly; 0 when `bound` is 0.
    #[must_use]
    pub fn below(self, bound: u64) -> u64 {
        // Lemire's multiply-shift, as in `tidegate_core::Rng`.
        ((u128::from(self.0) * u128::from(bound)) >> 64) as u64
    }

    /// Whether it is among this many of a thousand.
    #[must_use]
    pub fn hits(self, permille: u32) -> bool {
        self.below(1_000) < u64::from(permille)
    }

    /// A fraction, evenly, greater than 0 and less than 1: its logarithm exists.
    #[must_use]
    pub fn unit(self) -> f64 {
        // The middles of 2^52 equal steps; with one bit more the last middle would be rounded to 1.
        const STEP: f64 = 1.0 / (1_u64 << 52) as f64;
        ((self.0 >> 12) as f64 + 0.5) * STEP
    }

    /// A number from the normal distribution with mean 0 and variance 1 (Box and Muller 1958).
    #[must_use]
    pub fn normal(self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(self.unit()));
        radius * libm::cos(core::f64::consts::TAU * self.next().unit())
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

    #[test]
    fn draws_that_hang_from_one_another_differ() {
        let root = Draw::from_seed(1);
        let mut all = vec![root, root.next(), root.next().next()];
        for branch in 0..10 {
            all.push(root.at(branch));
            all.extend((0..10).map(|leaf| root.at(branch).at(leaf)));
        }
        let distinct: std::collections::HashSet<Draw> = all.iter().copied().collect();
        assert_eq!(distinct.len(), all.len());
    }

    #[test]
    fn a_unit_is_never_0_nor_1() {
        assert!(Draw(0).unit() > 0.0);
        assert!(Draw(u64::MAX).unit() < 1.0);
    }

    #[test]
    fn normal_draws_have_mean_0_and_variance_1() {
        let root = Draw::from_seed(7);
        let draws: Vec<f64> = (0..20_000).map(|n| root.at(n).normal()).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|draw| draw * draw).sum::<f64>() / 20_000.0;
        // Four standard errors: 4 / sqrt(20,000), and sqrt(2) times that.
        assert!(mean.abs() < 0.029, "{mean}");
        assert!((variance - 1.0).abs() < 0.04, "{variance}");
    }

    #[test]
    fn the_same_draw_is_the_same_on_every_platform() {
        assert_eq!(
            Draw::new(1, "busy", "ann", 0).normal().to_bits(),
            13_827_262_335_807_978_862
        );
    }
}
