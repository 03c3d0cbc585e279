//! Patterns that the developer gives.

use alloc::boxed::Box;
use core::fmt;

/// A path in which `:name` stands for any one segment and a final `*` for all that follow, also for none.
///
/// ```
/// use tidegate_core::Pattern;
/// let pattern = Pattern::new("/users/:name/*")?;
/// assert!(pattern.matches("/users/alice/orders/7"));
/// assert!(pattern.matches("/users/alice"));
/// assert!(!pattern.matches("/users"));
/// # Ok::<(), tidegate_core::PatternError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pattern(Box<str>);

/// Why a pattern is none.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PatternError {
    /// A `*` is not the last segment, or only part of one.
    Star,
    /// It does not begin with a `/`.
    Start,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PatternError::Star => "a `*` must be the last segment of a pattern",
            PatternError::Start => "a pattern must begin with `/`",
        })
    }
}

impl core::error::Error for PatternError {}

impl Pattern {
    /// The pattern.
    ///
    /// # Errors
    /// When it does not begin with a slash, or has a `*` that is not its last segment.
    pub fn new(text: &str) -> Result<Pattern, PatternError> {
        let rest = text.strip_prefix('/').ok_or(PatternError::Start)?;
        let before = match rest.strip_suffix('*') {
            Some(before) if before.is_empty() || before.ends_with('/') => before,
            _ => rest,
        };
        if before.contains('*') {
            return Err(PatternError::Star);
        }
        Ok(Pattern(text.into()))
    }

    /// Whether a path is one of its.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        let mut found = segments(path);
        for wanted in segments(&self.0) {
            if wanted == "*" {
                return true;
            }
            match found.next() {
                Some(segment) if wanted.starts_with(':') || wanted == segment => {}
                _ => return false,
            }
        }
        found.next().is_none()
    }

    /// The pattern as text: the template of its paths.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The parts between slashes; several slashes are one.
pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::test;

    #[test]
    fn a_star_stands_at_the_end_or_nowhere() {
        for text in ["/a/*/b", "/*/*", "/a*", "/*a", "/**"] {
            assert_eq!(Pattern::new(text), Err(PatternError::Star), "{text}");
        }
        for text in ["", "a/b", "*"] {
            assert_eq!(Pattern::new(text), Err(PatternError::Start), "{text}");
        }
        assert!(Pattern::new("/*").unwrap().matches(""));
    }

    #[test]
    fn a_name_stands_for_exactly_one_segment() {
        let pattern = Pattern::new("/users/:name").unwrap();
        for (path, expected) in [
            ("/users/alice", true),
            ("/users//alice/", true),
            ("/users", false),
            ("/users/alice/orders", false),
            ("/teams/alice", false),
        ] {
            assert_eq!(pattern.matches(path), expected, "{path}");
        }
    }
}
