//! Why a trace cannot be replayed.

use core::fmt;

/// Why a trace cannot be replayed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TraceError {
    /// It is no trace, or part of it is missing or changed.
    Malformed {
        /// The first byte that makes no sense, of what the text stands for.
        at: usize,
    },
    /// It was written by a version with another format or other settings.
    OtherVersion,
    /// The text is not that of a trace.
    Text,
}

impl fmt::Display for TraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TraceError::Malformed { at } => write!(f, "byte {at} of the trace makes no sense"),
            TraceError::OtherVersion => f.write_str("the trace is another version's"),
            TraceError::Text => f.write_str("the text is no trace"),
        }
    }
}

impl core::error::Error for TraceError {}
