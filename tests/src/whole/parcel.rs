//! What is on the wire: an attempt, and what comes back.

use tidegate_contract::Draw;
use tidegate_core::Outcome;

use crate::policy::Token;

/// An attempt as a browser sends it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parcel {
    pub(super) token: Token,
    /// The number of the intent that it would change something for, if it would.
    pub(super) write: Option<u64>,
    pub(super) key: Option<u64>,
    pub(super) intent: Draw,
    pub(super) service: Draw,
    pub(super) fault: Draw,
    /// It asks whether the backend is ready.
    pub(super) readiness: bool,
}

/// What came back.
#[derive(Clone, Copy, Debug)]
pub(super) struct Landed {
    pub(super) token: Token,
    pub(super) outcome: Outcome,
    /// The server's word, if it said one.
    pub(super) word: Option<Hint>,
}

/// What a backend says of itself: its level in thousandths, and how long a newcomer would wait.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Hint {
    pub(super) level: u32,
    pub(super) wait_ms: u64,
}

impl Hint {
    /// As the header has it.
    pub(super) fn field(self) -> String {
        format!("level={}, wait={}", self.level, self.wait_ms.min(600_000))
    }
}
