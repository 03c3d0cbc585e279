//! What requests say, checked before a handler sees it.

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use tidegate_contract::WriteBody;
use tidegate_core::Instant;

use crate::arrival::client_of;
use crate::catalog::TODAY_MS;
use crate::data::{Deed, Precondition, Window};
use crate::failure::Failure;
use crate::idempotency::key_of;
use crate::stub::Stub;

/// The longest body of a write: a thousand ids and twenty tags take 50 KB.
pub(crate) const MAX_BODY: usize = 256 << 10;

/// The query string.
#[derive(Debug)]
pub(super) struct Question<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Question<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Question<T>, Failure> {
        match Query::from_request_parts(parts, state).await {
            Ok(Query(query)) => Ok(Question(query)),
            Err(error) => Err(Failure::bad_request(error.body_text())),
        }
    }
}

/// The body of a write.
#[derive(Debug)]
pub(super) struct Input<T>(pub(super) T);

impl<T: WriteBody, S: Send + Sync> FromRequest<S> for Input<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Input<T>, Failure> {
        let Ok(body) = to_bytes(request.into_body(), MAX_BODY).await else {
            return Err(Failure::too_large(MAX_BODY));
        };
        match T::from_json(&body) {
            Ok(body) => Ok(Input(body)),
            Err(error) => Err(Failure::bad_request(error.to_string())),
        }
    }
}

impl FromRequestParts<Stub> for Deed {
    type Rejection = Failure;

    /// A key that is not understood is none: whether that is a mistake, the middleware has decided.
    async fn from_request_parts(parts: &mut Parts, stub: &Stub) -> Result<Deed, Failure> {
        Ok(Deed {
            client: client_of(&parts.headers, &parts.uri),
            key: key_of(&parts.headers).unwrap_or_default(),
            at_ms: TODAY_MS + (stub.now() - Instant::START).0,
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Precondition {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Precondition, Failure> {
        Ok(Precondition::of(&parts.headers))
    }
}

/// The page that a question asks for.
pub(super) fn window(page: Option<u32>, size: Option<u32>) -> Result<Window, Failure> {
    Window::new(page, size).map_err(Failure::bad_request)
}
