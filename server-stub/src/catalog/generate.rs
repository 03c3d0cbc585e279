//! Assets from a seed.
//!
//! Every asset draws from a generator of its own, seeded with the catalogue's seed and the asset's number, so that one asset can be made
//! without making the others. Lineage only ever points to smaller numbers: that is why it has no cycles.

use tidegate_contract::{AssetKind, Classification, Column};
use tidegate_core::{Rng, mix};

use super::line::{Line, Parts};
use super::name::Rank;
use super::words::{COLUMNS, FIRST_NAMES, LAST_NAMES, TAGS};

/// 2026-01-01T00:00:00Z in milliseconds: the catalogue's "today". A fixed day keeps entity tags the same in every run.
pub(crate) const TODAY_MS: u64 = 1_767_225_600_000;
pub(crate) const DAY_MS: u64 = 86_400_000;

/// What a draw is for: different purposes draw independently.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Line = 1,
    Detail = 2,
    Lineage = 3,
    Age = 4,
    Quality = 5,
    Violation = 6,
    Access = 7,
}

/// A generator that belongs to one asset (or whatever else is numbered) and one purpose.
pub(crate) fn generator(seed: u64, number: u32, purpose: Purpose) -> Rng {
    Rng::new(mix(seed ^ mix(u64::from(number) << 8 | purpose as u64)))
}

/// One line of the list.
pub(super) fn line(seed: u64, number: u32, count: u32) -> Line {
    let mut rng = generator(seed, number, Purpose::Line);
    let tags = (0..rng.below(4)).fold(0, |tags, _| tags | 1 << rng.below(TAGS.len() as u64));
    Line::from(Parts {
        rank: Rank::of(seed, number),
        tags,
        kind: kind(&mut rng, number, count),
        first: rng.below(FIRST_NAMES.len() as u64),
        last: rng.below(LAST_NAMES.len() as u64),
        level: level(&mut rng),
        // The better of two draws: most assets are in order, a few are not.
        quality: rng.below(101).max(rng.below(101)) as u8,
    })
}

/// When an asset last changed before anybody edited it.
pub(super) fn updated_at(seed: u64, number: u32) -> u64 {
    TODAY_MS - generator(seed, number, Purpose::Age).below(400 * DAY_MS)
}

/// What only the detail says.
#[derive(Debug)]
pub(super) struct Rest {
    pub(super) columns: Vec<Column>,
    pub(super) row_count: u64,
    pub(super) retention_days: u32,
}

/// The rest of what is known about an asset that is classified like this.
pub(super) fn rest(seed: u64, number: u32, level: Classification) -> Rest {
    let mut rng = generator(seed, number, Purpose::Detail);
    let key = Column {
        name: "id".to_owned(),
        data_type: "bigint".to_owned(),
        classification: Classification::Public,
        description: "Identifies the row.".to_owned(),
    };
    let wanted = 3 + rng.below(12);
    let first = rng.below(COLUMNS.len() as u64);
    let columns = (0..wanted).map(|step| {
        // Seven has no factor in common with twenty, so no column comes twice.
        let choice = (first + step * 7) % COLUMNS.len() as u64;
        let (name, data_type, personal) = COLUMNS[choice as usize];
        Column {
            name: name.to_owned(),
            data_type: data_type.to_owned(),
            classification: if personal {
                level
            } else {
                level.min(Classification::Internal)
            },
            description: format!("The {} as delivered.", name.replace('_', " ")),
        }
    });
    Rest {
        columns: core::iter::once(key).chain(columns).collect(),
        row_count: 10_u64.pow(2 + rng.below(7) as u32) + rng.below(100_000),
        retention_days: [30, 90, 365, 730, 3_650][rng.below(5) as usize],
    }
}

/// The numbers of the assets that this one is made from: up to three, each once, smallest first.
pub(super) fn upstream(seed: u64, number: u32) -> impl Iterator<Item = u32> {
    let mut rng = generator(seed, number, Purpose::Lineage);
    let wanted = rng.below(4).min(u64::from(number)) as usize;
    let mut sources = [0; 3];
    for source in &mut sources[..wanted] {
        *source = rng.below(u64::from(number)) as u32;
    }
    sources[..wanted].sort_unstable();
    (0..wanted)
        .filter(move |&at| at == 0 || sources[at] != sources[at - 1])
        .map(move |at| sources[at])
}

/// Sources have small numbers and products large ones, as lineage points backwards.
fn kind(rng: &mut Rng, number: u32, count: u32) -> AssetKind {
    let list: [AssetKind; 3] = match u64::from(number) * 4 / u64::from(count.max(1)) {
        0 => [AssetKind::Topic, AssetKind::Table, AssetKind::Table],
        1 => [AssetKind::Pipeline, AssetKind::Table, AssetKind::Table],
        2 => [AssetKind::Table, AssetKind::View, AssetKind::View],
        _ => [AssetKind::Dashboard, AssetKind::Model, AssetKind::View],
    };
    list[rng.below(list.len() as u64) as usize]
}

fn level(rng: &mut Rng) -> Classification {
    match rng.below(100) {
        0..15 => Classification::Public,
        15..65 => Classification::Internal,
        65..90 => Classification::Confidential,
        _ => Classification::Restricted,
    }
}
