//! What writes promise over HTTP.

use tidegate_contract::{
    AccessRequest, AccessStatus, Asset, AssetDetail, AuditEntry, FaultProgram, Page, Problem,
    Violation, ViolationStatus,
};

use crate::stub::Stub;
use crate::testing::{Answer, call, call_with_body, stub_with};

const ANN: (&str, &str) = ("x-client", "ann");

async fn stub() -> Stub {
    stub_with(FaultProgram::new(1)).await
}

async fn read(stub: &Stub, path: &str) -> Answer {
    call(stub, &format!("GET {path}"), &[]).await
}

/// The first of these that the list has, with its path.
async fn one_of<T: serde::de::DeserializeOwned>(stub: &Stub, list: &str) -> T {
    read(stub, list).await.json::<Page<T>>().items.remove(0)
}

#[tokio::test]
async fn a_patch_changes_what_it_names_and_nothing_else() {
    let stub = stub().await;
    let path = "/api/assets/ds-00042";
    let before: AssetDetail = read(&stub, path).await.json();
    let body = r#"{"description":"New.","tags":["zebra","gold"],"classification":"restricted"}"#;
    let answer = call_with_body(&stub, &format!("PATCH {path}"), &[ANN], body).await;
    let after = read(&stub, path).await;
    assert_eq!(answer.header("etag"), after.header("etag"));
    let after: AssetDetail = after.json();
    assert_eq!(answer.json::<AssetDetail>(), after);
    assert_eq!(after.description, "New.");
    assert_eq!(after.asset.tags, ["gold", "zebra"]);
    assert_eq!(after.asset.owner, before.asset.owner);
    assert_eq!(after.row_count, before.row_count);
    let effect = answer.effect.unwrap();
    assert_eq!(
        (&*effect.client, effect.key, effect.what),
        ("ann", None, "assetChanged")
    );
}

