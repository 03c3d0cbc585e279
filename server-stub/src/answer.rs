//! Answers that can be kept and checked for news.
//!
//! The entity tag is a hash of the body, so it is the same in every run of the same seed and changes when a byte does. `Cache-Control`
//! asks for a check before every use and lets old data be shown for a week while the backend is away.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tidegate_contract::hash::fnv1a;

use crate::failure::Failure;

const CACHE_CONTROL: &str = "max-age=0, stale-if-error=604800";

/// The value as JSON with its entity tag, or 304 when the client has just that.
pub(crate) fn fresh<T: Serialize>(request: &HeaderMap, value: &T) -> Response {
    let mut response = tagged(StatusCode::OK, value);
    let tag = response.headers().get(header::ETAG);
    if tag.is_some_and(|tag| is_known(request, tag.as_bytes())) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    response
}

/// The value as JSON with its entity tag.
pub(crate) fn tagged<T: Serialize>(status: StatusCode, value: &T) -> Response {
    let mut response = plain(status, value);
    if let Ok(tag) = HeaderValue::try_from(tag_of(value)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The value as JSON: for what cannot be read again.
pub(crate) fn plain<T: Serialize>(status: StatusCode, value: &T) -> Response {
    let Ok(body) = serde_json::to_vec(value) else {
        return Failure::internal("the answer cannot be written as JSON").into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CACHE_CONTROL, CACHE_CONTROL),
    ];
    (status, headers, body).into_response()
}

/// The entity tag of a value: strong, as it is made of every byte that would be sent.
pub(crate) fn tag_of<T: Serialize>(value: &T) -> String {
    let body = serde_json::to_vec(value).unwrap_or_default();
    format!("\"{:016x}\"", fnv1a(&body))
}

/// RFC 9110, 13.1.2: a list of tags, compared weakly, or `*`.
fn is_known(request: &HeaderMap, tag: &[u8]) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known).as_bytes() == tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer_to(if_none_match: &str) -> StatusCode {
        let mut request = HeaderMap::new();
        let value = HeaderValue::from_str(if_none_match).unwrap();
        request.insert(header::IF_NONE_MATCH, value);
        fresh(&request, &"body").status()
    }

    #[test]
    fn a_known_tag_is_answered_with_304_whatever_its_form() {
        let response = fresh(&HeaderMap::new(), &"body");
        let tag = response.headers()[header::ETAG]
            .to_str()
            .unwrap()
            .to_owned();
        for value in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"x\", {tag}"),
            "*".to_owned(),
        ] {
            assert_eq!(answer_to(&value), StatusCode::NOT_MODIFIED, "{value}");
        }
        assert_eq!(answer_to("\"x\""), StatusCode::OK);
    }

    #[test]
    fn storing_is_not_forbidden() {
        let response = fresh(&HeaderMap::new(), &"body");
        let value = response.headers()[header::CACHE_CONTROL].to_str().unwrap();
        assert!(!value.contains("no-store"), "{value}");
    }
}
