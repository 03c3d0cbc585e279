//! What the catalogue promises.

use std::collections::HashSet;

use super::*;

#[test]
fn a_million_assets_fit_and_no_two_share_a_name() {
    let catalog = Catalog::generate(1, MAX_ASSETS);
    assert_eq!(catalog.len() as usize, MAX_ASSETS);
    assert!(catalog.bytes() <= 19 * MAX_ASSETS, "{}", catalog.bytes());
    // Ranks are names (see `name.rs`), and they rise strictly.
    assert!(catalog.lines.is_sorted_by(|a, b| a.rank() < b.rank()));
    let last = format!("ds-{MAX_ASSETS}");
    assert_eq!(catalog.id(catalog.place(&last).unwrap()), last);
}

#[test]
fn names_and_ids_are_unique() {
    let catalog = Catalog::generate(1, 10_000);
    let names: HashSet<_> = catalog.places().map(|at| catalog.name(at)).collect();
    let ids: HashSet<_> = catalog.places().map(|at| catalog.id(at)).collect();
    assert_eq!((names.len(), ids.len()), (10_000, 10_000));
}

#[test]
fn an_id_has_one_spelling() {
    let catalog = Catalog::generate(1, 300);
    for at in catalog.places() {
        assert_eq!(catalog.place(&catalog.id(at)), Some(at));
    }
    for id in [
        "ds-00301",
        "ds-00000",
        "ds-1",
        "ds-+0001",
        "ds-",
        "00001",
        "ds-99999999999",
    ] {
        assert_eq!(catalog.place(id), None, "{id}");
    }
}

#[test]
fn the_same_seed_gives_the_same_catalogue_and_another_one_does_not() {
    let lines = |seed| Catalog::generate(seed, 500).lines;
    assert_eq!(lines(1), lines(1));
    assert_ne!(lines(1), lines(2));
}

#[test]
fn lineage_has_no_cycles_and_both_ends_know_of_each_edge() {
    let catalog = Catalog::generate(1, 2_000);
    let mut edges = 0;
    for at in catalog.places() {
        let id = catalog.id(at);
        for source in catalog.upstream(at) {
            let source = catalog.place(&source.id).unwrap();
            assert!(catalog.number(source) < catalog.number(at));
            let back = catalog.downstream(source);
            assert!(back.iter().any(|asset| asset.id == id));
            edges += 1;
        }
    }
    assert!(edges > 2_000, "{edges}");
}
