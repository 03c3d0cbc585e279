//! A request as the fault program and the journal see it.
//!
//! The client is whoever the request says: the header `X-Client`, else the query parameter `client` (for what cannot set headers), else
//! the page's origin, else `default`. Never the peer's address: a browser opens connections as it pleases, and its ports would make
//! every run draw other verdicts.

use axum::extract::Request;
use axum::http::header;
use tidegate_contract::{RequestHead, paths};

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
    pub(crate) preflight: bool,
}

impl Arrival {
    pub(crate) fn of(request: &Request) -> Arrival {
        let text = |name: &str| request.headers().get(name)?.to_str().ok();
        let origin = text(header::ORIGIN.as_str());
        let param = request
            .uri()
            .query()
            .into_iter()
            .flat_map(|query| query.split('&'))
            .find_map(|pair| {
                pair.strip_prefix(paths::CLIENT_PARAM)
                    .and_then(|rest| rest.strip_prefix('='))
            });
        let client = text(paths::CLIENT_HEADER).or(param).or(origin);
        let target = request.uri().path_and_query().map(|target| target.as_str());
        Arrival {
            method: clip(request.method().as_str(), MAX_CLIENT),
            path: clip(request.uri().path(), MAX_TEXT),
            target: clip(target.unwrap_or_default(), MAX_TEXT),
            origin: origin.map(|origin| clip(origin, MAX_TEXT)),
            client: clip(client.unwrap_or("default"), MAX_CLIENT),
            preflight: cors::is_preflight(request.method(), request.headers()),
        }
    }

    pub(crate) fn head(&self) -> RequestHead<'_> {
        RequestHead {
            method: &self.method,
            path: &self.path,
            client: &self.client,
            preflight: self.preflight,
        }
    }
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
