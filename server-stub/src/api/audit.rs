//! The audit log: read and appended to.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use tidegate_contract::{AuditNote, AuditQuery, paths};

use super::effect::created;
use super::input::{Input, Question, window};
use crate::answer::fresh;
use crate::data::{Deed, Refusal};
use crate::failure::Failure;
use crate::stub::Stub;

pub(super) async fn list(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Question(query): Question<AuditQuery>,
) -> Result<Response, Failure> {
    let window = window(query.page, query.size)?;
    let entries = stub.data().audit(&query, window);
    Ok(fresh(&headers, &entries))
}

pub(super) async fn one(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Path(seq): Path<String>,
) -> Result<Response, Failure> {
    let what = "audit line";
    let known = seq.parse().map_err(|_| Refusal::NoSuch { what, id: seq })?;
    let entry = stub.data().audit_entry(known)?;
    Ok(fresh(&headers, &entry))
}

pub(super) async fn note(
    State(stub): State<Stub>,
    deed: Deed,
    Input(note): Input<AuditNote>,
) -> Result<Response, Failure> {
    let written = stub.data().note(note, &deed);
    let path = paths::audit_entry(written.value.seq);
    Ok(created(&stub, deed, written, &path))
}
