//! Errors as answers: RFC 9457 problems with their status.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tidegate_contract::{Lapse, Micros, Problem, ProgramError, Refusal, UnknownPreset};

use crate::data;
use crate::sever::Severed;

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

    pub(crate) fn conflict(detail: impl Into<String>) -> Failure {
        Failure(Problem::new(409, "conflict", "Not as things stand", detail))
    }

    pub(crate) fn too_many(detail: impl Into<String>) -> Failure {
        Failure(Problem::new(409, "too-many", "Too many", detail))
    }

    pub(crate) fn no_token() -> Failure {
        let detail = "send the token of --token as Authorization: Bearer <token>";
        Failure(Problem::new(
            401,
            "token-required",
            "Token required",
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

    /// The client has asked for more than its quota.
    pub(crate) fn over_quota(reset_s: u64) -> Response {
        let detail = format!("the quota is used up; in {reset_s} s there is a new one");
        let problem = Problem::new(429, "quota-exceeded", "Quota exceeded", detail);
        after(problem, reset_s)
    }

    /// The backend does not take the work on. One that is refused by the front sees a reset: nobody has accepted it.
    pub(crate) fn refused(reason: Refusal, wait: Micros) -> Response {
        let seconds = wait.as_secs_up().max(1);
        let detail = match reason {
            Refusal::Backlog => return Severed::Reset.response(),
            Refusal::Full => "every connection is busy and the queue is full".to_owned(),
            Refusal::Hopeless => {
                format!("it would have to wait for {} ms", wait.as_millis())
            }
        };
        let word = match reason {
            Refusal::Backlog | Refusal::Full => "queue-full",
            Refusal::Hopeless => "refused-early",
        };
        after(Problem::new(503, word, "Overloaded", detail), seconds)
    }

    /// The backend has given the work up.
    pub(crate) fn lapsed(lapse: Lapse) -> Response {
        let detail = match lapse {
            Lapse::Deadline => "its client would not have waited long enough",
            Lapse::Gone => "its client had left",
            Lapse::Standing => "the queue was standing",
            Lapse::WaitLimit => "it waited too long for a connection of the pool",
        };
        Failure(Problem::new(503, "pool-timeout", "Overloaded", detail)).into_response()
    }

    /// The bodies of those who wait take too much memory already.
    pub(crate) fn no_room() -> Failure {
        let detail = "too many requests with bodies wait for the pool";
        Failure(Problem::new(503, "no-room", "Overloaded", detail))
    }

    /// A write that arrived before a reset and would take effect after it.
    pub(crate) fn forgotten() -> Failure {
        Failure(Problem::new(
            503,
            "reset",
            "The stub was reset",
            "this write is from before the reset and has no effect",
        ))
    }

    pub(crate) fn too_large(most: usize) -> Failure {
        Failure(Problem::new(
            413,
            "too-large",
            "The body is too large",
            format!("a body may have at most {most} bytes"),
        ))
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

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Failure {
        Failure(problem)
    }
}

impl From<data::Refusal> for Failure {
    fn from(refusal: data::Refusal) -> Failure {
        Failure(refusal.problem())
    }
}

/// A problem that says when to come back.
fn after(problem: Problem, seconds: u64) -> Response {
    let mut response = Failure(problem).into_response();
    let value = HeaderValue::from(seconds);
    response.headers_mut().insert(header::RETRY_AFTER, value);
    response
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
        let mut response = (
            status,
            [
                (header::CONTENT_TYPE, media_type),
                (header::CACHE_CONTROL, store),
            ],
            serde_json::to_vec(&self.0).unwrap_or_default(),
        )
            .into_response();
        let tag = self.0.current_etag.as_deref().map(HeaderValue::from_str);
        if let Some(Ok(tag)) = tag {
            response.headers_mut().insert(header::ETAG, tag);
        }
        response
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
