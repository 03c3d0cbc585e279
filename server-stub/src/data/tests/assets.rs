//! Finding assets and writing over them.

use tidegate_contract::{AssetKind, AssetPatch, AssetQuery, Classification, TagChange};

use super::*;

#[test]
fn a_search_ignores_case_and_looks_at_name_owner_domain_and_tags() {
    let data = data().snapshot();
    for text in ["SALES.orders", "amara", "Logistics", "GDPR", "s_daily_"] {
        let found = data.assets(&searching(text), first());
        assert!(found.total > 0, "{text}");
        let needle = text.to_lowercase();
        for asset in found.items {
            let texts = format!("{} {} {:?}", asset.name, asset.owner, asset.tags);
            assert!(texts.to_lowercase().contains(&needle), "{text}: {texts}");
        }
    }
    assert_eq!(data.assets(&searching("no such thing"), first()).total, 0);
}

#[test]
fn filters_narrow_the_list_together() {
    let query = AssetQuery {
        kind: Some(AssetKind::Table),
        domain: Some("risk".to_owned()),
        classification: Some(Classification::Restricted),
        ..AssetQuery::default()
    };
    let found = data().snapshot().assets(&query, first());
    assert!(found.total > 0);
    for asset in found.items {
        assert_eq!(asset.kind, AssetKind::Table);
        assert_eq!(asset.domain, "risk");
        assert_eq!(asset.classification, Classification::Restricted);
    }
    let nowhere = AssetQuery {
        domain: Some("alchemy".to_owned()),
        ..AssetQuery::default()
    };
    assert_eq!(data().snapshot().assets(&nowhere, first()).total, 0);
}

#[test]
fn details_belong_to_their_line_and_name_no_column_twice() {
    let data = data().snapshot();
    for at in data.catalog().places() {
        let detail = data.detail(at);
        assert_eq!(detail.asset, data.asset(at));
        let mut names: Vec<_> = detail.columns.iter().map(|column| &column.name).collect();
        names.sort_unstable();
        assert!(names.windows(2).all(|pair| pair[0] != pair[1]));
    }
}

#[test]
fn what_was_written_is_found_and_what_was_written_over_is_not() {
    let mut data = data();
    let before = data.snapshot();
    let change = AssetPatch {
        owner: Some("Zora Zimmer".to_owned()),
        tags: Some(vec!["quokka".to_owned(), "aardvark".to_owned()]),
        ..AssetPatch::default()
    };
    let written = patch(&mut data, "ds-00042", &change).value.asset;
    assert_eq!(written.tags, ["aardvark", "quokka"]);
    assert_eq!(written.updated_at, 7);
    for text in ["ZORA zim", "quok", &*written.name] {
        let found = data.snapshot().assets(&searching(text), first());
        assert_eq!(found.items, std::slice::from_ref(&written), "{text}");
    }
    let old = before.asset(before.place("ds-00042").unwrap());
    let found = data.snapshot().assets(&searching(&old.owner), first());
    let found_before = before.assets(&searching(&old.owner), first());
    assert_eq!(found.total + 1, found_before.total);
}

#[test]
fn tags_are_changed_on_all_assets_or_on_none() {
    let mut data = data();
    let mut change = TagChange {
        ids: vec![
            "ds-00001".to_owned(),
            "ds-00002".to_owned(),
            "ds-00001".to_owned(),
        ],
        add: vec!["quokka".to_owned()],
        remove: Vec::new(),
    };
    let written = data.change_tags(&change, &deed()).unwrap();
    assert_eq!((written.value.named, written.value.changed), (2, 2));
    let again = data.change_tags(&change, &deed()).unwrap();
    assert_eq!(again.value.changed, 0);

    change.add = vec!["axolotl".to_owned()];
    change.ids.push("ds-99999".to_owned());
    assert!(data.change_tags(&change, &deed()).is_err());
    assert_eq!(
        data.snapshot().assets(&searching("axolotl"), first()).total,
        0
    );
}
