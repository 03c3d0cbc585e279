//! Where a socket goes, and where event streams are: said once, or asked for before each connection, since a token in it may be good for one only.

use std::pin::Pin;
use std::rc::Rc;

use tidegate_core::split_url;
use wasm_bindgen::JsValue;

/// Where a socket goes.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Address {
    /// The URL, `ws:` or `wss:`.
    pub url: String,
    /// The subprotocols, the preferred one first.
    pub protocols: Vec<String>,
}

impl Address {
    /// With these subprotocols in place of others.
    #[must_use]
    pub fn new(url: &str, protocols: &[&str]) -> Address {
        Address {
            url: url.into(),
            protocols: protocols.iter().map(|it| String::from(*it)).collect(),
        }
    }

    /// The origin and the path of what guards its connections: that of requests to the same server.
    pub(super) fn place(&self) -> (String, String) {
        place(&self.url)
    }
}

impl Provider {
    /// What a socket is called that has no other name.
    pub(super) fn name(&self) -> Option<String> {
        match self {
            Provider::Fixed(address) => {
                let query = |letter| letter == '?' || letter == '#';
                let url = address.url.split(query).next();
                url.map(String::from)
            }
            Provider::Asked(_) => None,
        }
    }
}

pub(super) fn place(url: &str) -> (String, String) {
    let (origin, path) = split_url(url);
    let origin = match origin.strip_prefix("ws") {
        Some(rest) => ["http", rest].concat(),
        None => String::from(origin),
    };
    (origin, String::from(path))
}

/// `None`: it cannot be said now.
pub(super) type Found = Pin<Box<dyn Future<Output = Option<Address>>>>;

/// Who says where a socket goes.
#[derive(Clone)]
pub(super) enum Provider {
    Fixed(Address),
    /// Told whether the server wants another token than the last one.
    Asked(Rc<dyn Fn(bool) -> Found>),
}

/// A URL or a `Request`; `None`: it cannot be said now.
pub(super) type FoundStream = Pin<Box<dyn Future<Output = Option<JsValue>>>>;

/// Told the channel, and whether the server wants another token than the last one.
pub(super) type AskStream = dyn Fn(&str, bool) -> FoundStream;

/// Who says where the event stream of a channel is.
#[derive(Clone)]
pub(super) enum Streams {
    /// A URL with `{channel}` in it.
    At(String),
    Asked(Rc<AskStream>),
}
