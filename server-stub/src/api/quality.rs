//! Quality runs: read, and asked for.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use tidegate_contract::{PageQuery, QualityOrder, paths};

use super::effect::created;
use super::input::{Input, Question, window};
use crate::answer::fresh;
use crate::data::Deed;
use crate::failure::Failure;
use crate::stub::Stub;

pub(super) async fn list(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Question(query): Question<PageQuery>,
) -> Result<Response, Failure> {
    let window = window(query.page, query.size)?;
    let runs = stub.data().quality_runs(&id, window)?;
    Ok(fresh(&headers, &runs))
}

pub(super) async fn one(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Path((id, run)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let run = stub.data().quality_run(&id, &run)?;
    Ok(fresh(&headers, &run))
}

pub(super) async fn run(
    State(stub): State<Stub>,
    Path(id): Path<String>,
    deed: Deed,
    Input(order): Input<QualityOrder>,
) -> Result<Response, Failure> {
    let written = stub.data().run_check(&id, order, &deed)?;
    let path = paths::quality_run(&id, &written.value.id);
    Ok(created(&stub, deed, written, &path))
}
