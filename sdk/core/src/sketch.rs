//! How long attempts take, in 500 bytes per scope.
//!
//! Policies ask for a percentile on every call (when to hedge, what is slow, when to raise an alert), so keeping every latency and
//! sorting it, as other breakers do, is out of the question. The rule is that of `HdrHistogram` (Tene): each power of two is split into
//! eight equal buckets, so a latency is known within 1/16 of itself, whatever its size.
//!
//! - A bucket is 0.512 ms at least: browsers round their clocks to 0.1 ms or 1 ms. Below 4.1 ms the error is up to 0.256 ms.
//! - The last bucket ends at 67 s; longer ones count as that long. No attempt has a timeout beyond it by default.
//! - Counts are in two halves that take turns with time: what is asked is about the last one to two halves, never about all time. The
//!   half that a moment belongs to is computed from the moment, so a laptop that slept for a night wakes up with an empty sketch.
//! - A count that reaches 65,535 halves all counts, upwards. That moves a rank by 1 in 500 at most.

use crate::time::{Instant, Millis};

/// log2 of the buckets per power of two.
const SPLIT: u32 = 3;
/// log2 of the finest bucket, in microseconds.
const UNIT: u32 = 9;
/// Eight buckets up to 4 ms, and eight for each of the 14 powers of two from there to 67 s.
const BUCKETS: usize = 15 << SPLIT;

/// A length of time in microseconds.
///
/// ```
/// use tidegate_core::{Instant, Micros, Millis};
/// let began = Instant::from_millis(10);
/// assert_eq!(Micros::between(began, began + Millis(2)), Micros(2_000));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Micros(pub u64);

impl Micros {
    /// The time from `earlier` to `later`; zero when they are the other way round.
    #[must_use]
    pub const fn between(earlier: Instant, later: Instant) -> Micros {
        Micros(later.as_micros().saturating_sub(earlier.as_micros()))
    }

    /// In milliseconds, rounded up: a delay made of it is never too short.
    #[must_use]
    pub const fn millis(self) -> Millis {
        Millis(self.0.div_ceil(1_000))
    }
}

/// The latencies of the last minutes, summed up.
///
/// ```
/// use tidegate_core::{Instant, Micros, Millis, Sketch};
/// let now = Instant::START;
/// let mut sketch = Sketch::new(Millis::from_secs(60));
/// for millis in [100, 110, 900] {
///     sketch.record(now, Micros(millis * 1_000));
/// }
/// let median = sketch.median(now).unwrap();
/// assert!(median.0.abs_diff(110_000) <= 110_000 / 16);
/// assert_eq!(sketch.median(now + Millis::from_secs(180)), None);
/// ```
#[derive(Clone, Debug)]
pub struct Sketch {
    young: [u16; BUCKETS],
    old: [u16; BUCKETS],
    /// Of both halves and of the young one: what every rank is counted from.
    totals: [u32; 2],
    /// The young half's number since the start of the clock.
    turn: u32,
    half_ms: u32,
    /// The bucket of the median as long as the turn lasts.
    median: u8,
}

impl Sketch {
    /// The half that fits a browser's few requests: answers are about the last two to four minutes.
    pub const HALF: Millis = Millis::from_secs(120);
    /// An answer differs from the true one by no more than the true one divided by this, or by [`Sketch::FINEST`].
    pub const ERROR_DIVISOR: u64 = 2 << SPLIT;
    /// The error below 4 ms.
    pub const FINEST: Micros = Micros(1 << (UNIT - 1));
    /// From here on, latencies are all the same: 67 s.
    pub const LONGEST: Micros = Micros(1 << (UNIT + SPLIT + 14));

    /// An empty sketch, of which a half lasts this long (1 ms to 49 days).
    #[must_use]
    pub fn new(half: Millis) -> Sketch {
        Sketch {
            young: [0; BUCKETS],
            old: [0; BUCKETS],
            totals: [0; 2],
            turn: 0,
            half_ms: u32::try_from(half.0).unwrap_or(u32::MAX).max(1),
            median: 0,
        }
    }

    /// An attempt took this long, or at least this long.
    pub fn record(&mut self, now: Instant, took: Micros) {
        self.rotate(now);
        let bucket = bucket_of(took);
        if self.young.get(bucket) == Some(&u16::MAX) {
            self.halve();
        }
        if let Some(count) = self.young.get_mut(bucket) {
            *count += 1;
            self.totals = self.totals.map(|total| total + 1);
        }
        self.median = self.bucket_at(0, 500).unwrap_or_default() as u8;
    }

