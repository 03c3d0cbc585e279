//! Keeps other sites from driving the stub.
//!
//! Any page in the same browser can send requests to this machine. One whose origin is foreign is refused, and so is one that reached
//! us under a foreign name: that page's name was made to resolve to this machine, and to its browser we are its own server.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::failure::Failure;
use crate::origins::{Origins, is_loopback};
use crate::stub::Stub;

/// Lets requests of this machine and of named origins through.
pub(crate) async fn guard(State(stub): State<Stub>, request: Request, next: Next) -> Response {
    match stranger(stub.origins(), request.headers()) {
        Some(name) => {
            let detail = format!("{name} may not; --allow-origin lets an origin in");
            Failure::foreign(detail).into_response()
        }
        None => next.run(request).await,
    }
}

fn stranger<'a>(origins: &Origins, headers: &'a HeaderMap) -> Option<&'a str> {
    let text = |name| {
        let value: &HeaderValue = headers.get(name)?;
        // What is not text is nobody's name.
        Some(value.to_str().unwrap_or("(not text)"))
    };
    let origin = text(header::ORIGIN).filter(|origin| !origins.allows(origin));
    let host = || text(header::HOST).filter(|host| !is_loopback(host));
    origin.or_else(host)
}
