//! A user's browser.

use tidegate_core::Instant;

use super::copies::Copies;
use super::outbox::Entry;

/// One browser: what its policy remembers and what it has stored.
#[derive(Debug)]
pub(super) struct User<C> {
    pub(super) client: C,
    pub(super) copies: Copies,
    pub(super) saved: Vec<Entry>,
    /// When it wants to probe, as far as the agenda knows.
    pub(super) probe: Instant,
    /// When it wants to send what is saved, as far as the agenda knows.
    pub(super) flush: Instant,
    /// The number of the pushed word that it heard last.
    pub(super) heard: u64,
}
