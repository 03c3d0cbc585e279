//! Answers that can be kept and checked for news.
//!
//! The entity tag is a hash of the body, so it is the same in every run of the same seed and changes when a byte does. `Cache-Control`
//! asks for a check before every use but does not forbid storing: a client that means to show old data while the backend is away needs
//! something to show.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use tidegate_contract::hash::fnv1a;

use crate::failure::Failure;

const CACHE_CONTROL: &str = "private, max-age=0, must-revalidate";

/// The value as JSON with its entity tag, or 304 when the client has just that.
pub(crate) fn fresh<T: Serialize>(request: &HeaderMap, value: &T) -> Response {
    let Ok(body) = serde_json::to_vec(value) else {
        return Failure::internal("the answer cannot be written as JSON").into_response();
    };
    let tag = format!("\"{:016x}\"", fnv1a(&body));
    let mut response = if is_known(request, &tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let mut response = Response::new(Body::from(body));
        let json = HeaderValue::from_static("application/json");
        response.headers_mut().insert(header::CONTENT_TYPE, json);
        response
    };
    let headers = response.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(CACHE_CONTROL),
    );
    if let Ok(tag) = HeaderValue::try_from(tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// RFC 9110, 13.1.2: a list of tags, compared weakly, or `*`.
fn is_known(request: &HeaderMap, tag: &str) -> bool {
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
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
