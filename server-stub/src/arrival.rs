//! A request as the fault program and the journal see it.
//!
//! The client is whoever the request says: the header `X-Client`, else the query parameter `client` (for what cannot set headers), else
//! the page's origin, else `default`. Never the peer's address: a browser opens connections as it pleases, and its ports would make
//! every run draw other verdicts.

use axum::extract::Request;
use axum::http::{HeaderMap, Uri, header};
use tidegate_contract::{RequestHead, paths};
use tidegate_core::Millis;

use crate::cors;

/// Journal lines are kept by the thousand, so what a client can make long is cut to this many characters.
const MAX_TEXT: usize = 512;
const MAX_CLIENT: usize = 64;

/// What is kept of a request's head.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) method: String,
    /// Without the query string.
    pub(crate) path: String,
    /// With it.
    pub(crate) target: String,
    pub(crate) origin: Option<String>,
    pub(crate) client: String,
    /// Its `Idempotency-Key`, as it was sent.
    pub(crate) key: Option<String>,
    /// How long its client will wait, if it says so.
    pub(crate) patience: Option<Millis>,
    pub(crate) preflight: bool,
    /// Without its question mark.
    pub(crate) query: String,
}

impl Arrival {
    pub(crate) fn of(request: &Request) -> Arrival {
        let origin = text(request.headers(), header::ORIGIN.as_str());
        let target = request.uri().path_and_query().map(|target| target.as_str());
        Arrival {
            method: clip(request.method().as_str(), MAX_CLIENT),
            path: clip(request.uri().path(), MAX_TEXT),
            target: clip(target.unwrap_or_default(), MAX_TEXT),
            origin: origin.map(|origin| clip(origin, MAX_TEXT)),
            client: client_of(request.headers(), request.uri()),
            key: text(request.headers(), paths::KEY_HEADER)
                .map(|key| clip(key.trim_matches('"'), MAX_TEXT)),
            patience: text(request.headers(), paths::PATIENCE_HEADER)
                .and_then(|patience| patience.parse().ok())
                .map(Millis),
            query: clip(request.uri().query().unwrap_or_default(), MAX_TEXT),
            preflight: cors::is_preflight(request.method(), request.headers()),
        }
    }

    pub(crate) fn head<'a>(&'a self, headers: &'a [(&'a str, &'a str)]) -> RequestHead<'a> {
        RequestHead {
            method: &self.method,
            path: &self.path,
            query: &self.query,
            headers,
            client: &self.client,
            preflight: self.preflight,
        }
    }

    /// Whether it means to change something.
    pub(crate) fn is_write(&self) -> bool {
        !matches!(&*self.method, "GET" | "HEAD" | "OPTIONS")
    }
}

/// The headers of a request that are text.
pub(crate) fn headers(request: &Request) -> Vec<(&str, &str)> {
    let headers = request.headers().iter();
    headers
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
        .collect()
}

/// Who sends a request.
pub(crate) fn client_of(headers: &HeaderMap, uri: &Uri) -> String {
    let param = uri
        .query()
        .into_iter()
        .flat_map(|query| query.split('&'))
        .find_map(|pair| {
            pair.strip_prefix(paths::CLIENT_PARAM)
                .and_then(|rest| rest.strip_prefix('='))
        });
    let client = text(headers, paths::CLIENT_HEADER)
        .or(param)
        .or_else(|| text(headers, header::ORIGIN.as_str()));
    clip(client.unwrap_or("default"), MAX_CLIENT)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn clip(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn client(target: &str, headers: &[(&str, &str)]) -> String {
        let mut request = Request::builder().uri(target);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Arrival::of(&request.body(Body::empty()).unwrap()).client
    }

    #[test]
    fn the_client_is_whoever_the_request_says() {
        let origin = ("origin", "http://localhost:8080");
        assert_eq!(client("/a?client=q", &[("x-client", "h"), origin]), "h");
        assert_eq!(client("/a?b=c&client=q", &[origin]), "q");
        assert_eq!(client("/a?clients=q", &[origin]), "http://localhost:8080");
        assert_eq!(client("/a", &[]), "default");
    }

    #[test]
    fn long_names_are_cut() {
        assert_eq!(client("/a", &[("x-client", &"x".repeat(900))]).len(), 64);
    }
}
