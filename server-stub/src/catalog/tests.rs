//! What the catalogue promises.

use std::collections::HashSet;

use tidegate_contract::{AssetKind, Classification};

use super::*;

fn catalog() -> Catalog {
    Catalog::generate(1, 12_000)
}

fn searching(text: &str) -> AssetQuery {
    AssetQuery {
        search: Some(text.to_owned()),
        ..AssetQuery::default()
    }
}

#[test]
fn names_and_ids_are_unique() {
    let catalog = catalog();
    let assets = || catalog.entries.iter().map(|entry| &entry.asset);
    assert_eq!(
        assets().map(|a| &a.name).collect::<HashSet<_>>().len(),
        12_000
    );
    assert_eq!(
        assets().map(|a| &a.id).collect::<HashSet<_>>().len(),
        12_000
    );
}

#[test]
fn the_same_seed_gives_the_same_catalogue_and_another_one_does_not() {
    let list = |seed| Catalog::generate(seed, 500).list(&AssetQuery::default());
    assert_eq!(list(1), list(1));
    assert_ne!(list(1), list(2));
}

#[test]
fn lineage_has_no_cycles_and_both_ends_know_of_each_edge() {
    let catalog = catalog();
    for entry in &catalog.entries {
        for &source in &entry.upstream {
            assert!(catalog.entries[source].number < entry.number);
        }
        let id = &entry.asset.id;
        for upstream in catalog.lineage(id).unwrap().upstream {
            let back = catalog.lineage(&upstream.id).unwrap().downstream;
            assert!(back.iter().any(|asset| asset.id == *id));
        }
    }
}

#[test]
fn pages_follow_each_other_without_gap_or_repeat() {
    let catalog = Catalog::generate(1, 60);
    let names: Vec<String> = (1..=3)
        .flat_map(|page| {
            let query = AssetQuery {
                page: Some(page),
                ..AssetQuery::default()
            };
            catalog.list(&query).items
        })
        .map(|asset| asset.name)
        .collect();
    assert_eq!(names.len(), 60);
    assert!(names.is_sorted());
}

#[test]
fn a_search_ignores_case_and_looks_at_name_owner_domain_and_tags() {
    let catalog = catalog();
    for text in ["SALES.orders", "amara", "Logistics", "GDPR"] {
        let found = catalog.list(&searching(text));
        assert!(found.total > 0, "{text}");
        let needle = text.to_lowercase();
        assert!(found.items.iter().all(|a| haystack(a).contains(&needle)));
    }
    assert_eq!(catalog.list(&searching("no such thing")).total, 0);
}

#[test]
fn filters_narrow_the_list_together() {
    let query = AssetQuery {
        kind: Some(AssetKind::Table),
        domain: Some("risk".to_owned()),
        classification: Some(Classification::Restricted),
        ..AssetQuery::default()
    };
    let found = catalog().list(&query);
    assert!(found.total > 0);
    assert!(found.items.iter().all(|asset| passes(asset, &query)));
}

#[test]
fn details_belong_to_their_line_and_name_no_column_twice() {
    let catalog = catalog();
    for entry in &catalog.entries {
        let detail = catalog.detail(&entry.asset.id).unwrap();
        assert_eq!(detail.asset, entry.asset);
        let names: HashSet<_> = detail.columns.iter().map(|column| &column.name).collect();
        assert_eq!(names.len(), detail.columns.len());
    }
}
