//! Assets: found, read, changed.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::Response;
use tidegate_contract::{AssetPatch, AssetQuery, TagChange};

use super::effect::{changed, told};
use super::input::{Input, Question, window};
use super::scan::scan;
use crate::answer::fresh;
use crate::data::{Deed, Precondition};
use crate::failure::Failure;
use crate::stub::Stub;

pub(super) async fn list(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Question(query): Question<AssetQuery>,
) -> Result<Response, Failure> {
    let window = window(query.page, query.size)?;
    let page = scan(&stub, move |data| data.assets(&query, window)).await?;
    Ok(fresh(&headers, &page))
}

pub(super) async fn detail(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let data = stub.data().snapshot();
    Ok(fresh(&headers, &data.detail(data.place(&id)?)))
}

pub(super) async fn lineage(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let data = stub.data().snapshot();
    Ok(fresh(&headers, &data.lineage(data.place(&id)?)))
}

pub(super) async fn patch(
    State(stub): State<Stub>,
    Path(id): Path<String>,
    deed: Deed,
    precondition: Precondition,
    Input(patch): Input<AssetPatch>,
) -> Result<Response, Failure> {
    let written = stub.data().patch_asset(&id, &patch, &precondition, &deed)?;
    Ok(changed(&stub, deed, written))
}

pub(super) async fn change_tags(
    State(stub): State<Stub>,
    deed: Deed,
    Input(change): Input<TagChange>,
) -> Result<Response, Failure> {
    let written = stub.data().change_tags(&change, &deed)?;
    Ok(told(&stub, deed, written))
}
