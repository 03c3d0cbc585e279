//! What the outbox asks of its driver.

use alloc::string::String;
use alloc::vec::Vec;

use super::batch::Batch;
use super::flight::Claim;
use crate::time::Instant;

/// What to do next.
#[derive(Clone, Debug)]
#[must_use = "a batch is handed out once"]
pub enum Step {
    /// Read all rows, and report with [`Outbox::load`](super::Outbox::load).
    Load,
    /// An attempt was answered, and others wait for what its answer says: find these members in its body, and report with [`Outbox::found`](super::Outbox::found).
    Read {
        /// Whose answer.
        claim: Claim,
        /// Names of members from the outside in, with dots between them.
        fields: Vec<String>,
    },
    /// Store this, and report with [`Outbox::applied`](super::Outbox::applied), [`Outbox::refused`](super::Outbox::refused) or [`Outbox::failed`](super::Outbox::failed).
    Store(Batch),
    /// Poll again at this time, when an attempt has an outcome, when another tab has changed the queue, or when something was queued.
    Wait(Instant),
}
