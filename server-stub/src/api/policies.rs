//! Policies, and where they are violated.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use tidegate_contract::{PageQuery, ViolationPatch, ViolationQuery};

use super::effect::changed;
use super::input::{Input, Question, window};
use super::scan::scan;
use crate::answer::fresh;
use crate::data::{Deed, POLICIES, Precondition, policy};
use crate::failure::Failure;
use crate::stub::Stub;

pub(super) async fn list(
    headers: HeaderMap,
    Question(query): Question<PageQuery>,
) -> Result<Response, Failure> {
    let window = window(query.page, query.size)?;
    let page = window.cut(POLICIES.iter(), |rule| rule.policy());
    Ok(fresh(&headers, &page))
}

pub(super) async fn one(headers: HeaderMap, Path(id): Path<String>) -> Result<Response, Failure> {
    let policy = POLICIES[policy(&id)?].policy();
    Ok(fresh(&headers, &policy))
}

pub(super) async fn violations(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Question(query): Question<ViolationQuery>,
) -> Result<Response, Failure> {
    let window = window(query.page, query.size)?;
    let page = scan(&stub, move |data| data.violations(&query, window)).await??;
    Ok(fresh(&headers, &page))
}

pub(super) async fn violation(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let violation = stub.data().snapshot().violation(&id)?;
    Ok(fresh(&headers, &violation))
}

pub(super) async fn move_violation(
    State(stub): State<Stub>,
    Path(id): Path<String>,
    deed: Deed,
    precondition: Precondition,
    Input(patch): Input<ViolationPatch>,
) -> Result<Response, Failure> {
    let written = stub
        .data()
        .move_violation(&id, &patch, &precondition, &deed)?;
    Ok(changed(&stub, deed, written))
}
