//! The API: the catalogue behind the fault program.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use axum::{Router, middleware};
use serde_json::json;
use tidegate_contract::{AssetQuery, paths};

use crate::answer::fresh;
use crate::failure::{Failure, no_such_method, no_such_path};
use crate::stub::Stub;
use crate::{cors, inject};

/// The API's router, to be served or called without a socket.
///
/// A request that the fault program refuses cannot be reset without a connection: its answer carries [`crate::Reset`] instead.
pub fn app(stub: Stub) -> Router {
    Router::new()
        .route(paths::ASSETS, get(list))
        .route(paths::ASSET, get(detail))
        .route(paths::ASSET_LINEAGE, get(lineage))
        .route(paths::HEALTH, get(health))
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn(cors::preflight))
        .layer(middleware::from_fn_with_state(stub.clone(), inject::inject))
        .layer(middleware::from_fn_with_state(stub.clone(), cors::share))
        .with_state(stub)
}

async fn list(
    State(stub): State<Stub>,
    headers: HeaderMap,
    query: Result<Query<AssetQuery>, QueryRejection>,
) -> Result<Response, Failure> {
    let Query(query) = query.map_err(|error| Failure::bad_request(error.body_text()))?;
    if query.page == Some(0) {
        return Err(Failure::bad_request("page must be 1 or more"));
    }
    let size = query.size.unwrap_or(AssetQuery::DEFAULT_SIZE);
    if !(1..=AssetQuery::MAX_SIZE).contains(&size) {
        let most = AssetQuery::MAX_SIZE;
        return Err(Failure::bad_request(format!("size must be 1 to {most}")));
    }
    Ok(fresh(&headers, &stub.catalog().list(&query)))
}

async fn detail(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let detail = stub.catalog().detail(&id).ok_or_else(|| no_asset(&id))?;
    Ok(fresh(&headers, &detail))
}

async fn lineage(
    State(stub): State<Stub>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let lineage = stub.catalog().lineage(&id).ok_or_else(|| no_asset(&id))?;
    Ok(fresh(&headers, &lineage))
}

async fn health(headers: HeaderMap) -> Response {
    fresh(&headers, &json!({ "status": "ok" }))
}

fn no_asset(id: &str) -> Failure {
    Failure::not_found(&format!("there is no asset \"{id}\""))
}

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;
