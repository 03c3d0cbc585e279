//! What a browser has kept: a copy of each view its user comes back to, with its age. It survives a reload, as IndexedDB does.
//!
//! A view is chosen by Zipf's law. When a run begins, each copy is as old as it would be if its user had been there for ever: the time
//! since the last visit of a view that is visited at random is exponential, with the mean time between two visits.

use tidegate_contract::{Draw, Spread};
use tidegate_core::{Instant, Millis};

use super::people::People;

// A spread is cut off at ten minutes; the rarest view is an hour old.
const SCALE: u64 = 64;

/// How often which view is wanted: the same for every user.
#[derive(Debug)]
pub(super) struct Popularity {
    /// The share of the views up to each.
    sums: Vec<f64>,
    /// The mean time between two visits of each, in milliseconds.
    every_ms: Vec<u64>,
}

impl Popularity {
    pub(super) fn new(people: &People) -> Popularity {
        let weights: Vec<f64> = (1..=people.views)
            .map(|rank| 1.0 / f64::from(rank))
            .collect();
        let whole: f64 = weights.iter().sum();
        let reads = f64::from(1_000 - people.write_permille - people.poll_permille);
        let novel = reads * f64::from(people.novel_permille) / 1_000.0;
        let known = (1_000.0 - f64::from(people.write_permille) - novel).max(1.0) / 1_000.0;
        let mut sum = 0.0;
        let mut popularity = Popularity {
            sums: Vec::new(),
            every_ms: Vec::new(),
        };
        for weight in weights {
            let share = weight / whole;
            sum += share;
            popularity.sums.push(sum);
            let every = people.every_ms as f64 / known / share;
            popularity.every_ms.push(every as u64);
        }
        popularity
    }

    /// The view that belongs to this luck.
    pub(super) fn view(&self, luck: Draw) -> usize {
        let place = luck.unit();
        let found = self.sums.partition_point(|sum| *sum < place);
        found.min(self.sums.len().saturating_sub(1))
    }

    /// The copies of a browser when the run begins.
    pub(super) fn copies(&self, luck: Draw) -> Copies {
        let ages = self.every_ms.iter().enumerate().map(|(view, every)| {
            let mean = (every / SCALE).max(1);
            let drawn = Spread::ExponentialMs { mean }.draw(luck.at(view as u64));
            (drawn.0 * SCALE) as i64
        });
        Copies(ages.map(|age| -age).collect())
    }
}

/// When each view was last answered, in microseconds of the run.
#[derive(Debug)]
pub(super) struct Copies(Vec<i64>);

impl Copies {
    pub(super) fn age(&self, now: Instant, view: usize) -> Option<Millis> {
        let kept = self.0.get(view)?;
        let age = now.as_micros() as i64 - kept;
        Some(Millis(age.max(0) as u64 / 1_000))
    }

    pub(super) fn keep(&mut self, now: Instant, view: usize) {
        if let Some(kept) = self.0.get_mut(view) {
            *kept = now.as_micros() as i64;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_view_is_wanted_most_and_has_the_youngest_copies() {
        let popularity = Popularity::new(&People::default());
        let root = Draw::from_seed(1);
        let first = (0..10_000).filter(|n| popularity.view(root.at(*n)) == 0);
        // 1 / H(40) = 0.234; the standard error is 0.004.
        let share = first.count() as f64 / 10_000.0;
        assert!((share - 0.234).abs() < 0.017, "{share}");
        let age = |view| -> u64 {
            let copies = (0..1_000).map(|user| popularity.copies(root.at(user)));
            let ages = copies.filter_map(|each| each.age(Instant::START, view));
            ages.map(|age| age.0).sum::<u64>() / 1_000
        };
        // 10 s / 0.875 / 0.234 = 49 s and forty times that.
        assert!((44_000..54_000).contains(&age(0)), "{}", age(0));
        assert!((1_760_000..2_160_000).contains(&age(39)), "{}", age(39));
    }

    #[test]
    fn an_answer_makes_a_copy_new() {
        let popularity = Popularity::new(&People::default());
        let mut copies = popularity.copies(Draw::from_seed(1));
        copies.keep(Instant::from_millis(5_000), 3);
        assert_eq!(
            copies.age(Instant::from_millis(9_000), 3),
            Some(Millis(4_000))
        );
        assert_eq!(copies.age(Instant::START, 40), None);
    }
}
