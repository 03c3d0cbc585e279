//! Which kept answers a write makes void (RFC 9111, section 4.4).
//!
//! A method that does more than read, or of which nobody knows that it only reads, voids the URL it was sent to once the server has done
//! it, and what the answer names in `Location` and `Content-Location`. Only URLs of the same origin: a server must not be able to void
//! what others have said.

use alloc::string::String;
use alloc::vec::Vec;

use super::Fields;
use super::uri::Url;

/// Methods that only read (RFC 9110, section 9.2.1).
const SAFE: [&str; 4] = ["GET", "HEAD", "OPTIONS", "TRACE"];

/// The URLs whose kept answers are void after this answer, without fragments, each once; none after an error, which changed nothing.
///
/// An answer whose status is hidden (0) may have been a success, and voids the URL that was asked.
///
/// ```
/// use tidegate_core::http::{Fields, invalidated};
/// let answer = Fields::new(&[("Location", "items/7"), ("Content-Location", "https://other.example/")]);
/// assert_eq!(invalidated("POST", 201, "https://a.example/items?x", answer), [
///     "https://a.example/items?x",
///     "https://a.example/items/7",
/// ]);
/// assert!(invalidated("POST", 409, "https://a.example/items?x", answer).is_empty());
/// ```
#[must_use]
pub fn invalidated(method: &str, status: u16, target: &str, answer: Fields<'_>) -> Vec<String> {
    let mut void = Vec::new();
    if SAFE.contains(&method) || !matches!(status, 0 | 200..=399) {
        return void;
    }
    let Some(url) = Url::of(target) else {
        return void;
    };
    void.push(url.text());
    for name in ["location", "content-location"] {
        for reference in answer.values(name) {
            let Some(text) = url.resolve(reference) else {
                continue;
            };
            let same_origin = Url::of(&text).is_some_and(|other| other.origin == url.origin);
            if same_origin && !void.contains(&text) {
                void.push(text);
            }
        }
    }
    void
}

#[cfg(test)]
#[path = "tests/invalidate.rs"]
mod tests;
