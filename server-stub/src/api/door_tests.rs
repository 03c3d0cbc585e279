//! What is refused at the door, and what every read has.

use tidegate_contract::{FaultProgram, Page, Problem, QualityRun, Violation};

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
async fn writes_are_checked_at_the_door() {
    let stub = stub().await;
    let large = format!(r#"{{"owner":"{}"}}"#, "x".repeat(super::MAX_BODY));
    for (line, body, status) in [
        ("PATCH /api/assets/ds-00001", "{}", 400),
        ("PATCH /api/assets/ds-00001", "", 400),
        ("PATCH /api/assets/ds-00001", r#"{"name":"x"}"#, 400),
        ("PATCH /api/assets/ds-00001", &*large, 413),
        ("PATCH /api/assets/nope", r#"{"owner":"x"}"#, 404),
        (
            "POST /api/assets/tags",
            r#"{"ids":["nope"],"add":["x"]}"#,
            404,
        ),
        (
            "POST /api/assets/ds-00001/quality-runs",
            r#"{"check":"luck"}"#,
            400,
        ),
        (
            "PATCH /api/violations/nope",
            r#"{"status":"resolved"}"#,
            404,
        ),
        (
            "POST /api/access-requests",
            r#"{"assetId":"nope","reason":"x"}"#,
            404,
        ),
        (
            "POST /api/access-requests/ar-99999/decision",
            r#"{"decision":"approve","reason":"x"}"#,
            404,
        ),
        ("POST /api/audit", r#"{"action":"x"}"#, 400),
        ("PUT /api/audit", "{}", 405),
        ("GET /api/assets/tags", "", 405),
    ] {
        let answer = call_with_body(&stub, line, &[ANN], body).await;
        assert_eq!(answer.status, status, "{line}");
        assert_eq!(answer.header("content-type"), Problem::MEDIA_TYPE, "{line}");
        assert_eq!(answer.effect, None, "{line}");
    }
    assert_eq!(stub.effects(), 0);
}

#[tokio::test]
async fn every_read_can_be_checked_for_news() {
    let stub = stub().await;
    let violation: Violation = one_of(&stub, "/api/violations").await;
    let run: QualityRun = one_of(&stub, "/api/assets/ds-00001/quality-runs").await;
    for path in [
        "/api/assets/ds-00001/lineage",
        "/api/assets/ds-00001/quality-runs",
        &format!("/api/assets/ds-00001/quality-runs/{}", run.id),
        "/api/policies",
        "/api/policies/pol-1",
        "/api/violations?policy=pol-1",
        &format!("/api/violations/{}", violation.id),
        "/api/access-requests",
        "/api/access-requests/ar-00001",
        "/api/audit",
    ] {
        let first = read(&stub, path).await;
        assert_eq!(first.status, 200, "{path}");
        let tag = first.header("etag");
        assert!(tag.starts_with('"'), "{path}");
        let known = [("if-none-match", tag)];
        let second = call(&stub, &format!("GET {path}"), &known).await;
        assert_eq!(second.status, 304, "{path}");
    }
}
