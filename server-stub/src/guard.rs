//! Keeps other sites from driving the stub.
//!
//! Any page in the same browser can send requests to this machine. One whose origin is foreign is refused, and so is one that reached
//! us under a foreign name: that page's name was made to resolve to this machine, and to its browser we are its own server.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::cors;
use crate::failure::Failure;
use crate::origins::{Origins, is_loopback};
use crate::spaces::Spaces;

/// Lets requests of this machine and of named origins through, if they know the token.
pub(crate) async fn guard(State(spaces): State<Spaces>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let settings = spaces.settings();
    let origins = spaces.default_space().origins();
    // Elsewhere than on this machine the token alone tells who is welcome: names are what others make of them.
    let by_name = settings.listen.is_loopback();
    if let Some(name) = stranger(origins, headers, by_name) {
        let detail = format!("{name} may not; --allow-origin lets an origin in");
        return Failure::foreign(detail).into_response();
    }
    // A preflight cannot carry a token.
    let is_preflight = cors::is_preflight(request.method(), headers);
    match &settings.token {
        Some(token) if !is_preflight && !knows(headers, token) => {
            Failure::no_token().into_response()
        }
        _ => next.run(request).await,
    }
}

/// Compared in full, however early they differ: the time it takes tells nothing.
fn knows(headers: &HeaderMap, token: &str) -> bool {
    let found = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .unwrap_or_default();
    let differences = found
        .bytes()
        .zip(token.bytes())
        .fold(0, |differences, (a, b)| differences | (a ^ b));
    found.len() == token.len() && differences == 0
}

fn stranger<'a>(origins: &Origins, headers: &'a HeaderMap, by_name: bool) -> Option<&'a str> {
    let text = |name| {
        let value: &HeaderValue = headers.get(name)?;
        // What is not text is nobody's name.
        Some(value.to_str().unwrap_or("(not text)"))
    };
    let origin = text(header::ORIGIN).filter(|origin| !origins.allows(origin));
    let host = || text(header::HOST).filter(|host| by_name && !is_loopback(host));
    origin.or_else(host)
}
