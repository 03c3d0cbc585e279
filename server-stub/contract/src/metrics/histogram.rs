//! Times counted in buckets that grow with the value.
//!
//! Exact up to 31 ms; above that every power of two is divided into 32 equal buckets, so that a bucket is at most 1/32 as wide as its
//! values are large. A percentile answers with a bucket's middle and is therefore off by **1/64 (1.6 %)** at most. This is the layout
//! of HdrHistogram and of OpenTelemetry's exponential histograms, in whole numbers: the same everywhere, and two of them add up.

use tidegate_core::Millis;

/// Buckets per power of two, as an exponent of two.
const FINENESS: u32 = 5;
const EXACT: u64 = 1 << FINENESS;
/// 2^20 ms, about 17 minutes, is beyond the longest delay a fault may have (10 minutes).
const TOP: u32 = 20;
const BUCKETS: usize = ((TOP - FINENESS + 1) as usize) << FINENESS;

/// A bag of times: 2 KiB once it holds any, nothing before.
///
/// ```
/// use tidegate_contract::metrics::Histogram;
/// use tidegate_core::Millis;
/// let mut times = Histogram::default();
/// (1..=1000).for_each(|ms| times.record(Millis(ms)));
/// assert_eq!(times.percentile(50), Millis(499)); // 500, off by less than 1.6 %
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Histogram {
    /// Empty, or all of them.
    buckets: Vec<u32>,
    count: u64,
}

impl Histogram {
    /// The longest time it tells apart; whatever is longer counts as this.
    pub const MAX: Millis = Millis((1 << TOP) - 1);

    /// Puts a time into the bag.
    pub fn record(&mut self, time: Millis) {
        self.buckets.resize(BUCKETS, 0);
        let bucket = &mut self.buckets[bucket_of(time)];
        *bucket = bucket.saturating_add(1);
        self.count += 1;
    }

    /// Puts everything from another bag into this one.
    pub fn merge(&mut self, other: &Histogram) {
        if other.count == 0 {
            return;
        }
        self.buckets.resize(BUCKETS, 0);
        for (mine, theirs) in self.buckets.iter_mut().zip(&other.buckets) {
            *mine = mine.saturating_add(*theirs);
        }
        self.count += other.count;
    }

    /// How many times are in the bag.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The time that `percent` % of them did not exceed (nearest rank), give or take 1.6 %; zero when there are none.
    #[must_use]
    pub fn percentile(&self, percent: u8) -> Millis {
        let rank = (self.count * u64::from(percent.min(100))).div_ceil(100);
        let mut seen = 0;
        for (index, count) in self.buckets.iter().enumerate() {
            seen += u64::from(*count);
            if seen >= rank && *count > 0 {
                return middle_of(index);
            }
        }
        Millis::ZERO
    }
}

/// The first `EXACT` values have a bucket each; above, the leading six bits of a value name its bucket.
fn bucket_of(time: Millis) -> usize {
    let value = time.0.min(Histogram::MAX.0);
    if value < EXACT {
        return value as usize;
    }
    let shift = value.ilog2() - FINENESS;
    (shift as usize) * EXACT as usize + (value >> shift) as usize
}

fn middle_of(bucket: usize) -> Millis {
    let bucket = bucket as u64;
    if bucket < EXACT {
        return Millis(bucket);
    }
    let shift = bucket / EXACT - 1;
    let first = (bucket - shift * EXACT) << shift;
    let width = 1 << shift;
    Millis(first + (width - 1) / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_is_off_by_more_than_its_64th_part() {
        for value in 0..=Histogram::MAX.0 {
            let bucket = bucket_of(Millis(value));
            assert!(bucket < BUCKETS, "{value}");
            let Millis(middle) = middle_of(bucket);
            assert!(middle.abs_diff(value) * 64 <= value, "{value}: {middle}");
        }
    }

    #[test]
    fn percentiles_are_nearest_ranks() {
        let mut times = Histogram::default();
        assert_eq!(times.percentile(99), Millis::ZERO);
        for ms in [1, 2, 3, 4] {
            times.record(Millis(ms));
        }
        assert_eq!(times.percentile(0), Millis(1));
        assert_eq!(times.percentile(50), Millis(2));
        assert_eq!(times.percentile(51), Millis(3));
        assert_eq!(times.percentile(100), Millis(4));
    }

    #[test]
    fn what_is_too_long_counts_as_the_longest() {
        let mut times = Histogram::default();
        times.record(Millis(u64::MAX));
        let Millis(longest) = times.percentile(50);
        assert!(Histogram::MAX.0 - longest <= Histogram::MAX.0 / 64);
    }

    #[test]
    fn two_bags_add_up_to_one() {
        let (mut odd, mut even, mut all) = Default::default();
        for ms in 0..5_000 {
            let part: &mut Histogram = if ms % 2 == 0 { &mut even } else { &mut odd };
            part.record(Millis(ms));
            Histogram::record(&mut all, Millis(ms));
        }
        odd.merge(&even);
        odd.merge(&Histogram::default());
        assert_eq!(odd, all);
    }
}
