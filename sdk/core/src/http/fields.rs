//! The header fields of a message, as names and values in the order in which they came.
//!
//! Whoever calls keeps them in a form of their own; the rules borrow pairs of text for as long as they decide. Names are compared
//! without regard to case, several lines of one name are one list (RFC 9110, section 5.3), and a comma within quotes separates nothing.

use crate::time::Millis;

/// What a number of seconds is cut to that is larger (RFC 9111, section 1.2.2), and with it every length of time here.
pub(super) const LONGEST: Millis = Millis::from_secs(1 << 31);

/// Borrowed header fields.
///
/// ```
/// use tidegate_core::http::Fields;
/// let fields = Fields::new(&[("ETag", "\"a\""), ("vary", "accept")]);
/// assert_eq!(fields.value("etag"), Some("\"a\""));
/// assert!(!fields.has("date"));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Fields<'a>(&'a [(&'a str, &'a str)]);

impl<'a> Fields<'a> {
    /// Fields as pairs of name and value.
    #[must_use]
    pub const fn new(pairs: &'a [(&'a str, &'a str)]) -> Fields<'a> {
        Fields(pairs)
    }

    /// Every pair in order.
    pub fn pairs(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().copied()
    }

    /// The value of the first line of this name, without the white space around it.
    #[must_use]
    pub fn value(self, name: &str) -> Option<&'a str> {
        self.values(name).next()
    }

    /// Whether there is a line of this name.
    #[must_use]
    pub fn has(self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// The values of all lines of this name.
    pub(super) fn values<'n>(self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.0
            .iter()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| trim(value))
    }

    /// The members of the list that all lines of this name are together.
    pub(super) fn members<'n>(self, name: &'n str) -> impl Iterator<Item = &'a str> + use<'a, 'n> {
        self.values(name).flat_map(members)
    }
}

/// Without the optional white space of RFC 9110, section 5.6.3: spaces and tabs.
pub(super) fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// The members of one line of a list; empty ones are none.
pub(super) fn members(line: &str) -> Members<'_> {
    Members {
        rest: line,
        quotes: true,
    }
}

/// Cuts a list at its commas.
pub(super) struct Members<'a> {
    rest: &'a str,
    /// A quote that nothing closes is a character like any other: otherwise a stray one would hide a `no-store`. There is then none
    /// behind it that is closed, and looking for one again and again would take the square of the line's length.
    quotes: bool,
}

impl<'a> Iterator for Members<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        while !self.rest.is_empty() {
            let end = self.end();
            let (member, rest) = self.rest.split_at_checked(end)?;
            self.rest = rest.strip_prefix(',').unwrap_or(rest);
            let member = trim(member);
            if !member.is_empty() {
                return Some(member);
            }
        }
        None
    }
}

impl Members<'_> {
    /// Where the first member ends.
    fn end(&mut self) -> usize {
        let mut bytes = self.rest.bytes().enumerate();
        while let Some((at, byte)) = bytes.next() {
            match byte {
                b',' => return at,
                b'"' if self.quotes => {
                    let after = bytes.clone();
                    if !skip_quoted(&mut bytes) {
                        self.quotes = false;
                        bytes = after;
                    }
                }
                _ => {}
            }
        }
        self.rest.len()
    }
}

/// Goes past the closing quote; `false` when there is none.
fn skip_quoted(bytes: &mut impl Iterator<Item = (usize, u8)>) -> bool {
    while let Some((_, byte)) = bytes.next() {
        match byte {
            b'"' => return true,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    false
}

/// A token (RFC 9110, section 5.6.2), such as the name of a field.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

/// `delta-seconds`: digits and nothing else.
pub(super) fn seconds(text: &str) -> Option<Millis> {
    digits(text).map(|seconds| Millis::from_secs(seconds).min(LONGEST))
}

/// A number of digits and nothing else; one that is too large is the largest there is.
pub(super) fn digits(text: &str) -> Option<u64> {
    if text.is_empty() {
        return None;
    }
    text.bytes().try_fold(0_u64, |sum, byte| {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        Some(sum.saturating_mul(10).saturating_add(digit))
    })
}

#[cfg(test)]
#[path = "tests/fields.rs"]
mod tests;
