//! The API: the governance data behind the fault program.
//!
//! Handlers do their work at once, under one short lock, and answer; whatever delays or spoils them is around them. Each read has a
//! strong entity tag; each write honours `If-Match`, carries an [`Effect`] and leaves a line in the audit log.

mod access;
mod assets;
mod audit;
mod effect;
mod input;
mod policies;
mod quality;
mod scan;

use axum::routing::{get, post};
use axum::{Router, middleware};
use tidegate_contract::paths;

use crate::failure::{no_such_method, no_such_path};
use crate::stub::Stub;
use crate::{cors, feed, health, inject};

pub use effect::Effect;
pub(crate) use input::MAX_BODY;

/// The API's router, to be served or called without a socket.
///
/// A request that the fault program refuses cannot be reset without a connection: its answer carries [`crate::Severed`] instead.
pub fn app(stub: Stub) -> Router {
    routes()
        .merge(feed::routes())
        .layer(middleware::from_fn(cors::preflight))
        .layer(middleware::from_fn_with_state(stub.clone(), inject::inject))
        .layer(middleware::from_fn_with_state(stub.clone(), cors::share))
        .with_state(stub)
}

/// Everything there is, with nothing around it.
fn routes() -> Router<Stub> {
    Router::new()
        .route(paths::ASSETS, get(assets::list))
        .route(paths::ASSET_TAGS, post(assets::change_tags))
        .route(paths::ASSET, get(assets::detail).patch(assets::patch))
        .route(paths::ASSET_LINEAGE, get(assets::lineage))
        .route(paths::ASSET_QUALITY, get(quality::list).post(quality::run))
        .route(paths::QUALITY_RUN, get(quality::one))
        .route(paths::POLICIES, get(policies::list))
        .route(paths::POLICY, get(policies::one))
        .route(paths::VIOLATIONS, get(policies::violations))
        .route(
            paths::VIOLATION,
            get(policies::violation).patch(policies::move_violation),
        )
        .route(paths::ACCESS_REQUESTS, get(access::list).post(access::ask))
        .route(paths::ACCESS_REQUEST, get(access::one))
        .route(paths::ACCESS_DECISION, post(access::decide))
        .route(paths::AUDIT, get(audit::list).post(audit::note))
        .route(paths::AUDIT_ENTRY, get(audit::one))
        .route(paths::HEALTH, get(health::health))
        .route(paths::READY, get(health::ready))
        .fallback(no_such_path)
        .method_not_allowed_fallback(no_such_method)
}

#[cfg(test)]
#[path = "api_tests.rs"]
mod tests;

#[cfg(test)]
mod door_tests;
#[cfg(test)]
mod write_tests;
