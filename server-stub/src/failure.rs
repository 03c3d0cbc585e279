//! Errors as answers: RFC 9457 problems with their status.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tidegate_contract::{Problem, ProgramError, UnknownPreset};

/// A problem on its way to the client.
#[derive(Debug)]
pub(crate) struct Failure(Problem);

impl Failure {
    pub(crate) fn not_found(what: &str) -> Failure {
        Failure(Problem::new(404, "not-found", "Not found", what))
    }

    pub(crate) fn bad_request(detail: impl Into<String>) -> Failure {
        Failure(Problem::new(
            400,
            "bad-request",
            "The request is not understood",
            detail,
        ))
    }

    pub(crate) fn foreign(detail: impl Into<String>) -> Failure {
        Failure(Problem::new(
            403,
            "foreign-origin",
            "Only pages of this machine may drive the stub",
            detail,
        ))
    }

    pub(crate) fn injected(code: u16, rule: &str) -> Failure {
        let detail = format!("the fault program's rule \"{rule}\" chose status {code}");
        Failure(Problem::new(code, "injected", "Injected fault", detail).with_rule(rule))
    }

    pub(crate) fn internal(detail: impl Into<String>) -> Failure {
        Failure(Problem::new(
            500,
            "internal",
            "The stub itself failed",
            detail,
        ))
    }
}

impl From<ProgramError> for Failure {
    fn from(error: ProgramError) -> Failure {
        Failure(Problem::new(
            400,
            "bad-program",
            "The fault program is not acceptable",
            error.to_string(),
        ))
    }
}

impl From<UnknownPreset> for Failure {
    fn from(error: UnknownPreset) -> Failure {
        Failure(Problem::new(
            404,
            "unknown-preset",
            "There is no such preset",
            error.to_string(),
        ))
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::BAD_REQUEST);
        let media_type = HeaderValue::from_static(Problem::MEDIA_TYPE);
        // A problem must not be kept by a cache and shown again once the cause is gone.
        let store = HeaderValue::from_static("no-store");
        (
            status,
            [
                (header::CONTENT_TYPE, media_type),
                (header::CACHE_CONTROL, store),
            ],
            serde_json::to_vec(&self.0).unwrap_or_default(),
        )
            .into_response()
    }
}

/// The answer to a path that is none of ours.
pub(crate) async fn no_such_path() -> Failure {
    Failure::not_found("there is nothing at this path")
}

/// The answer to a method that the path does not know.
pub(crate) async fn no_such_method() -> Failure {
    Failure(Problem::new(
        405,
        "method-not-allowed",
        "Method not allowed",
        "this path does not know this method",
    ))
}
