//! Backoff whose retries are paid for: a bucket gets a tenth (or a fifth) of a retry for each success, begins with one and holds three.

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::backoff::pause;
use super::{Landed, Peer};

/// A retry, in hundredths.
const RETRY: u32 = 100;
const MOST: u32 = 3 * RETRY;

/// Three retries with full jitter, paid from a bucket.
#[derive(Clone, Copy, Debug)]
pub struct Budget {
    /// What a success brings, in hundredths of a retry.
    pub percent: u32,
}

/// What a browser has saved, in hundredths of a retry.
#[derive(Clone, Copy, Debug)]
pub struct Bucket(u32);

impl Bucket {
    pub(super) const NEW: Bucket = Bucket(RETRY);

    pub(super) fn earn(&mut self, percent: u32) {
        self.0 = (self.0 + percent).min(MOST);
    }

    pub(super) fn pays(&mut self) -> bool {
        let pays = self.0 >= RETRY;
        if pays {
            self.0 -= RETRY;
        }
        pays
    }
}

impl Peer for Budget {
    type Client = Bucket;

    fn client(&self) -> Bucket {
        Bucket::NEW
    }

    fn admits(&self, _: &mut Bucket, _: Instant, _: Draw) -> bool {
        true
    }

    fn settle(&self, bucket: &mut Bucket, _: Instant, landed: Landed) -> Option<Millis> {
        if landed.well {
            bucket.earn(self.percent);
        }
        pause(landed).filter(|_| bucket.pays())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_successes_pay_for_a_retry_and_one_is_given() {
        let budget = Budget { percent: 10 };
        let mut bucket = budget.client();
        let mut again = |well| {
            let landed = Landed {
                attempt: 1,
                well,
                luck: Draw::from_seed(1),
            };
            budget.settle(&mut bucket, Instant::START, landed).is_some()
        };
        assert!(again(false));
        assert!(!again(false));
        for _ in 0..9 {
            again(true);
        }
        assert!(!again(false));
        again(true);
        assert!(again(false));
    }
}
