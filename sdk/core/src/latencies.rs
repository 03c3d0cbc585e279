//! The latencies of a scope: a few as they are, many as a [`Sketch`].
//!
//! Most scopes of a page see a handful of requests, and a sketch of 500 bytes for each would be most of an engine's memory.

use alloc::boxed::Box;
use alloc::vec::Vec;

use crate::sketch::{Micros, Sketch};
use crate::time::Instant;

/// So many are kept as they are.
const FEW: usize = 16;

#[derive(Clone, Debug)]
pub(crate) enum Latencies {
    Few(Vec<(Instant, Micros)>),
    Many(Box<Sketch>),
}

impl Default for Latencies {
    fn default() -> Latencies {
        Latencies::Few(Vec::new())
    }
}

impl Latencies {
    /// An attempt took this long.
    pub(crate) fn record(&mut self, now: Instant, took: Micros) {
        match self {
            Latencies::Few(few) if few.len() < FEW => few.push((now, took)),
            Latencies::Few(_) => {
                let mut sketch = self.sketch();
                sketch.record(now, took);
                *self = Latencies::Many(Box::new(sketch));
            }
            Latencies::Many(sketch) => sketch.record(now, took),
        }
    }

    /// The sketch, once there are many.
    pub(crate) fn many(&self) -> Option<&Sketch> {
        match self {
            Latencies::Few(_) => None,
            Latencies::Many(sketch) => Some(sketch),
        }
    }

    /// All of them, summed up.
    pub(crate) fn sketch(&self) -> Sketch {
        match self {
            Latencies::Few(few) => {
                let mut sketch = Sketch::new(Sketch::HALF);
                for (at, took) in few {
                    sketch.record(*at, *took);
                }
                sketch
            }
            Latencies::Many(sketch) => Sketch::clone(sketch),
        }
    }

    /// Adds those of a scope that turned out to be the same.
    pub(crate) fn merge(&mut self, now: Instant, other: &Latencies) {
        match other {
            Latencies::Few(few) => few.iter().for_each(|(at, took)| self.record(*at, *took)),
            Latencies::Many(theirs) => {
                let mut sketch = self.sketch();
                sketch.merge(now, theirs);
                *self = Latencies::Many(Box::new(sketch));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;
    use crate::time::Millis;

    #[test]
    fn few_and_many_are_summed_up_alike() {
        let (mut latencies, mut sketch) = (Latencies::default(), Sketch::new(Sketch::HALF));
        for n in 1..=100_u64 {
            let now = Instant::from_millis(n * 3_000);
            latencies.record(now, Micros(n * 7_000));
            sketch.record(now, Micros(n * 7_000));
            let told = latencies.sketch();
            assert_eq!(told.count(now), sketch.count(now), "{n}");
            assert_eq!(
                told.percentile(now, 950),
                sketch.percentile(now, 950),
                "{n}"
            );
        }
    }

    #[test]
    fn scopes_that_are_one_have_the_latencies_of_both() {
        for (mine, theirs) in [(3, 5), (3, 50), (50, 3), (50, 50)] {
            let now = Instant::START + Millis(10);
            let many = |count| {
                let mut latencies = Latencies::default();
                (0..count).for_each(|n| latencies.record(now, Micros(n * 1_000)));
                latencies
            };
            let mut both = many(mine);
            both.merge(now, &many(theirs));
            assert_eq!(u64::from(both.sketch().count(now)), mine + theirs);
        }
    }
}
