//! axios-retry 4.5: three retries without any pause (`retryDelay` is `noDelay` by default).

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::{Landed, Peer};

const RETRIES: u32 = 3;

/// Immediate retries. Timeouts are repeated as well, as with `shouldResetTimeout` and a condition that says so.
#[derive(Clone, Copy, Debug)]
pub struct AxiosRetry;

impl Peer for AxiosRetry {
    type Client = ();

    fn client(&self) {}

    fn admits(&self, (): &mut (), _: Instant, _: Draw) -> bool {
        true
    }

    fn settle(&self, (): &mut (), _: Instant, landed: Landed) -> Option<Millis> {
        (!landed.well && landed.attempt <= RETRIES).then_some(Millis::ZERO)
    }
}
