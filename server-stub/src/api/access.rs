//! Access requests: read, made, decided.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use tidegate_contract::{AccessOrder, AccessQuery, AccessRuling, paths};

use super::effect::{changed, created};
use super::input::{Input, Question, window};
use crate::answer::fresh;
use crate::data::{Deed, Precondition};
use crate::failure::Failure;
use crate::stub::Stub;

pub(super) async fn list(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Question(query): Question<AccessQuery>,
) -> Result<Response, Failure> {
    let window = window(query.page, query.size)?;
    let requests = stub.data().access_requests(&query, window);
    Ok(fresh(&headers, &requests))
}

pub(super) async fn one(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let request = stub.data().access_request(&id)?;
    Ok(fresh(&headers, &request))
}

pub(super) async fn ask(
    State(stub): State<Stub>,
    deed: Deed,
    Input(order): Input<AccessOrder>,
) -> Result<Response, Failure> {
    let written = stub.data().ask_for_access(order, &deed)?;
    let path = paths::access_request(&written.value.id);
    Ok(created(&stub, deed, written, &path))
}

pub(super) async fn decide(
    State(stub): State<Stub>,
    Path(id): Path<String>,
    deed: Deed,
    precondition: Precondition,
    Input(ruling): Input<AccessRuling>,
) -> Result<Response, Failure> {
    let written = stub
        .data()
        .decide_access(&id, ruling, &precondition, &deed)?;
    Ok(changed(&stub, deed, written))
}
