//! Path patterns: text in which `*` stands for any run of characters, slashes included.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A path with `*` in it; the default, `*`, fits every path.
///
/// ```
/// use tidegate_contract::Pattern;
/// assert!(Pattern::from("/api/*/lineage").matches("/api/assets/ds-00001/lineage"));
/// assert!(!Pattern::from("/api/assets").matches("/api/assets/ds-00001"));
/// ```
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(transparent)]
pub struct Pattern(String);

impl Pattern {
    /// Whether the whole path fits. The path comes without its query string.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        fits(self.0.as_bytes(), path.as_bytes())
    }

    /// The pattern as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Pattern {
    fn default() -> Pattern {
        Pattern::from("*")
    }
}

impl From<&str> for Pattern {
    fn from(text: &str) -> Pattern {
        Pattern(text.to_owned())
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Greedy matching that goes back to the last `*` only: linear in practice, never exponential.
fn fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut seen) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while seen < text.len() {
        if pattern.get(at) == Some(&b'*') {
            star = Some((at, seen));
            at += 1;
        } else if pattern.get(at) == Some(&text[seen]) {
            at += 1;
            seen += 1;
        } else if let Some((star_at, star_seen)) = star {
            star = Some((star_at, star_seen + 1));
            at = star_at + 1;
            seen = star_seen + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_run_even_an_empty_one() {
        for (pattern, path, expected) in [
            ("*", "", true),
            ("*", "/anything/at/all", true),
            ("/api/*", "/api/", true),
            ("/api/*", "/api", false),
            ("*lineage", "/api/assets/lineage/lineage", true),
            ("/a*b*c", "/a-b-b-c", true),
            ("/a*b*c", "/a-b-b-d", false),
            ("", "/", false),
        ] {
            assert_eq!(
                Pattern::from(pattern).matches(path),
                expected,
                "{pattern} {path}"
            );
        }
    }
}
