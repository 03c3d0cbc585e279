//! Writes that are saved: what the run remembers of them until they are done. When they go, the policy says.

use tidegate_contract::Draw;
use tidegate_core::Instant;

/// A write that was saved.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The intent's number, of which its key is made.
    pub(super) number: u64,
    /// The intent's luck.
    pub(super) luck: Draw,
    /// When its user wanted it.
    pub(super) begun: Instant,
    /// How often it was asked for.
    pub(super) asked: u32,
}
