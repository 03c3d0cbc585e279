//! The cache that answers part of the reads, and what a restart does to it.
//!
//! A cold cache fills as the common things are asked for again: after `t` it has (1 - exp(-t / 30 s)) of what it will have. Thirty
//! seconds is an assumption.

use tidegate_core::Instant;

use super::attempt::Attempt;
use super::settings::BackendSettings;
use crate::micros::Micros;

const WARMING: Micros = Micros::from_millis(30_000);
// Which of an intent's draws is the cache's; others may use the same intent for other things.
const CACHE: u64 = 0xCAC4E;

#[derive(Debug)]
pub(super) enum Cache {
    Warm,
    Warming { since: Instant },
}

impl Cache {
    pub(super) fn answers(
        &self,
        now: Instant,
        attempt: &Attempt,
        settings: &BackendSettings,
    ) -> bool {
        if attempt.write || settings.hit_permille == 0 {
            return false;
        }
        let share = f64::from(settings.hit_permille) / 1_000.0 * self.warmth(now);
        attempt.intent.at(CACHE).unit() < share
    }

    /// The part of what it has when warm that it has now.
    fn warmth(&self, now: Instant) -> f64 {
        match self {
            Cache::Warm => 1.0,
            Cache::Warming { since } => {
                let time = Micros::since(now, *since).0 as f64 / WARMING.0 as f64;
                1.0 - libm::exp(-time)
            }
        }
    }
}
