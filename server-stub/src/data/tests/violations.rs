//! Policies, broken and kept.

use tidegate_contract::{AssetPatch, Classification, ViolationQuery, ViolationStatus};

use super::*;

fn broken_by(data: &Data, asset: &str) -> Vec<(String, ViolationStatus)> {
    let query = ViolationQuery {
        asset: Some(asset.to_owned()),
        ..ViolationQuery::default()
    };
    let page = data.snapshot().violations(&query, first()).unwrap();
    page.items
        .into_iter()
        .map(|violation| (violation.policy_id, violation.status))
        .collect()
}

#[test]
fn an_edit_that_breaks_a_policy_makes_a_violation_and_one_that_keeps_it_ends_it() {
    let mut data = data();
    let id = "ds-00042";
    let mut change = AssetPatch {
        tags: Some(vec![]),
        classification: Some(Classification::Public),
        ..AssetPatch::default()
    };
    let _ = patch(&mut data, id, &change);
    change.tags = Some(vec!["pii".to_owned(), "gdpr".to_owned()]);
    let kinds = |events: &[GovernanceEvent]| {
        let names: Vec<_> = events.iter().map(GovernanceEvent::name).collect();
        names.join(" ")
    };
    let broken = patch(&mut data, id, &change).events;
    assert_eq!(kinds(&broken), "assetChanged policyViolated policyViolated");
    assert!(broken_by(&data, id).contains(&("pol-1".to_owned(), ViolationStatus::Open)));

    change.classification = Some(Classification::Restricted);
    let kept = patch(&mut data, id, &change).events;
    assert_eq!(kinds(&kept), "assetChanged violationMoved violationMoved");
    assert!(broken_by(&data, id).contains(&("pol-1".to_owned(), ViolationStatus::Resolved)));
}

#[test]
fn violations_from_the_seed_are_assets_that_break_a_policy() {
    let data = data().snapshot();
    let query = ViolationQuery {
        policy: Some("pol-1".to_owned()),
        ..ViolationQuery::default()
    };
    let found = data.violations(&query, first()).unwrap();
    assert!(found.total > 25, "{}", found.total);
    for violation in found.items {
        let asset = data.asset(data.place(&violation.asset_id).unwrap());
        assert!(asset.tags.contains(&"pii".to_owned()));
        assert!(asset.classification < Classification::Confidential);
        assert_eq!(data.violation(&violation.id), Ok(violation));
    }
    assert!(data.violation("vl-1-ds-99999").is_err());
}

#[test]
fn statuses_divide_the_violations() {
    let data = data().snapshot();
    let total = |status| {
        let query = ViolationQuery {
            status,
            ..ViolationQuery::default()
        };
        data.violations(&query, first()).unwrap().total
    };
    let open = total(Some(ViolationStatus::Open));
    let acknowledged = total(Some(ViolationStatus::Acknowledged));
    assert_eq!(open + acknowledged, total(None));
    assert!(acknowledged > 0 && acknowledged < open);
}
