//! The catalogue in memory: what the API serves.
//!
//! Made once from a seed (see `generate.rs`) and never changed, so that the same seed gives the same bytes, the same entity tags and
//! the same pages in every run. Only the lines of the list are kept; details are made from the seed when somebody asks.

mod generate;
mod words;

use std::collections::HashMap;

use tidegate_contract::{Asset, AssetDetail, AssetQuery, AssetRef, Lineage, Page};

pub(crate) use words::MAX_ASSETS;

/// All assets, in the order of the list: by name.
#[derive(Debug)]
pub(crate) struct Catalog {
    seed: u64,
    entries: Vec<Entry>,
    by_id: HashMap<String, usize>,
}

#[derive(Debug)]
struct Entry {
    asset: Asset,
    /// The asset's place in the seed's sequence, from which its details are drawn.
    number: usize,
    /// What a search looks into, in lower case.
    haystack: String,
    /// Places in `entries`.
    upstream: Vec<usize>,
    downstream: Vec<usize>,
}

impl Catalog {
    /// The catalogue of a seed with this many assets.
    pub(crate) fn generate(seed: u64, count: usize) -> Catalog {
        let mut assets: Vec<(usize, Asset)> = (0..count)
            .map(|number| (number, generate::asset(seed, number, count)))
            .collect();
        assets.sort_by(|(_, a), (_, b)| a.name.cmp(&b.name));

        let mut place_of = vec![0; count];
        for (place, &(number, _)) in assets.iter().enumerate() {
            place_of[number] = place;
        }
        let mut entries: Vec<Entry> = assets
            .into_iter()
            .map(|(number, asset)| Entry {
                haystack: haystack(&asset),
                upstream: generate::upstream(seed, number)
                    .into_iter()
                    .map(|number| place_of[number])
                    .collect(),
                downstream: Vec::new(),
                asset,
                number,
            })
            .collect();
        for place in 0..count {
            for source in entries[place].upstream.clone() {
                entries[source].downstream.push(place);
            }
        }
        let by_id = entries
            .iter()
            .enumerate()
            .map(|(place, entry)| (entry.asset.id.clone(), place))
            .collect();
        Catalog {
            seed,
            entries,
            by_id,
        }
    }

    /// The page of the list that was asked for; the query has been checked.
    pub(crate) fn list(&self, query: &AssetQuery) -> Page<Asset> {
        let needle = query.search.as_deref().unwrap_or_default().to_lowercase();
        let found: Vec<&Asset> = self
            .entries
            .iter()
            .filter(|entry| entry.haystack.contains(&needle) && passes(&entry.asset, query))
            .map(|entry| &entry.asset)
            .collect();
        let page = query.page.unwrap_or(1);
        let size = query.size.unwrap_or(AssetQuery::DEFAULT_SIZE);
        let skipped = (page.saturating_sub(1) as usize).saturating_mul(size as usize);
        Page {
            items: found
                .iter()
                .skip(skipped)
                .take(size as usize)
                .map(|&asset| asset.clone())
                .collect(),
            page,
            size,
            total: u32::try_from(found.len()).unwrap_or(u32::MAX),
        }
    }

    /// One asset in full.
    pub(crate) fn detail(&self, id: &str) -> Option<AssetDetail> {
        let entry = &self.entries[*self.by_id.get(id)?];
        Some(generate::detail(
            self.seed,
            entry.number,
            entry.asset.clone(),
        ))
    }

    /// The neighbours of one asset.
    pub(crate) fn lineage(&self, id: &str) -> Option<Lineage> {
        let entry = &self.entries[*self.by_id.get(id)?];
        Some(Lineage {
            upstream: self.refer(&entry.upstream),
            downstream: self.refer(&entry.downstream),
        })
    }

    fn refer(&self, places: &[usize]) -> Vec<AssetRef> {
        places
            .iter()
            .map(|&place| &self.entries[place].asset)
            .map(|asset| AssetRef {
                id: asset.id.clone(),
                name: asset.name.clone(),
                kind: asset.kind,
            })
            .collect()
    }
}

fn haystack(asset: &Asset) -> String {
    let tags = asset.tags.join("\n");
    format!("{}\n{}\n{}\n{tags}", asset.name, asset.owner, asset.domain).to_lowercase()
}

fn passes(asset: &Asset, query: &AssetQuery) -> bool {
    query.kind.is_none_or(|kind| kind == asset.kind)
        && query
            .classification
            .is_none_or(|level| level == asset.classification)
        && query
            .domain
            .as_ref()
            .is_none_or(|domain| *domain == asset.domain)
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
