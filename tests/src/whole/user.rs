//! A user's browser.

use tidegate_core::Instant;

use super::copies::Copies;
use super::outbox::Outbox;

/// One browser: what its policy remembers and what it has stored.
#[derive(Debug)]
pub(super) struct User<C> {
    pub(super) client: C,
    pub(super) copies: Copies,
    pub(super) outbox: Outbox,
    /// When it wants to probe, as far as the agenda knows.
    pub(super) probe: Instant,
    /// When it wants to send from its outbox, as far as the agenda knows.
    pub(super) flush: Instant,
    /// The number of the pushed word that it heard last.
    pub(super) heard: u64,
}
