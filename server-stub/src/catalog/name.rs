//! Names: which asset has which, and which comes before which.
//!
//! A name is `domain.subject_grain_region`; there are 112,896 of them, and assets beyond that are later versions (`…_v2` to `…_v9`),
//! which makes 1,016,064. A rank is a name's place among all of them in alphabetical order. An asset's number and its rank give each
//! other: numbers stride through the plain names without meeting one twice, and a stride can be walked back.

use std::fmt;

use tidegate_core::mix;

use super::words::{DOMAINS, GRAINS, REGIONS, SUBJECTS};

/// The largest catalogue on offer: below the number of names.
pub(crate) const MAX_ASSETS: usize = 1_000_000;

/// How many subjects with their domains, the first half of a name.
pub(super) const HEADS: u64 = (DOMAINS.len() * SUBJECTS.len()) as u64;
/// How many grains with their regions and versions, the second half.
pub(super) const TAILS: u64 = (GRAINS.len() * REGIONS.len()) as u64 * VERSIONS;
const VERSIONS: u64 = 9;
/// How many names there are before versions.
const PLAIN: u64 = HEADS * TAILS / VERSIONS;
/// A prime that divides none of the lists' lengths: steps through all names without meeting one twice.
const STRIDE: u64 = 48_611;
const STRIDE_BACK: u64 = inverse(STRIDE, PLAIN);

const _: () = assert!(MAX_ASSETS as u64 <= PLAIN * VERSIONS);
const _: () = assert!(STRIDE * STRIDE_BACK % PLAIN == 1);

/// A name's place among all names.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Rank(pub(super) u64);

impl Rank {
    /// How many ranks there are.
    pub(super) const COUNT: u64 = PLAIN * VERSIONS;

    /// The rank of an asset's name.
    pub(super) fn of(seed: u64, number: u32) -> Rank {
        let (version, step) = (u64::from(number) / PLAIN, u64::from(number) % PLAIN);
        let plain = (offset(seed) + step * STRIDE) % PLAIN;
        Rank(plain * VERSIONS + version)
    }

    /// The number of the asset that has this name.
    pub(super) fn number(self, seed: u64) -> u32 {
        let (plain, version) = (self.0 / VERSIONS, self.0 % VERSIONS);
        let step = (plain + PLAIN - offset(seed)) * STRIDE_BACK % PLAIN;
        // Below the number of names, which fits.
        (version * PLAIN + step) as u32
    }

    /// The first half's place among the first halves.
    pub(super) fn head(self) -> usize {
        (self.0 / TAILS) as usize
    }

    /// The second half's place among the second halves.
    pub(super) fn tail(self) -> usize {
        (self.0 % TAILS) as usize
    }

    /// The domain's place in its list.
    pub(super) fn domain(self) -> usize {
        self.head() / SUBJECTS.len()
    }
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", head(self.head()), tail(self.tail()))
    }
}

/// The text of a first half: `domain.subject_`.
pub(super) fn head(place: usize) -> String {
    let (domain, subject) = (place / SUBJECTS.len(), place % SUBJECTS.len());
    format!("{}.{}_", DOMAINS[domain], SUBJECTS[subject])
}

/// The text of a second half: `grain_region`, and the version if it is a later one.
pub(super) fn tail(place: usize) -> String {
    let (plain, version) = (place as u64 / VERSIONS, place as u64 % VERSIONS);
    let plain = plain as usize;
    let (grain, region) = (plain / REGIONS.len(), plain % REGIONS.len());
    let name = format!("{}_{}", GRAINS[grain], REGIONS[region]);
    match version {
        0 => name,
        later => format!("{name}_v{}", later + 1),
    }
}

fn offset(seed: u64) -> u64 {
    mix(seed) % PLAIN
}

/// The number whose product with `value` leaves 1, by Euclid's extended algorithm.
const fn inverse(value: u64, modulus: u64) -> u64 {
    let (mut before, mut now) = (modulus as i64, value as i64);
    let (mut x_before, mut x_now) = (0, 1);
    while now != 0 {
        let quotient = before / now;
        (before, now) = (now, before - quotient * now);
        (x_before, x_now) = (x_now, x_before - quotient * x_now);
    }
    x_before.rem_euclid(modulus as i64) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_the_order_of_their_ranks() {
        for half in [HEADS, TAILS] {
            let text = if half == HEADS { head } else { tail };
            let texts: Vec<String> = (0..half as usize).map(text).collect();
            // Strictly: so no two are the same either.
            assert!(texts.windows(2).all(|pair| pair[0] < pair[1]));
        }
        // No first half begins another one, so the second halves decide only between equal first halves.
        let heads: Vec<String> = (0..HEADS as usize).map(head).collect();
        assert!(heads.windows(2).all(|pair| !pair[1].starts_with(&pair[0])));
    }

    #[test]
    fn a_number_and_its_rank_give_each_other() {
        for seed in [0, 1, 7, u64::MAX] {
            for number in (0..MAX_ASSETS as u32).step_by(997) {
                let rank = Rank::of(seed, number);
                assert!(rank.0 < Rank::COUNT);
                assert_eq!(rank.number(seed), number);
            }
        }
    }
}
