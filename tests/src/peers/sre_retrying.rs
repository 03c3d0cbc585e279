//! The SRE book's client in full: adaptive throttling, three attempts at most, and a tenth of the successes as a budget for the others.

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::backoff::pause;
use super::budget::Bucket;
use super::sre::{Sre, Throttle};
use super::{Landed, Peer};

const ATTEMPTS: u32 = 3;
const PERCENT: u32 = 10;

/// The throttle with retries.
#[derive(Clone, Copy, Debug)]
pub struct SreRetrying;

impl Peer for SreRetrying {
    type Client = (Throttle, Bucket);

    fn client(&self) -> (Throttle, Bucket) {
        (Sre.client(), Bucket::NEW)
    }

    fn admits(&self, (throttle, _): &mut Self::Client, now: Instant, luck: Draw) -> bool {
        Sre.admits(throttle, now, luck)
    }

    fn settle(
        &self,
        (throttle, bucket): &mut Self::Client,
        now: Instant,
        landed: Landed,
    ) -> Option<Millis> {
        let _ = Sre.settle(throttle, now, landed);
        if landed.well {
            bucket.earn(PERCENT);
        }
        pause(landed).filter(|_| landed.attempt < ATTEMPTS && bucket.pays())
    }
}
