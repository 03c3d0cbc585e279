//! What can go wrong between a test and the stub it drives.

use std::fmt;

use tidegate_contract::Problem;

use crate::shortage::Shortage;

/// Why the stub did not do what it was asked for. The text says what to do about it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The stub refuses: its own words, with the call in front of the detail.
    Problem(Box<Problem>),
    /// Fewer lines arrived than were waited for.
    Shortage(Box<Shortage>),
    /// Something answered that is no control API of this version.
    Strange {
        /// What was asked for.
        url: String,
        /// The answer's status.
        status: u16,
        /// What is wrong with it.
        reason: String,
    },
    /// Nobody answered.
    Unreachable {
        /// Where the control listener was looked for.
        control: String,
        /// What happened instead.
        reason: String,
    },
}

impl Error {
    /// The stub's problem, when it is one.
    #[must_use]
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Error::Problem(problem) => Some(problem),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Problem(problem) if problem.status == 401 => write!(
                f,
                "the stub was started with --token: give the same to StubClient::with_token ({})",
                problem.detail
            ),
            Error::Problem(problem) => write!(
                f,
                "the stub refuses ({} {}): {}",
                problem.status, problem.title, problem.detail
            ),
            Error::Shortage(shortage) => shortage.fmt(f),
            Error::Strange {
                url,
                status,
                reason,
            } => write!(
                f,
                "{url} answered {status} and not as a stub of this version would: is it the control listener, and not the API? ({reason})"
            ),
            Error::Unreachable { control, reason } => write!(
                f,
                "no stub answers at {control}: start server-stub, and take the control address from the line that it prints ({reason})"
            ),
        }
    }
}

impl std::error::Error for Error {}
