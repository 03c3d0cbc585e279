//! Where everything begins, and where it ends.

use tidegate_contract::{
    AccessOrder, AccessQuery, AssetPatch, AssetQuery, AuditNote, AuditQuery, Classification,
    QualityCheck, QualityOrder, ViolationQuery,
};

use super::*;

/// Everything that can be read and written, in one text.
fn everything(data: &Data) -> String {
    let snapshot = data.snapshot();
    let assets = snapshot.assets(
        &AssetQuery::default(),
        Window::new(None, Some(200)).unwrap(),
    );
    let violations = snapshot.violations(&ViolationQuery::default(), first());
    let requests = data.access_requests(&AccessQuery::default(), first());
    let runs = data.quality_runs("ds-00001", first());
    let log = data.audit(&AuditQuery::default(), first());
    format!("{assets:?}{violations:?}{requests:?}{runs:?}{log:?}")
}

#[test]
fn the_same_seed_gives_the_same_data_and_another_one_does_not() {
    assert_eq!(everything(&data()), everything(&data()));
    assert_ne!(everything(&data()), everything(&Data::generate(2, 2_000)));
}

#[test]
fn a_reset_forgets_everything_that_was_written() {
    let mut data = data();
    let before = everything(&data);
    let change = AssetPatch {
        tags: Some(vec!["pii".to_owned()]),
        classification: Some(Classification::Public),
        ..AssetPatch::default()
    };
    for number in 1..=100 {
        let _ = patch(&mut data, &format!("ds-{number:05}"), &change);
    }
    let order = QualityOrder {
        check: QualityCheck::Validity,
    };
    let _ = data.run_check("ds-00001", order, &deed()).unwrap();
    let order = AccessOrder {
        asset_id: "ds-00001".to_owned(),
        reason: "why not".to_owned(),
    };
    let _ = data.ask_for_access(order, &deed()).unwrap();
    assert_ne!(everything(&data), before);
    data.reset();
    assert_eq!(everything(&data), before);
    assert_eq!((data.effects(), data.written_bytes()), (0, 0));
}

#[test]
fn writing_ends_when_there_is_no_room_and_nothing_of_the_last_write_stays() {
    let mut data = Data::generate(1, 20_000);
    let change = AssetPatch {
        description: Some("é".repeat(AssetPatch::MAX_DESCRIPTION)),
        ..AssetPatch::default()
    };
    let refused = (1..=20_000)
        .find_map(|number| {
            let id = format!("ds-{number:05}");
            let write = data.patch_asset(&id, &change, &Precondition::None, &deed());
            write.err().map(|refusal| (id, refusal))
        })
        .unwrap();
    assert_eq!(refused.1, Refusal::Full);
    assert_eq!(refused.1.problem().status, 507);
    assert!(data.written_bytes() <= Budget::MAX);
    let snapshot = data.snapshot();
    let detail = snapshot.detail(snapshot.place(&refused.0).unwrap());
    assert!(!detail.description.contains("éé"));

    let smaller = AssetPatch {
        description: Some("short".to_owned()),
        ..AssetPatch::default()
    };
    let _ = patch(&mut data, "ds-00001", &smaller);
    assert!(data.written_bytes() < Budget::MAX);
}

#[test]
fn the_log_keeps_the_latest_lines() {
    let mut data = Data::generate(1, 10);
    let note = AuditNote {
        action: "looked".to_owned(),
        target: "ds-00001".to_owned(),
        note: None,
    };
    for _ in 0..=Log::CAPACITY {
        let _ = data.note(note.clone(), &deed());
    }
    assert!(data.audit_entry(1).is_err());
    assert_eq!(data.audit_entry(2).unwrap().seq, 2);
    let query = AuditQuery {
        since: Some(10_000),
        ..AuditQuery::default()
    };
    let later = data.audit(&query, first());
    assert_eq!((later.total, later.items[0].seq), (1, 10_001));
}

#[test]
fn a_scan_sees_the_moment_it_began() {
    let mut data = data();
    let before = data.snapshot();
    let change = AssetPatch {
        owner: Some("Zora Zimmer".to_owned()),
        ..AssetPatch::default()
    };
    let _ = patch(&mut data, "ds-00042", &change);
    assert_eq!(before.assets(&searching("zora"), first()).total, 0);
}
