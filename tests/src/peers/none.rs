//! `fetch` as it comes: one attempt.

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::{Landed, Peer};

/// No policy.
#[derive(Clone, Copy, Debug)]
pub struct Nothing;

impl Peer for Nothing {
    type Client = ();

    fn client(&self) {}

    fn admits(&self, (): &mut (), _: Instant, _: Draw) -> bool {
        true
    }

    fn settle(&self, (): &mut (), _: Instant, _: Landed) -> Option<Millis> {
        None
    }
}
