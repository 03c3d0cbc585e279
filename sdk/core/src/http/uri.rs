//! References to URLs, resolved as RFC 3986, section 5.3, says: as much of it as `Location` and `Content-Location` need.
//!
//! Only `http` and `https`. What a browser would read otherwise than the RFC (backslashes, white space within, user names) is not
//! resolved at all: a wrong guess would name somebody else's URL.

use alloc::string::String;
use alloc::vec::Vec;

use super::fields::digits;

/// An absolute URL without its fragment, in parts. The origin is written in one way: lower case, no default port.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Url<'a> {
    pub(super) origin: String,
    scheme: &'static str,
    path: &'a str,
    /// With its question mark.
    query: &'a str,
}

impl<'a> Url<'a> {
    /// Reads an absolute URL.
    pub(super) fn of(text: &'a str) -> Option<Url<'a>> {
        let (scheme, rest) = split_scheme(text)?;
        let scheme = ["https", "http"]
            .into_iter()
            .find(|known| known.eq_ignore_ascii_case(scheme))?;
        Url::behind_scheme(scheme, rest.strip_prefix("//")?)
    }

    /// What a reference means on this page; `None` when it is not to be resolved.
    pub(super) fn resolve(&self, reference: &str) -> Option<String> {
        let reference = without_fragment(reference.trim_matches([' ', '\t']));
        if reference.bytes().any(is_odd) {
            return None;
        }
        if split_scheme(reference).is_some() {
            return Url::of(reference).map(|url| url.text());
        }
        if let Some(rest) = reference.strip_prefix("//") {
            return Url::behind_scheme(self.scheme, rest).map(|url| url.text());
        }
        let end = reference.find('?').unwrap_or(reference.len());
        let (path, query) = reference.split_at_checked(end)?;
        Some(if path.is_empty() {
            let query = if query.is_empty() { self.query } else { query };
            written(&self.origin, self.path, query)
        } else if path.starts_with('/') {
            written(&self.origin, path, query)
        } else {
            let folder = self
                .path
                .rfind('/')
                .map_or("", |at| self.path.get(..=at).unwrap_or("/"));
            let folder = if folder.is_empty() { "/" } else { folder };
            written(&self.origin, &[folder, path].concat(), query)
        })
    }

    /// Its text in one form: the one that equal URLs have.
    pub(super) fn text(&self) -> String {
        written(&self.origin, self.path, self.query)
    }

    fn behind_scheme(scheme: &'static str, rest: &'a str) -> Option<Url<'a>> {
        let rest = without_fragment(rest);
        let end = rest.bytes().position(|b| b == b'/' || b == b'?');
        let end = end.unwrap_or(rest.len());
        let (authority, rest) = rest.split_at_checked(end)?;
        let (host, port) = split_port(authority)?;
        let default = if scheme == "https" { "443" } else { "80" };
        let (colon, port) = match port {
            port if port.is_empty() || port == default => ("", ""),
            port => (":", port),
        };
        let end = rest.find('?').unwrap_or(rest.len());
        let (path, query) = rest.split_at_checked(end)?;
        Some(Url {
            origin: [scheme, "://", &host.to_ascii_lowercase(), colon, port].concat(),
            scheme,
            path,
            query,
        })
    }
}

/// Joins the parts, without dots in the path (RFC 3986, section 5.2.4).
fn written(origin: &str, path: &str, query: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let segments = path.strip_prefix('/').unwrap_or(path).split('/');
    let mut folder = false;
    for segment in segments {
        folder = matches!(segment, "." | "..");
        match segment {
            "." => {}
            ".." => drop(kept.pop()),
            segment => kept.push(segment),
        }
    }
    if folder {
        kept.push("");
    }
    [origin, "/", &kept.join("/"), query].concat()
}

/// The host and its port, without leading zeros and empty where there is none; `None` where it is no host.
fn split_port(authority: &str) -> Option<(&str, &str)> {
    // The colons of an IPv6 address are in brackets.
    let after = authority.bytes().rposition(|b| b == b']');
    let colon = authority.bytes().rposition(|b| b == b':');
    let end = colon.filter(|colon| Some(*colon) > after);
    let (host, port) = authority.split_at_checked(end.unwrap_or(authority.len()))?;
    let port = port.strip_prefix(':').unwrap_or(port);
    let port_fits =
        port.is_empty() || digits(port).is_some_and(|port| (1..1 << 16).contains(&port));
    let port = port.trim_start_matches('0');

    let literal = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let is_host = match literal {
        Some(address) => address
            .bytes()
            .all(|b| b.is_ascii_hexdigit() || b == b':' || b == b'.'),
        None => !host.bytes().any(|b| is_odd(b) || b"@:[]".contains(&b)),
    };
    let empty = literal.unwrap_or(host).is_empty();
    (is_host && port_fits && !empty).then_some((host, port))
}

/// What a browser reads otherwise than the RFC: white space, controls and backslashes.
fn is_odd(byte: u8) -> bool {
    byte <= b' ' || byte == b'\\' || byte == 0x7f
}

/// The scheme and what follows its colon, where there is one (RFC 3986, section 3.1).
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    let mut bytes = scheme.bytes();
    let letters = bytes.next()?.is_ascii_alphabetic()
        && bytes.all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
    letters.then_some((scheme, rest))
}

fn without_fragment(text: &str) -> &str {
    text.split('#').next().unwrap_or_default()
}

#[cfg(test)]
#[path = "tests/uri.rs"]
mod tests;