#[tokio::test]
async fn a_write_over_another_state_is_refused_with_the_current_tag() {
    let stub = stub().await;
    let path = "/api/assets/ds-00042";
    let line = format!("PATCH {path}");
    let tag = read(&stub, path).await.header("etag").to_owned();
    let known = [ANN, ("if-match", &*tag)];
    let first = call_with_body(&stub, &line, &known, r#"{"owner":"Mei Kim"}"#).await;
    assert_eq!(first.status, 200);
    let second = call_with_body(&stub, &line, &known, r#"{"owner":"Lars Kim"}"#).await;
    assert_eq!(second.status, 412);
    assert_eq!(second.effect, None);
    let current = read(&stub, path).await;
    let problem: Problem = second.json();
    assert_eq!(
        problem.current_etag.as_deref(),
        Some(current.header("etag"))
    );
    assert_eq!(second.header("etag"), current.header("etag"));
    assert_eq!(current.json::<AssetDetail>().asset.owner, "Mei Kim");

    let any = [ANN, ("if-match", "*")];
    let third = call_with_body(&stub, &line, &any, r#"{"owner":"Lars Kim"}"#).await;
    assert_eq!(third.status, 200);
}

#[tokio::test]
async fn tags_go_on_many_assets_at_once() {
    let stub = stub().await;
    let body = r#"{"ids":["ds-00001","ds-00002"],"add":["zebra"],"remove":["gold"]}"#;
    let answer = call_with_body(&stub, "POST /api/assets/tags", &[ANN], body).await;
    assert_eq!(answer.status, 200);
    let found: Page<Asset> = read(&stub, "/api/assets?search=zebra").await.json();
    assert_eq!(found.total, 2);
}

#[tokio::test]
async fn what_is_made_is_found_where_the_answer_says() {
    let stub = stub().await;
    for (line, body) in [
        (
            "POST /api/access-requests",
            r#"{"assetId":"ds-00001","reason":"to see"}"#,
        ),
        (
            "POST /api/assets/ds-00001/quality-runs",
            r#"{"check":"freshness"}"#,
        ),
        (
            "POST /api/audit",
            r#"{"action":"exported","target":"ds-00001"}"#,
        ),
    ] {
        let made = call_with_body(&stub, line, &[ANN], body).await;
        assert_eq!(made.status, 201, "{line}");
        let found = read(&stub, made.header("location")).await;
        assert_eq!(found.header("etag"), made.header("etag"), "{line}");
        let (made, found): (serde_json::Value, serde_json::Value) = (made.json(), found.json());
        assert_eq!(made, found, "{line}");
    }
}

#[tokio::test]
async fn a_request_is_decided_once() {
    let stub = stub().await;
    let body = r#"{"assetId":"ds-00001","reason":"to see"}"#;
    let made = call_with_body(&stub, "POST /api/access-requests", &[ANN], body).await;
    let made: AccessRequest = made.json();
    assert_eq!(
        (made.status, &*made.requester),
        (AccessStatus::Pending, "ann")
    );

    let line = format!("POST /api/access-requests/{}/decision", made.id);
    let no = r#"{"decision":"reject","reason":"no need"}"#;
    let decided = call_with_body(&stub, &line, &[("x-client", "bob")], no).await;
    let decided: AccessRequest = decided.json();
    assert_eq!(decided.status, AccessStatus::Rejected);
    assert_eq!(decided.decision.unwrap().decided_by, "bob");

    let yes = r#"{"decision":"approve","reason":"a friend"}"#;
    let again = call_with_body(&stub, &line, &[ANN], yes).await;
    assert_eq!(again.status, 409);
    assert!(again.json::<Problem>().detail.contains("rejected already"));
    let newest: AccessRequest = one_of(&stub, "/api/access-requests?status=rejected").await;
    assert_eq!(newest.id, made.id);
}

#[tokio::test]
async fn a_violation_moves_on_and_never_back() {
    let stub = stub().await;
    let open: Violation = one_of(&stub, "/api/violations?status=open").await;
    let line = format!("PATCH /api/violations/{}", open.id);
    for (body, status) in [
        (r#"{"status":"acknowledged","note":"seen"}"#, 200),
        (r#"{"status":"open"}"#, 400),
        (r#"{"status":"resolved"}"#, 200),
        (r#"{"status":"acknowledged"}"#, 409),
    ] {
        let answer = call_with_body(&stub, &line, &[ANN], body).await;
        assert_eq!(answer.status, status, "{body}");
    }
    let path = format!("/api/violations?status=resolved&asset={}", open.asset_id);
    let resolved: Violation = one_of(&stub, &path).await;
    assert_eq!(
        (resolved.id, resolved.status),
        (open.id, ViolationStatus::Resolved)
    );
}

#[tokio::test]
async fn every_write_leaves_a_line_in_the_log() {
    let stub = stub().await;
    let violation: Violation = one_of(&stub, "/api/violations?status=open").await;
    let violation = format!("PATCH /api/violations/{}", violation.id);
    let headers = |key| [ANN, ("idempotency-key", key)];
    for (key, line, body) in [
        ("k1", "PATCH /api/assets/ds-00001", r#"{"owner":"Mei Kim"}"#),
        (
            "k2",
            "POST /api/assets/tags",
            r#"{"ids":["ds-00001"],"add":["zebra"]}"#,
        ),
        (
            "k3",
            "POST /api/assets/ds-00001/quality-runs",
            r#"{"check":"validity"}"#,
        ),
        ("k4", &*violation, r#"{"status":"resolved"}"#),
        (
            "k5",
            "POST /api/access-requests",
            r#"{"assetId":"ds-00001","reason":"to see"}"#,
        ),
        (
            "k6",
            "POST /api/audit",
            r#"{"action":"exported","target":"ds-00001"}"#,
        ),
    ] {
        let answer = call_with_body(&stub, line, &headers(key), body).await;
        assert!(answer.effect.is_some(), "{line}");
    }
    let log: Page<AuditEntry> = read(&stub, "/api/audit").await.json();
    let keys: Vec<_> = log
        .items
        .iter()
        .filter_map(|entry| entry.key.as_deref())
        .collect();
    assert_eq!(keys, ["k1", "k2", "k3", "k4", "k5", "k6"]);
    let actions: Vec<_> = log.items.iter().map(|entry| &*entry.action).collect();
    assert_eq!(actions[0..2], ["assetChanged", "assetsTagged"]);
    assert_eq!(
        actions[3..],
        ["violationMoved", "accessRequested", "exported"]
    );
    assert!(log.items.iter().all(|entry| entry.who == "ann"));
    let since: Page<AuditEntry> = read(&stub, "/api/audit?since=4").await.json();
    assert_eq!(since.items, log.items[4..]);
}

#[tokio::test]
async fn a_reset_takes_back_every_write() {
    let stub = stub().await;
    let before = read(&stub, "/api/assets/ds-00001").await;
    let body = r#"{"owner":"Mei Kim"}"#;
    call_with_body(&stub, "PATCH /api/assets/ds-00001", &[ANN], body).await;
    stub.reset().await.unwrap();
    let after = read(&stub, "/api/assets/ds-00001").await;
    assert_eq!(before.header("etag"), after.header("etag"));
    let log: Page<AuditEntry> = read(&stub, "/api/audit").await.json();
    assert_eq!(log.total, 0);
}
