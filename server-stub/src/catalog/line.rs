//! One asset in eight bytes.
//!
//! A line of the list is made of choices from short lists, so the choices are kept and the words are looked up. The rank is on top:
//! lines sort by name as plain numbers.

use tidegate_contract::{AssetKind, Classification};

use super::name::Rank;
use super::words::{FIRST_NAMES, LAST_NAMES, TAGS};

/// Bits of each part, from the lowest up: quality, level, last name, first name, kind, tags, rank.
const LEVEL_AT: u32 = 7;
const LAST_AT: u32 = LEVEL_AT + 2;
const FIRST_AT: u32 = LAST_AT + 4;
const KIND_AT: u32 = FIRST_AT + 4;
const TAGS_AT: u32 = KIND_AT + 3;
const RANK_AT: u32 = TAGS_AT + 14;

const _: () = assert!(Rank::COUNT <= 1 << (64 - RANK_AT));
const _: () = assert!(TAGS.len() <= 14 && FIRST_NAMES.len() <= 16 && LAST_NAMES.len() <= 16);

/// What the list says about one asset.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Line(u64);

/// The same, taken apart.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    pub(super) rank: Rank,
    /// A bit for each of [`TAGS`].
    pub(super) tags: u16,
    pub(super) kind: AssetKind,
    /// A place in [`FIRST_NAMES`].
    pub(super) first: u64,
    /// A place in [`LAST_NAMES`].
    pub(super) last: u64,
    pub(super) level: Classification,
    pub(super) quality: u8,
}

impl From<Parts> for Line {
    fn from(parts: Parts) -> Line {
        Line(
            parts.rank.0 << RANK_AT
                | u64::from(parts.tags) << TAGS_AT
                | (parts.kind as u64) << KIND_AT
                | parts.first << FIRST_AT
                | parts.last << LAST_AT
                | (parts.level as u64) << LEVEL_AT
                | u64::from(parts.quality),
        )
    }
}

impl Line {
    pub(super) fn rank(self) -> Rank {
        Rank(self.0 >> RANK_AT)
    }

    pub(super) fn tags(self) -> u16 {
        self.bits(TAGS_AT, RANK_AT) as u16
    }

    pub(super) fn kind(self) -> AssetKind {
        match self.bits(KIND_AT, TAGS_AT) {
            0 => AssetKind::Dashboard,
            1 => AssetKind::Model,
            2 => AssetKind::Pipeline,
            3 => AssetKind::Table,
            4 => AssetKind::Topic,
            _ => AssetKind::View,
        }
    }

    /// Which of all owners: first and last name in one number.
    pub(super) fn owner(self) -> usize {
        self.bits(LAST_AT, KIND_AT) as usize
    }

    pub(super) fn level(self) -> Classification {
        match self.bits(LEVEL_AT, LAST_AT) {
            0 => Classification::Public,
            1 => Classification::Internal,
            2 => Classification::Confidential,
            _ => Classification::Restricted,
        }
    }

    pub(super) fn quality(self) -> u8 {
        self.bits(0, LEVEL_AT) as u8
    }

    fn bits(self, from: u32, to: u32) -> u64 {
        (self.0 >> from) & ((1 << (to - from)) - 1)
    }
}

/// An owner's name, from the number that [`Line::owner`] gives.
pub(super) fn owner(number: usize) -> String {
    let (first, last) = (number / 16, number % 16);
    format!("{} {}", FIRST_NAMES[first], LAST_NAMES[last])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_comes_back() {
        for kind in AssetKind::ALL {
            for level in Classification::ALL {
                let line = Line::from(Parts {
                    rank: Rank(Rank::COUNT - 1),
                    tags: 0x2AAA,
                    kind,
                    first: 15,
                    last: 4,
                    level,
                    quality: 100,
                });
                assert_eq!(line.rank(), Rank(Rank::COUNT - 1));
                assert_eq!((line.tags(), line.quality()), (0x2AAA, 100));
                assert_eq!((line.kind(), line.level()), (kind, level));
                assert_eq!(owner(line.owner()), "Priya Eriksen");
            }
        }
    }
}
