//! The control API: what goes wrong, and what has happened.
//!
//! It has a listener of its own, which the fault program never touches, so it can be reached while the API is down.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::routing::{get, post, put};
use axum::{Json, Router, middleware};
use tidegate_contract::{FaultProgram, Journal, JournalQuery, Preset, PresetList, paths};
use tokio::time::{Duration, timeout};

use crate::failure::{Failure, no_such_method, no_such_path};
use crate::stub::Stub;
use crate::{cors, guard};

/// The control router, to be served or called without a socket.
pub fn control(stub: Stub) -> Router {
    Router::new()
        .route(paths::PROGRAM, get(program).put(put_program))
        .route(paths::PRESETS, get(presets))
        .route(paths::PRESET, put(put_preset))
        .route(paths::RESET, post(reset))
        .route(paths::JOURNAL, get(journal))
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn(cors::preflight))
        .layer(middleware::from_fn_with_state(stub.clone(), guard::guard))
        .layer(middleware::from_fn_with_state(stub.clone(), cors::share))
        .with_state(stub)
}

async fn program(State(stub): State<Stub>) -> Json<FaultProgram> {
    Json(stub.world().program().clone())
}

async fn put_program(
    State(stub): State<Stub>,
    body: String,
) -> Result<Json<FaultProgram>, Failure> {
    install(&stub, FaultProgram::from_json(&body)?, None).await
}

async fn presets(State(stub): State<Stub>) -> Json<PresetList> {
    Json(PresetList {
        current: stub.world().preset().map(|preset| preset.to_string()),
        presets: Preset::all()
            .iter()
            .map(|preset| preset.info(stub.seed()))
            .collect(),
    })
}

async fn put_preset(
    State(stub): State<Stub>,
    Path(name): Path<String>,
) -> Result<Json<FaultProgram>, Failure> {
    let preset: Preset = name.parse()?;
    install(&stub, preset.program(stub.seed()), Some(preset)).await
}

async fn reset(State(stub): State<Stub>) -> Result<Json<FaultProgram>, Failure> {
    stub.reset().await.map_err(cannot_open)?;
    Ok(program(State(stub)).await)
}

async fn journal(
    State(stub): State<Stub>,
    query: Result<Query<JournalQuery>, QueryRejection>,
) -> Result<Json<Journal>, Failure> {
    let Query(query) = query.map_err(|error| Failure::bad_request(error.body_text()))?;
    let patience = query
        .timeout_ms
        .unwrap_or(JournalQuery::DEFAULT_TIMEOUT_MS)
        .min(JournalQuery::MAX_TIMEOUT_MS);
    let mut changes = stub.watch_journal();
    let enough = async {
        while !stub.world().book.satisfies(&query) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    };
    // Too few lines in time is an answer too: the caller sees how many there are.
    let _ = timeout(Duration::from_millis(patience), enough).await;
    Ok(Json(stub.world().book.answer(&query)))
}

async fn install(
    stub: &Stub,
    program: FaultProgram,
    preset: Option<Preset>,
) -> Result<Json<FaultProgram>, Failure> {
    stub.install(program.clone(), preset)
        .await
        .map_err(cannot_open)?;
    Ok(Json(program))
}

fn cannot_open(error: std::io::Error) -> Failure {
    Failure::internal(format!("the API's port cannot be opened again: {error}"))
}

#[cfg(test)]
#[path = "control_tests.rs"]
mod tests;
