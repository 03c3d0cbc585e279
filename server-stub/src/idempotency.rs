//! `Idempotency-Key`: a write that is sent twice takes effect once.
//!
//! A key is claimed when the write reaches the pool and held until it has ended, in the queue as well. What a repeated key gets: the first answer again, once there is one, with `Idempotency-Replayed: true`; 409 while
//! the first is running; 422 when it is another write. A write that failed with 5xx, or was dropped, gives its key back. Any other
//! answer is kept, refusals too: asking again would not change them.

use axum::body::{Body, to_bytes};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
use axum::response::Response;
use sfv::{BareItem, Item, Parser};
use tidegate_contract::hash::fnv1a;
use tidegate_contract::{IdempotencyMode, Problem, paths};

use crate::arrival::client_of;
use crate::data::{Claim, Kept, Ticket};
use crate::failure::Failure;
use crate::stub::Stub;

/// The longest key: a UUID has 36 characters, and the table keeps thousands.
pub(crate) const MAX_KEY: usize = 255;
const REPLAYED: HeaderName = HeaderName::from_static(paths::REPLAYED_HEADER);

/// What a write's key says.
#[derive(Debug)]
pub(crate) enum Claimed {
    /// It may take effect; with a key, the key is held until then.
    Free(Option<Held>),
    /// It has taken effect before.
    Replay(Response),
}

/// Claims the key of a request, if it is a write that has one.
///
/// # Errors
/// When the key is malformed or missing, or belongs to another write or to one that has not ended.
pub(crate) fn claim(stub: &Stub, head: &Parts, body: &[u8]) -> Result<Claimed, Failure> {
    let mode = stub.data().keys.mode();
    if mode == IdempotencyMode::Off || !is_write(&head.method) {
        return Ok(Claimed::Free(None));
    }
    let key = match key_of(&head.headers) {
        Err(found) => return Err(bad_key(&found)),
        Ok(None) if mode == IdempotencyMode::Required => return Err(missing_key()),
        Ok(None) => return Ok(Claimed::Free(None)),
        Ok(Some(key)) => key,
    };
    let client = client_of(&head.headers, &head.uri);
    let claim = stub
        .data()
        .keys
        .claim(&client, &key, fingerprint(head, body));
    match claim {
        Claim::New(ticket) => Ok(Claimed::Free(Some(Held(stub.clone(), Some(ticket))))),
        Claim::Again(kept) => Ok(Claimed::Replay(replay(kept))),
        Claim::Full => Err(full()),
        Claim::OtherWrite => Err(other_write(&key)),
        Claim::Running => Err(still_running(&key)),
    }
}

/// A key that is claimed until the write has ended; dropping it gives the key back.
#[derive(Debug)]
pub(crate) struct Held(Stub, Option<Ticket>);

impl Held {
    /// The write has ended like this.
    pub(crate) async fn settle(mut self, response: Response) -> Result<Response, Failure> {
        if response.status().is_server_error() {
            return Ok(response);
        }
        let (head, body) = response.into_parts();
        // Our answers are in memory already, so this does not wait, and nobody can leave between the effect and the key's end.
        let Ok(body) = to_bytes(body, usize::MAX).await else {
            return Err(Failure::internal("the answer broke off"));
        };
        if let Some(ticket) = self.1.take() {
            let kept = Kept {
                status: head.status,
                headers: head.headers.clone(),
                body: body.clone(),
            };
            self.0.data().keys.complete(ticket, kept);
        }
        Ok(Response::from_parts(head, Body::from(body)))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(ticket) = &self.1 {
            self.0.data().keys.release(ticket);
        }
    }
}

/// The key of a request: a structured field's string, or the bare token that many clients send.
///
/// # Errors
/// What there is instead.
pub(crate) fn key_of(headers: &HeaderMap) -> Result<Option<String>, String> {
    let mut values = headers.get_all(paths::KEY_HEADER).iter();
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err("several of them".to_owned());
    }
    let text = value.to_str().unwrap_or_default().trim();
    let key = if text.starts_with('"') {
        match Parser::new(text).parse::<Item>().map(|item| item.bare_item) {
            Ok(BareItem::String(key)) => key.as_str().to_owned(),
            _ => String::new(),
        }
    } else if text.bytes().all(is_token) {
        text.to_owned()
    } else {
        String::new()
    };
    if key.is_empty() || key.len() > MAX_KEY {
        return Err(format!("{value:?}"));
    }
    Ok(Some(key))
}

/// RFC 9110, 5.6.2.
fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

fn is_write(method: &Method) -> bool {
    [Method::POST, Method::PUT, Method::PATCH, Method::DELETE].contains(method)
}

fn fingerprint(head: &Parts, body: &[u8]) -> u64 {
    let line = format!("{} {}\n", head.method, head.uri);
    fnv1a(&[line.as_bytes(), body].concat())
}

fn replay(kept: Kept) -> Response {
    let mut response = Response::new(Body::from(kept.body));
    *response.status_mut() = kept.status;
    *response.headers_mut() = kept.headers;
    response
        .headers_mut()
        .insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

fn bad_key(found: &str) -> Failure {
    let detail = format!(
        "Idempotency-Key must be one quoted string or token of 1 to {MAX_KEY} characters, not {found}"
    );
    Failure::from(Problem::new(
        400,
        "bad-key",
        "The key is not understood",
        detail,
    ))
}

fn missing_key() -> Failure {
    let detail = "writes need an Idempotency-Key here";
    Failure::from(Problem::new(
        400,
        "key-required",
        "A key is required",
        detail,
    ))
}

fn still_running(key: &str) -> Failure {
    let detail = format!("the write with the key \"{key}\" has not ended yet");
    Failure::from(Problem::new(409, "still-running", "Still running", detail))
}

fn other_write(key: &str) -> Failure {
    let detail = format!("the key \"{key}\" belongs to a write with another method, path or body");
    Failure::from(Problem::new(422, "other-write", "The key is taken", detail))
}

fn full() -> Failure {
    let detail = "too many writes with keys are running";
    Failure::from(Problem::new(
        503,
        "too-many-keys",
        "No room for a key",
        detail,
    ))
}

#[cfg(test)]
#[path = "idempotency_tests.rs"]
mod tests;
