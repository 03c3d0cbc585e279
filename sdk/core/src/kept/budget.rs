//! Which kept answers have to go, because there are too many or too many bytes of them.
//!
//! What was used longest ago goes first. A budget is passed at one place in that order, and all that is older goes, of that user or of
//! everybody: so nothing goes that was used later than what stays. An answer larger than a whole budget goes alone.
//!
//! Where a budget is passed, a sixteenth more goes than has to: otherwise a full store would be swept with every answer.

use alloc::collections::BinaryHeap;
use alloc::vec::Vec;

use crate::settings::CacheSettings;
use crate::sorted::Sorted;
use crate::time::Wall;

/// What one kept answer costs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Weight<'a> {
    /// Whose it is.
    pub user: &'a str,
    /// Its bytes.
    pub bytes: u64,
    /// When it was used last.
    pub used: Wall,
}

/// How much may be kept.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Budget {
    /// Answers.
    pub entries: u32,
    /// Bytes of all users.
    pub total_bytes: u64,
    /// Bytes of one user.
    pub user_bytes: u64,
}

impl Budget {
    /// As it is set.
    #[must_use]
    pub fn of(settings: &CacheSettings) -> Budget {
        Budget {
            entries: settings.entries,
            total_bytes: settings.total_bytes.into(),
            user_bytes: settings.user_bytes.into(),
        }
    }

    /// Whether all of this may stay.
    #[must_use]
    pub fn holds(&self, kept: &[Weight<'_>]) -> bool {
        self.over(kept).is_empty()
    }

    /// The places of those that have to go, the one used longest ago first; none while every budget is kept.
    ///
    /// ```
    /// use tidegate_core::{Wall, kept::{Budget, Weight}};
    /// let budget = Budget { entries: 2, total_bytes: 100, user_bytes: 100 };
    /// let kept = [5, 3, 9].map(|used| Weight { user: "", bytes: 10, used: Wall(used) });
    /// assert_eq!(budget.excess(&kept), [1]);
    /// ```
    #[must_use]
    pub fn excess(&self, kept: &[Weight<'_>]) -> Vec<usize> {
        if self.holds(kept) {
            return Vec::new();
        }
        let smaller = Budget {
            entries: self.entries - self.entries / 16,
            total_bytes: self.total_bytes - self.total_bytes / 16,
            user_bytes: self.user_bytes - self.user_bytes / 16,
        };
        smaller.over(kept)
    }

    fn over(&self, kept: &[Weight<'_>]) -> Vec<usize> {
        let mut users: Sorted<&str, Tally> = Sorted::default();
        let mut all = Tally::default();
        let mut over = Vec::new();
        for (place, weight) in latest_first(kept) {
            let user = users.or_insert_with(weight.user, Tally::default);
            let alone = weight.bytes > self.user_bytes || weight.bytes > self.total_bytes;
            let stays = !alone
                && !all.shut
                && user.takes(weight.bytes, self.user_bytes, u32::MAX)
                && all.takes(weight.bytes, self.total_bytes, self.entries);
            if stays {
                user.add(weight.bytes);
                all.add(weight.bytes);
            } else {
                over.push(place);
            }
        }
        over.reverse();
        over
    }
}

/// The places of those to give up for so many bytes, the one used longest ago first: for a disk that is full.
#[must_use]
pub fn oldest(kept: &[Weight<'_>], bytes: u64) -> Vec<usize> {
    let mut found = 0u64;
    let mut places = Vec::new();
    for (place, weight) in latest_first(kept).rev() {
        if found >= bytes {
            break;
        }
        found = found.saturating_add(weight.bytes);
        places.push(place);
    }
    places
}

#[derive(Default)]
struct Tally {
    entries: u32,
    bytes: u64,
    shut: bool,
}

impl Tally {
    /// Once something does not fit, nothing older does.
    fn takes(&mut self, bytes: u64, most_bytes: u64, most_entries: u32) -> bool {
        self.shut |= self.entries >= most_entries || self.bytes.saturating_add(bytes) > most_bytes;
        !self.shut
    }

    fn add(&mut self, bytes: u64) {
        self.entries = self.entries.saturating_add(1);
        self.bytes = self.bytes.saturating_add(bytes);
    }
}

/// By a heap: the sort of the standard library is six times the code.
fn latest_first<'a>(kept: &[Weight<'a>]) -> impl DoubleEndedIterator<Item = (usize, Weight<'a>)> {
    let places: BinaryHeap<_> = (kept.iter().enumerate())
        .map(|(place, weight)| (weight.used, place))
        .collect();
    (places.into_sorted_vec().into_iter().rev())
        .filter_map(|(_, place)| Some((place, *kept.get(place)?)))
}

#[cfg(test)]
#[path = "budget_tests.rs"]
mod tests;
