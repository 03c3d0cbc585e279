//! Lanes: what goes one after another.
//!
//! The first entry of a lane that was not given up is the only one of it that may go. Whoever waits (for its time, for a decision, for
//! another entry) holds up its lane, for what is behind it might change the same thing. Who was given up does not, unless the settings say
//! so: one write that the server will not have must not keep all later ones from it. What depends on it says so with `after`, and waits.

use alloc::collections::BinaryHeap;
use alloc::vec;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::entry::{Entry, EntryId};

/// The entries of one owner that are the first of their lanes.
pub(super) fn heads<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    owner: &str,
    dead_halts: bool,
) -> Vec<EntryId> {
    let counts = |entry: &&Entry| entry.owner == owner && (dead_halts || !entry.state.is_dead());
    let entries: Vec<&Entry> = entries.filter(counts).collect();
    // By lane, and in each lane by place. A heap is less code than a set, and as quick.
    let places = entries.iter().enumerate();
    let mut lanes: BinaryHeap<_> = places
        .map(|(place, entry)| Reverse((&*entry.lane, place)))
        .collect();
    let mut is_first = vec![false; entries.len()];
    let mut lane = None;
    while let Some(Reverse((next, place))) = lanes.pop() {
        if lane != Some(next) {
            is_first[place] = true;
            lane = Some(next);
        }
    }
    (entries.iter().zip(is_first))
        .filter(|(entry, is_first)| *is_first && !entry.state.is_dead())
        .map(|(entry, _)| entry.id)
        .collect()
}
