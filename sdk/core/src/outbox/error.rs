//! Why the outbox does not do what it was asked.

use core::fmt;

/// Why the outbox does not do what it was asked. Nothing has changed then.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum OutboxError {
    /// There is no room for one more, or for so many more bytes. Discard dead letters, or try again when some have gone.
    Full,
    /// There is no such entry, or it is somebody else's: it is done, or was discarded.
    Gone,
    /// It may have been applied: nobody knows what became of an attempt. Decide about it, or queue what is to be done after it.
    InDoubt,
    /// It is being sent at this moment; wait for what becomes of it.
    Sending,
    /// Its body is larger than any that is queued.
    TooLarge,
    /// The server is not known to heed idempotency keys, so it could be applied twice. Declare that it does, or queue it as doubted.
    Undeclared,
    /// That cannot be decided of an entry that stands as this one does.
    Unfit,
    /// What it should come after is not there, so there is nothing to take from it.
    UnknownPredecessor,
    /// The store has not been read, or has changed since: read it and ask again.
    Unread,
}

impl OutboxError {
    /// The word for it in JavaScript.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            OutboxError::Full => "outbox-full",
            OutboxError::Gone => "outbox-gone",
            OutboxError::InDoubt => "outbox-in-doubt",
            OutboxError::Sending => "outbox-sending",
            OutboxError::TooLarge => "outbox-too-large",
            OutboxError::Undeclared => "outbox-undeclared",
            OutboxError::Unfit => "outbox-unfit",
            OutboxError::UnknownPredecessor => "outbox-unknown-predecessor",
            OutboxError::Unread => "outbox-unread",
        }
    }
}

impl fmt::Display for OutboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            OutboxError::Full => "the outbox is full",
            OutboxError::Gone => "there is no such entry in the outbox",
            OutboxError::InDoubt => "the entry may have been applied",
            OutboxError::Sending => "the entry is being sent",
            OutboxError::TooLarge => "the body is too large for the outbox",
            OutboxError::Undeclared => "the server is not known to heed idempotency keys",
            OutboxError::Unfit => "this cannot be decided of the entry as it stands",
            OutboxError::UnknownPredecessor => "the entry that this one should follow is not there",
            OutboxError::Unread => "the outbox has not been read from its store",
        })
    }
}

impl core::error::Error for OutboxError {}
