//! Lanes: what goes one after another.
//!
//! The first entry of a lane that was not given up is the only one of it that may go. Whoever waits (for its time, for a decision, for
//! another entry) holds up its lane, for what is behind it might change the same thing. Who was given up does not, unless the settings say
//! so: one write that the server will not have must not keep all later ones from it. What depends on it says so with `after`, and waits.

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use super::entry::{Entry, EntryId};

/// The entries of one owner that are the first of their lanes.
pub(super) fn heads<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    owner: &str,
    dead_halts: bool,
) -> Vec<EntryId> {
    let mut taken = BTreeSet::new();
    let mut heads = Vec::new();
    for entry in entries.filter(|entry| entry.owner == owner) {
        let dead = entry.state.is_dead();
        if dead && !dead_halts {
            continue;
        }
        let first = taken.insert(&*entry.lane);
        if first && !dead {
            heads.push(entry.id);
        }
    }
    heads
}
