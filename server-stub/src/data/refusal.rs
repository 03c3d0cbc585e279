//! Why a read or a write did not happen.

use std::fmt;

use tidegate_contract::{AccessStatus, Problem};

use super::budget::Budget;

/// Nothing was changed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Refusal {
    /// The access request has been decided before.
    AlreadyDecided { id: String, status: AccessStatus },
    /// The violation has been resolved before.
    AlreadyResolved { id: String },
    /// There is no room for what clients write.
    Full,
    /// There is nothing of this id.
    NoSuch { what: &'static str, id: String },
    /// The client knew another state than the one there is.
    Stale { current: String },
}

impl Refusal {
    /// The refusal as a client is told.
    pub(crate) fn problem(&self) -> Problem {
        let (status, word, title) = match self {
            Refusal::AlreadyDecided { .. } => (409, "already-decided", "Already decided"),
            Refusal::AlreadyResolved { .. } => (409, "already-resolved", "Already resolved"),
            Refusal::Full => (507, "storage-full", "No room for more"),
            Refusal::NoSuch { .. } => (404, "not-found", "Not found"),
            Refusal::Stale { .. } => (412, "stale", "It has changed in the meantime"),
        };
        let mut problem = Problem::new(status, word, title, self.to_string());
        if let Refusal::Stale { current } = self {
            problem.current_etag = Some(current.as_str().into());
        }
        problem
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::AlreadyDecided { id, status } => {
                write!(f, "the access request \"{id}\" is {status} already")
            }
            Refusal::AlreadyResolved { id } => {
                write!(f, "the violation \"{id}\" is resolved already")
            }
            Refusal::Full => write!(
                f,
                "what clients have written takes {} MiB, which is all there is; a reset makes room",
                Budget::MAX >> 20
            ),
            Refusal::NoSuch { what, id } => write!(f, "there is no {what} \"{id}\""),
            Refusal::Stale { current } => {
                write!(f, "the entity tag is {current} now; read it again")
            }
        }
    }
}

impl std::error::Error for Refusal {}
