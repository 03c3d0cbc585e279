//! Cross-origin sharing: the demo's page and the stub never share an origin, so every header that the SDK should read is listed here.
//!
//! `share` wraps everything, injected faults included: a 503 without `Access-Control-Allow-Origin` reaches a page as a nameless network
//! error, and its `Retry-After` is lost. `preflight` sits behind the fault program, so that preflights are counted like all else.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use tidegate_contract::Cors;

use crate::stub::Stub;

const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
const HEADERS: &str = "Accept, Authorization, Cache-Control, Content-Type, Idempotency-Key, If-Match, If-None-Match, Last-Event-ID, \
                       Pragma, X-Client, X-Fault, X-Patience-Ms, X-Request-Id";
const EXPOSED: &str = "Age, Cache-Status, Date, ETag, Idempotency-Replayed, Location, RateLimit, RateLimit-Policy, Retry-After, \
                       Server-Timing, Tidegate-Hint, Vary";
/// Two hours: the most that Chromium accepts. Without it a preflight is kept for 5 s and doubles most of the traffic.
const MAX_AGE: &str = "7200";
const TIMING_ALLOW_ORIGIN: HeaderName = HeaderName::from_static("timing-allow-origin");

/// What is to be wrong with the sharing of an answer; a mark on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct CorsFaults(Vec<Cors>);

impl CorsFaults {
    /// Puts one more on an answer.
    pub(crate) fn add(response: &mut Response, fault: Cors) {
        let fault = match fault {
            Cors::RefusePreflight if !refuse(response) => return,
            Cors::RefusePreflight => Cors::NoAllowOrigin,
            other => other,
        };
        response
            .extensions_mut()
            .get_or_insert_default::<CorsFaults>()
            .0
            .push(fault);
    }

    fn has(&self, fault: Cors) -> bool {
        self.0.contains(&fault)
    }
}

/// Whether a request asks for permission to ask.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Lets welcome origins read the answer.
pub(crate) async fn share(State(stub): State<Stub>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = next.run(request).await;
    let faults: CorsFaults = response.extensions_mut().remove().unwrap_or_default();
    let headers = response.headers_mut();
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if faults.has(Cors::ForgetPreflight) && headers.contains_key(header::ACCESS_CONTROL_MAX_AGE) {
        headers.insert(
            header::ACCESS_CONTROL_MAX_AGE,
            HeaderValue::from_static("0"),
        );
    }
    if faults.has(Cors::NoAllowOrigin) {
        return response;
    }
    let welcome = origin.filter(|origin| {
        origin
            .to_str()
            .is_ok_and(|origin| stub.origins().allows(origin))
    });
    if let Some(origin) = welcome {
        headers.insert(TIMING_ALLOW_ORIGIN, origin.clone());
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        if faults.has(Cors::HideHeaders) {
            return response;
        }
        headers.insert(
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(EXPOSED),
        );
    }
    response
}

/// Takes back what the answer to a preflight permits; tells whether it was one.
fn refuse(response: &mut Response) -> bool {
    let headers = response.headers_mut();
    let permits = headers.remove(header::ACCESS_CONTROL_ALLOW_METHODS);
    if permits.is_none() {
        return false;
    }
    headers.remove(header::ACCESS_CONTROL_ALLOW_HEADERS);
    headers.remove(header::ACCESS_CONTROL_MAX_AGE);
    *response.status_mut() = StatusCode::FORBIDDEN;
    true
}

/// Answers preflights; lets everything else through.
pub(crate) async fn preflight(request: Request, next: Next) -> Response {
    if !is_preflight(request.method(), request.headers()) {
        return next.run(request).await;
    }
    (
        StatusCode::NO_CONTENT,
        [
            (header::ACCESS_CONTROL_ALLOW_METHODS, METHODS),
            (header::ACCESS_CONTROL_ALLOW_HEADERS, HEADERS),
            (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE),
        ],
    )
        .into_response()
}