    /// How many latencies an answer given now is made of.
    #[must_use]
    pub fn count(&self, now: Instant) -> u32 {
        match self.turns_since(now) {
            0 => self.totals[0],
            1 => self.totals[1],
            _ => 0,
        }
    }

    /// The latency that half of the attempts did not exceed. It is kept, so asking costs nothing while attempts end.
    #[must_use]
    pub fn median(&self, now: Instant) -> Option<Micros> {
        if self.turns_since(now) == 0 {
            return (self.totals[0] > 0).then(|| middle_of(self.median.into()));
        }
        self.percentile(now, 500)
    }

    /// The latency that this many in a thousand attempts did not exceed (nearest rank); `None` without any attempt.
    #[must_use]
    pub fn percentile(&self, now: Instant, permille: u16) -> Option<Micros> {
        self.bucket_at(self.turns_since(now), permille)
            .map(middle_of)
    }

    /// Adds another sketch's latencies, as when two scopes turn out to be one. Halves of another length are taken for halves of one's own.
    pub fn merge(&mut self, now: Instant, other: &Sketch) {
        self.rotate(now);
        let mut other = other.clone();
        other.rotate(now);
        let full = |mine: &[u16], theirs: &[u16]| {
            let mut pairs = mine.iter().zip(theirs);
            pairs.any(|(mine, theirs)| mine.checked_add(*theirs).is_none())
        };
        if full(&self.young, &other.young) || full(&self.old, &other.old) {
            self.halve();
            other.halve();
        }
        add(&mut self.young, &other.young);
        add(&mut self.old, &other.old);
        self.settle();
    }

    /// Turns of the halves since the last latency. A clock that goes back stands still.
    fn turns_since(&self, now: Instant) -> u32 {
        self.turn_of(now).saturating_sub(self.turn)
    }

    fn turn_of(&self, now: Instant) -> u32 {
        u32::try_from(now.as_millis() / u64::from(self.half_ms)).unwrap_or(u32::MAX)
    }

    fn rotate(&mut self, now: Instant) {
        let turns = self.turns_since(now);
        if turns == 0 {
            return;
        }
        self.old = if turns == 1 { self.young } else { [0; BUCKETS] };
        self.young = [0; BUCKETS];
        self.turn = self.turn_of(now);
        self.settle();
    }

    /// Both halves, or their weights would differ.
    fn halve(&mut self) {
        for count in self.young.iter_mut().chain(&mut self.old) {
            *count = count.div_ceil(2);
        }
        self.settle();
    }

    /// Totals and median after a change.
    fn settle(&mut self) {
        let sum = |half: &[u16]| half.iter().map(|&count| u32::from(count)).sum::<u32>();
        let young = sum(&self.young);
        self.totals = [young + sum(&self.old), young];
        self.median = self.bucket_at(0, 500).unwrap_or_default() as u8;
    }

    fn bucket_at(&self, turns: u32, permille: u16) -> Option<usize> {
        let total = *self.totals.get(turns as usize)?;
        let rank = (u64::from(total) * u64::from(permille.min(1_000))).div_ceil(1_000);
        let mut rank = rank.max(1);
        let halves = self.young.iter().zip(&self.old);
        halves.enumerate().find_map(|(bucket, (young, old))| {
            let old = if turns == 0 { *old } else { 0 };
            let count = u64::from(*young) + u64::from(old);
            if rank <= count {
                return Some(bucket);
            }
            rank -= count;
            None
        })
    }
}

fn add(mine: &mut [u16], theirs: &[u16]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine = mine.saturating_add(*theirs);
    }
}

fn bucket_of(took: Micros) -> usize {
    let units = took.0.min(Sketch::LONGEST.0 - 1) >> UNIT;
    // The power of two above the linear part, 0 within it.
    let power = (units >> SPLIT).checked_ilog2().map_or(0, |log| log + 1);
    let shift = power.saturating_sub(1);
    let within = (units >> shift) & ((1 << SPLIT) - 1);
    ((power as usize) << SPLIT) + within as usize
}

fn middle_of(bucket: usize) -> Micros {
    let power = (bucket >> SPLIT) as u32;
    let within = (bucket & ((1 << SPLIT) - 1)) as u64;
    let shift = power.saturating_sub(1) + UNIT;
    let least = (within + (u64::from(power > 0) << SPLIT)) << shift;
    Micros(least + (1 << (shift - 1)))
}

#[cfg(test)]
#[path = "tests/sketch.rs"]
mod tests;
