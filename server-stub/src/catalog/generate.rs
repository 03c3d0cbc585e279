//! Assets from a seed.
//!
//! Every asset draws from a generator of its own, seeded with the catalogue's seed and the asset's number, so that one asset can be made
//! without making the others. Lineage only ever points to smaller numbers: that is why it has no cycles.

use tidegate_contract::{Asset, AssetDetail, AssetKind, Classification, Column};
use tidegate_core::{Rng, mix};

use super::words::{COLUMNS, DOMAINS, FIRST_NAMES, GRAINS, LAST_NAMES, REGIONS, SUBJECTS, TAGS};

/// 2026-01-01T00:00:00Z in milliseconds: the catalogue's "today". A fixed day keeps entity tags the same in every run.
const TODAY_MS: u64 = 1_767_225_600_000;
const DAY_MS: u64 = 86_400_000;
const NAMES: u64 = (DOMAINS.len() * SUBJECTS.len() * GRAINS.len() * REGIONS.len()) as u64;
/// A prime that divides none of the lists' lengths: steps through all names without meeting one twice.
const STRIDE: u64 = 48_611;

/// What a draw is for: different purposes draw independently.
#[derive(Clone, Copy, Debug)]
enum Purpose {
    Line = 1,
    Detail = 2,
    Lineage = 3,
}

/// One line of the list.
pub(super) fn asset(seed: u64, number: usize, count: usize) -> Asset {
    let mut rng = generator(seed, number, Purpose::Line);
    let mut name = (mix(seed) % NAMES + number as u64 * STRIDE) % NAMES;
    let mut word = |list: &[&'static str]| {
        let choice = (name % list.len() as u64) as usize;
        name /= list.len() as u64;
        list[choice]
    };
    let domain = word(&DOMAINS);
    let name = format!(
        "{domain}.{}_{}_{}",
        word(&SUBJECTS),
        word(&GRAINS),
        word(&REGIONS)
    );
    let tags = (0..rng.below(4)).map(|_| pick(&mut rng, &TAGS)).collect();
    Asset {
        id: format!("ds-{:05}", number + 1),
        name,
        kind: kind(&mut rng, number, count),
        domain: domain.to_owned(),
        owner: format!(
            "{} {}",
            pick(&mut rng, &FIRST_NAMES),
            pick(&mut rng, &LAST_NAMES)
        ),
        tags: sorted(tags),
        classification: classification(&mut rng),
        // The better of two draws: most assets are in order, a few are not.
        quality: rng.below(101).max(rng.below(101)) as u8,
        updated_at: TODAY_MS - rng.below(400 * DAY_MS),
    }
}

/// The rest of what is known about an asset.
pub(super) fn detail(seed: u64, number: usize, asset: Asset) -> AssetDetail {
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
                asset.classification
            } else {
                asset.classification.min(Classification::Internal)
            },
            description: format!("The {} as delivered.", name.replace('_', " ")),
        }
    });
    AssetDetail {
        description: format!(
            "{} for the {} domain, looked after by {}.",
            asset.name.replace(['.', '_'], " "),
            asset.domain,
            asset.owner
        ),
        columns: core::iter::once(key).chain(columns).collect(),
        row_count: 10_u64.pow(2 + rng.below(7) as u32) + rng.below(100_000),
        retention_days: [30, 90, 365, 730, 3_650][rng.below(5) as usize],
        asset,
    }
}

/// The numbers of the assets that this one is made from.
pub(super) fn upstream(seed: u64, number: usize) -> Vec<usize> {
    let mut rng = generator(seed, number, Purpose::Lineage);
    let wanted = rng.below(4).min(number as u64);
    let mut sources: Vec<usize> = (0..wanted)
        .map(|_| rng.below(number as u64) as usize)
        .collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

fn generator(seed: u64, number: usize, purpose: Purpose) -> Rng {
    Rng::new(mix(seed ^ mix((number as u64) << 8 | purpose as u64)))
}

/// Sources have small numbers and products large ones, as lineage points backwards.
fn kind(rng: &mut Rng, number: usize, count: usize) -> AssetKind {
    let list: &[AssetKind] = match number * 4 / count.max(1) {
        0 => &[AssetKind::Topic, AssetKind::Table, AssetKind::Table],
        1 => &[AssetKind::Pipeline, AssetKind::Table, AssetKind::Table],
        2 => &[AssetKind::Table, AssetKind::View, AssetKind::View],
        _ => &[AssetKind::Dashboard, AssetKind::Model, AssetKind::View],
    };
    list[rng.below(list.len() as u64) as usize]
}

fn classification(rng: &mut Rng) -> Classification {
    match rng.below(100) {
        0..15 => Classification::Public,
        15..65 => Classification::Internal,
        65..90 => Classification::Confidential,
        _ => Classification::Restricted,
    }
}

fn pick(rng: &mut Rng, list: &[&str]) -> String {
    list[rng.below(list.len() as u64) as usize].to_owned()
}

fn sorted(mut tags: Vec<String>) -> Vec<String> {
    tags.sort_unstable();
    tags.dedup();
    tags
}
