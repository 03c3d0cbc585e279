//! A write that took effect says so.
//!
//! The answer alone does not tell: it may be cut off, delayed or given again. So the response of a write that happened carries an
//! [`Effect`], which a replay does not, for the journal to count; and its events go to the feed.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde::Serialize;
use tidegate_contract::feed::GOVERNANCE;

use crate::answer::{plain, tagged};
use crate::data::{Deed, Written};
use crate::stub::Stub;

/// Among a response's extensions: the write took effect, this time.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Effect {
    /// The client that wrote.
    pub client: String,
    /// Its idempotency key, if it sent one.
    pub key: Option<String>,
    /// What happened, such as `assetChanged`.
    pub what: &'static str,
}

/// The answer to a write that changed something that can be read.
pub(super) fn changed<T: Serialize>(stub: &Stub, deed: Deed, written: Written<T>) -> Response {
    let response = tagged(StatusCode::OK, &written.value);
    done(stub, deed, written, response)
}

/// The answer to a write that made something new, at this path.
pub(super) fn created<T: Serialize>(
    stub: &Stub,
    deed: Deed,
    written: Written<T>,
    path: &str,
) -> Response {
    let mut response = tagged(StatusCode::CREATED, &written.value);
    if let Ok(path) = HeaderValue::from_str(path) {
        response.headers_mut().insert(header::LOCATION, path);
    }
    done(stub, deed, written, response)
}

/// The answer to a write whose outcome is only told once.
pub(super) fn told<T: Serialize>(stub: &Stub, deed: Deed, written: Written<T>) -> Response {
    let response = plain(StatusCode::OK, &written.value);
    done(stub, deed, written, response)
}

fn done<T>(stub: &Stub, deed: Deed, written: Written<T>, mut response: Response) -> Response {
    for event in written.events {
        // There is no place for another channel at worst, and this one is there from the start.
        let told = deed.told(written.line, event);
        let _ = stub.feed().publish(stub.now(), GOVERNANCE, &told);
    }
    response.extensions_mut().insert(Effect {
        client: deed.client,
        key: deed.key,
        what: written.what,
    });
    response
}
