//! Why a word is void.

use core::fmt;

/// Why a word is void. It is dropped as if it had not been said, and what was known before stays in force.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum WordError {
    /// The field is not a Dictionary as in RFC 9651.
    Malformed {
        /// The first byte that does not fit.
        at: usize,
    },
    /// There is no `level`.
    MissingLevel,
    /// A member is neither `?0` nor `?1`.
    NotABoolean {
        /// Which member.
        member: &'static str,
    },
    /// A member is not an Integer.
    NotAnInteger {
        /// Which member.
        member: &'static str,
    },
    /// A member is not a String with an absolute path on the same origin.
    NotAPath {
        /// Which member.
        member: &'static str,
        /// The longest that it may be, in bytes.
        longest: usize,
    },
    /// A member is out of its range.
    OutOfRange {
        /// Which member.
        member: &'static str,
        /// The smallest value that it may have.
        least: u32,
        /// The largest value that it may have.
        most: u32,
        /// What was there instead.
        found: i64,
    },
}

impl WordError {
    /// The variant's name in kebab-case, the same as the hint crate's where both have it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            WordError::Malformed { .. } => "malformed",
            WordError::MissingLevel => "missing-level",
            WordError::NotABoolean { .. } => "not-a-boolean",
            WordError::NotAnInteger { .. } => "not-an-integer",
            WordError::NotAPath { .. } => "not-a-path",
            WordError::OutOfRange { .. } => "out-of-range",
        }
    }
}

impl fmt::Display for WordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WordError::Malformed { at } => write!(f, "byte {at} fits into no dictionary"),
            WordError::MissingLevel => f.write_str("the level is missing"),
            WordError::NotABoolean { member } => write!(f, "{member} must be ?0 or ?1"),
            WordError::NotAnInteger { member } => write!(f, "{member} must be an integer"),
            WordError::NotAPath { member, longest } => write!(
                f,
                "{member} must be an absolute path on the same origin, of at most {longest} bytes"
            ),
            WordError::OutOfRange {
                member,
                least,
                most,
                found,
            } => write!(f, "{member} must be {least} to {most}, not {found}"),
        }
    }
}

impl core::error::Error for WordError {}
