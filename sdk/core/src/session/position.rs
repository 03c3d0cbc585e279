//! How far a channel was read.

use alloc::string::String;

/// How far a channel was read: up to this offset, in this memory of the server's.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Position {
    /// The channel's memory, by name. Another epoch means that the memory was lost.
    pub epoch: String,
    /// The number of the last message that was handled; 0 before the first.
    pub offset: u64,
}
