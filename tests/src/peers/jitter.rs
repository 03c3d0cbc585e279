//! What is recommended everywhere: three retries, the pause doubled each time and drawn evenly from zero to that (*full jitter*).

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::{Landed, Peer};

const RETRIES: u32 = 3;
const BASE_MS: u64 = 100;

/// Retries with full jitter and no budget.
#[derive(Clone, Copy, Debug)]
pub struct Jitter;

/// The pause before the next attempt, if there may be one.
pub(super) fn pause(landed: Landed) -> Option<Millis> {
    let again = !landed.well && landed.attempt <= RETRIES;
    let most = BASE_MS << landed.attempt.saturating_sub(1).min(RETRIES);
    again.then(|| Millis(landed.luck.below(most + 1)))
}

impl Peer for Jitter {
    type Client = ();

    fn client(&self) {}

    fn admits(&self, (): &mut (), _: Instant, _: Draw) -> bool {
        true
    }

    fn settle(&self, (): &mut (), _: Instant, landed: Landed) -> Option<Millis> {
        pause(landed)
    }
}
