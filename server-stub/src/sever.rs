//! What an answer does to its connection.
//!
//! The router cannot end a connection: it may have none, as in tests without a socket. It marks its answer instead, and whoever serves
//! the connection carries the mark out (see `connection.rs`).

use axum::body::Body;
use axum::http::{Extensions, Response};
use tidegate_contract::{Garble, Micros};

use crate::hold::Hold;

/// Marks an answer that must not be given: its connection ends instead.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Severed {
    /// The connection is closed.
    Close,
    /// These bytes are written, and the connection is closed.
    Garble(Garble),
    /// The connection is reset.
    Reset,
}

impl Severed {
    /// An answer that will not be given.
    pub(crate) fn response(self) -> Response<Body> {
        let mut response = Response::default();
        response.extensions_mut().insert(self);
        response
    }

    /// The mark on an answer, if it has one.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Severed> {
        extensions.get().copied()
    }
}

/// Marks an answer whose body must not be sent to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct CutBody {
    pub(crate) after_bytes: u64,
    pub(crate) reset: bool,
}

/// Marks an answer whose connection is reset once it has been idle for so long.
#[derive(Clone, Debug)]
pub(crate) struct KillIdle {
    pub(crate) after: Micros,
    /// A program that is over kills nothing any more.
    pub(crate) hold: Hold,
}
