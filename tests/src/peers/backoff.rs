//! The textbook's answer to overload: three retries, full jitter from 250 ms, doubled each time, 10 s at most. It shapes when load comes,
//! not how much.

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::{Landed, Peer};

const RETRIES: u32 = 3;
const BASE_MS: u64 = 250;
const CAP_MS: u64 = 10_000;

/// Retries with full jitter from a quarter of a second.
#[derive(Clone, Copy, Debug)]
pub struct Backoff;

/// The pause before the next attempt, if there may be one.
pub(super) fn pause(landed: Landed) -> Option<Millis> {
    let again = !landed.well && landed.attempt <= RETRIES;
    let doubled = BASE_MS << landed.attempt.saturating_sub(1).min(RETRIES);
    again.then(|| Millis(landed.luck.below(doubled.min(CAP_MS) + 1)))
}

impl Peer for Backoff {
    type Client = ();

    fn client(&self) {}

    fn admits(&self, (): &mut (), _: Instant, _: Draw) -> bool {
        true
    }

    fn settle(&self, (): &mut (), _: Instant, landed: Landed) -> Option<Millis> {
        pause(landed)
    }
}
