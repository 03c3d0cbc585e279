//! Why a hint is void.

use std::fmt;

/// Why a hint is void. A client drops it and goes on with what it knew.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum HintError {
    /// The field is not a Dictionary as in RFC 9651.
    Malformed {
        /// The first byte that does not fit.
        at: usize,
    },
    /// There is no `level`.
    MissingLevel,
    /// A member is not an Integer.
    NotAnInteger {
        /// Which member.
        member: &'static str,
    },
    /// A member is out of its range.
    OutOfRange {
        /// Which member.
        member: &'static str,
        /// The smallest value it may have.
        least: i64,
        /// The largest value it may have.
        most: i64,
        /// What was there instead.
        found: i64,
    },
}

impl HintError {
    /// The variant's name in kebab-case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            HintError::Malformed { .. } => "malformed",
            HintError::MissingLevel => "missing-level",
            HintError::NotAnInteger { .. } => "not-an-integer",
            HintError::OutOfRange { .. } => "out-of-range",
        }
    }
}

impl fmt::Display for HintError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HintError::Malformed { at } => write!(f, "byte {at} fits into no dictionary"),
            HintError::MissingLevel => f.write_str("the level is missing"),
            HintError::NotAnInteger { member } => write!(f, "{member} must be an integer"),
            HintError::OutOfRange {
                member,
                least,
                most,
                found,
            } => write!(f, "{member} must be {least} to {most}, not {found}"),
        }
    }
}

impl std::error::Error for HintError {}
