//! Why a call has no answer.

use std::fmt;

use tidegate_core::outbox::OutboxError;
use tidegate_core::{Reason, SettingsError};
use wasm_bindgen::JsValue;

/// Why a call has no answer.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The caller aborted it; the signal's reason.
    Aborted(JsValue),
    /// The request cannot be sent: its body was used already, or its URL is none.
    Invalid(JsValue),
    /// A user has gone, and what is kept of them could not be erased.
    NotErased,
    /// A write could not be queued, since the browser does not store it: only its caller has it.
    NotDurable {
        /// What the database said.
        reason: String,
    },
    /// The outbox does not do what it was asked.
    Outbox(OutboxError),
    /// The policies refused it, or gave it up.
    Refused {
        /// Why.
        reason: Reason,
        /// Attempts that were sent.
        attempts: u32,
        /// What the policies guard here: the origin and the route's template.
        scope: String,
        /// When asking again makes sense, in milliseconds since 1970.
        retry_at: Option<u64>,
    },
    /// A setting was refused.
    Settings(SettingsError),
    /// There is no scope of this name.
    UnknownScope {
        /// The name.
        scope: String,
    },
    /// The network rejected the last attempt; its own rejection.
    Unreachable {
        /// What `fetch` was rejected with.
        rejection: JsValue,
        /// Attempts that were sent.
        attempts: u32,
        /// What the policies guard here: the origin and the route's template.
        scope: String,
        /// When asking again makes sense, in milliseconds since 1970.
        retry_at: Option<u64>,
    },
}

impl Error {
    /// A name to match on, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Error::Aborted(_) => "aborted",
            Error::Invalid(_) => "invalid-request",
            Error::NotDurable { .. } => "not-durable",
            Error::NotErased => "not-erased",
            Error::Outbox(refused) => refused.code(),
            Error::Refused { reason, .. } => reason.as_str(),
            Error::Settings(_) => "invalid-settings",
            Error::UnknownScope { .. } => "unknown-scope",
            Error::Unreachable { .. } => "unreachable",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Aborted(_) => f.write_str("the call was aborted"),
            Error::Invalid(_) => f.write_str("the request cannot be sent"),
            Error::NotDurable { reason } => {
                write!(f, "the write is not queued, since it is not stored: {reason}")
            }
            Error::Outbox(refused) => refused.fmt(f),
            Error::NotErased => f.write_str(
                "the browser's database gives no answer, so what is kept of this user may still be there: log out again, or clear this site's data",
            ),
            Error::Refused {
                reason: Reason::CircuitOpen,
                scope,
                ..
            } => {
                write!(
                    f,
                    "{scope}: the circuit breaker lets no call through for now"
                )
            }
            Error::Refused {
                reason: Reason::Throttled,
                scope,
                ..
            } => {
                write!(
                    f,
                    "{scope}: too many calls for its origin: the queue is full, or the rate is used up"
                )
            }
            Error::Refused {
                reason: Reason::Timeout,
                scope,
                ..
            } => write!(f, "{scope} did not answer in time"),
            Error::Refused { reason, scope, .. } => write!(f, "{scope} gives no answer ({reason})"),
            Error::Settings(refused) => refused.fmt(f),
            Error::UnknownScope { scope } => write!(
                f,
                "there is no scope `{scope}`: it must be one of those that health shows"
            ),
            Error::Unreachable { .. } => f.write_str("the network gives no answer"),
        }
    }
}

impl std::error::Error for Error {}

impl From<SettingsError> for Error {
    fn from(refused: SettingsError) -> Error {
        Error::Settings(refused)
    }
}
