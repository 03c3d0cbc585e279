//! What the control API promises, without a socket.

use tidegate_contract::Problem;

use super::*;
use crate::testing::{call, journal as journal_of, order, stub_with};

async fn stub() -> Stub {
    stub_with(FaultProgram::new(1)).await
}

#[tokio::test]
async fn a_program_that_was_put_is_in_force() {
    let stub = stub().await;
    let body = r#"{"seed":3,"rules":[{"name":"gone","then":[{"kind":"status","code":410}]}]}"#;
    let answer = order(&stub, "PUT /_stub/v1/program", &[], body).await;
    assert_eq!(answer.status, 200);
    let found: FaultProgram = order(&stub, "GET /_stub/v1/program", &[], "").await.json();
    assert_eq!(found, FaultProgram::from_json(body).unwrap());
    assert_eq!(call(&stub, "GET /api/health", &[]).await.status, 410);
}

#[tokio::test]
async fn a_bad_program_is_refused_by_path_and_changes_nothing() {
    let stub = stub().await;
    let body = r#"{"seed":3,"rules":[{"name":"x","then":[{"kind":"status","code":99}]}]}"#;
    let answer = order(&stub, "PUT /_stub/v1/program", &[], body).await;
    assert_eq!(answer.status, 400);
    let detail = answer.json::<Problem>().detail;
    assert_eq!(detail, "rules[0].then[0].code must be 400 to 599, not 99");
    assert_eq!(call(&stub, "GET /api/health", &[]).await.status, 200);
}

#[tokio::test]
async fn presets_are_listed_and_used_by_name() {
    let stub = stub().await;
    let line = format!("PUT {}", paths::preset("rate-limited"));
    assert_eq!(order(&stub, &line, &[], "").await.status, 200);
    let list: PresetList = order(&stub, "GET /_stub/v1/presets", &[], "").await.json();
    assert_eq!(list.current.as_deref(), Some("rate-limited"));
    assert_eq!(list.presets.len(), Preset::all().len());
}

#[tokio::test]
async fn an_unknown_preset_is_answered_with_those_there_are() {
    let answer = order(&stub().await, "PUT /_stub/v1/presets/slwo", &[], "").await;
    assert_eq!(answer.status, 404);
    let detail = answer.json::<Problem>().detail;
    for preset in Preset::all() {
        assert!(detail.contains(preset.name()), "{detail}");
    }
}

#[tokio::test]
async fn a_reset_heals_and_forgets() {
    let stub = stub_with(Preset::Flaky30.program(1)).await;
    call(&stub, "GET /api/health", &[]).await;
    assert_eq!(
        order(&stub, "POST /_stub/v1/reset", &[], "").await.status,
        200
    );
    assert_eq!(journal_of(&stub).total, 0);
    assert_eq!(*stub.world().program(), Preset::Healthy.program(1));
}

#[tokio::test]
async fn only_pages_of_this_machine_may_drive() {
    let stub = stub().await;
    for (header, status) in [
        (("origin", "http://evil.test"), 403),
        (("host", "evil.test:4781"), 403),
        (("origin", "http://localhost:8080"), 200),
        (("host", "127.0.0.1:4781"), 200),
    ] {
        let answer = order(&stub, "POST /_stub/v1/reset", &[header], "").await;
        assert_eq!(answer.status, status, "{header:?}");
    }
}

#[tokio::test]
async fn the_journal_can_be_filtered() {
    let stub = stub().await;
    for line in [
        "GET /api/health",
        "GET /api/assets?page=2",
        "GET /api/assets",
    ] {
        call(&stub, line, &[]).await;
    }
    let query = JournalQuery {
        path: Some("/api/assets".into()),
        since: 2,
        ..JournalQuery::default()
    };
    let line = format!("GET {}", query.to_path());
    let journal: Journal = order(&stub, &line, &[], "").await.json();
    let seqs: Vec<u64> = journal.entries.iter().map(|entry| entry.seq).collect();
    assert_eq!((journal.total, seqs), (3, vec![3]));
}

#[tokio::test(start_paused = true)]
async fn the_journal_waits_for_arrivals_but_not_for_ever() {
    let stub = stub().await;
    let line = "GET /_stub/v1/journal?wait_for=2&timeout_ms=3000";
    let (answer, _) = tokio::join!(order(&stub, line, &[], ""), async {
        call(&stub, "GET /api/health", &[]).await;
        call(&stub, "GET /api/health", &[]).await
    });
    assert_eq!(answer.json::<Journal>().entries.len(), 2);

    let start = tokio::time::Instant::now();
    let line = "GET /_stub/v1/journal?wait_for=3&timeout_ms=3000";
    let answer = order(&stub, line, &[], "").await;
    assert_eq!(answer.json::<Journal>().entries.len(), 2);
    assert_eq!(start.elapsed().as_secs(), 3);
}

#[tokio::test]
async fn an_unknown_question_to_the_journal_is_refused() {
    let answer = order(&stub().await, "GET /_stub/v1/journal?waitfor=1", &[], "").await;
    assert_eq!(answer.status, 400);
    assert!(answer.json::<Problem>().detail.contains("wait_for"));
}

#[tokio::test]
async fn a_body_that_is_not_text_is_refused_with_a_problem() {
    let spaces = crate::Spaces::around(stub_with(FaultProgram::new(1)).await);
    let request = axum::http::Request::put(paths::PROGRAM).body(axum::body::Body::from(vec![0xff]));
    let answer = tower::ServiceExt::oneshot(crate::control(spaces), request.unwrap()).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 400);
    let media_type = tidegate_contract::Problem::MEDIA_TYPE;
    assert_eq!(answer.headers()["content-type"], media_type);
}
