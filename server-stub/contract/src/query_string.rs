//! Query strings, without a URL library: the demo downloads every byte of this crate.

use std::fmt::{Display, Write};

/// A query string that grows by one pair at a time; empty, or beginning with `?`.
#[derive(Debug, Default)]
pub(crate) struct QueryString(String);

impl QueryString {
    pub(crate) fn with(mut self, name: &str, value: Option<impl Display>) -> QueryString {
        if let Some(value) = value {
            self.0.push(if self.0.is_empty() { '?' } else { '&' });
            self.0.push_str(name);
            self.0.push('=');
            self.0.push_str(&encode(&value.to_string()));
        }
        self
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

/// Percent-encodes everything but RFC 3986's unreserved characters, which is safe in a path segment and in a query.
pub(crate) fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_what_is_not_asked_for() {
        let query = QueryString::default()
            .with("search", Some("a b&c"))
            .with("kind", None::<&str>)
            .with("page", Some(2));
        assert_eq!(query.finish(), "?search=a%20b%26c&page=2");
    }

    #[test]
    fn encodes_every_byte_of_a_character() {
        assert_eq!(encode("é/~"), "%C3%A9%2F~");
    }
}
