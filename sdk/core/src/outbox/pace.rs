//! How fast the outbox of an origin is drained.
//!
//! In the simulator, clients that sent all they had put off as soon as the backend was back kept its pool full for another 40 s: the outbox
//! is the second wave. As a scavenger (30 s between two to begin with, halved with every quick answer, doubled with every slow one) three to
//! four times as many pages had fresh answers meanwhile. So:
//!
//! - After trouble the first entry goes at a random moment of the *spread*, and alone. Every quick answer halves the gap and doubles how many
//!   may be out; every slow one does the opposite; a failure begins anew.
//! - Without trouble there is no gap: who saves something sees it saved at once.

use alloc::string::String;
use alloc::vec::Vec;

use crate::rng::Rng;
use crate::settings::OutboxSettings;
use crate::time::{Instant, Millis};

/// A gap shorter than this is none.
const LEAST: Millis = Millis(250);
/// So many times the spread is the longest gap.
const MOST: u64 = 4;
/// What was this page's own trouble, such as a tunnel, was not that of a fleet: the spread is so many times shorter.
const OWN: u64 = 8;

/// What a pace goes by.
#[derive(Clone, Copy, Debug)]
pub(super) struct PaceSettings {
    /// Over how long the first ones of a fleet are spread.
    pub(super) spread: Millis,
    /// An answer that takes no longer is quick.
    pub(super) quick: Millis,
    /// How many may be out.
    pub(super) most: u32,
}

impl From<&OutboxSettings> for PaceSettings {
    fn from(settings: &OutboxSettings) -> PaceSettings {
        PaceSettings {
            spread: Millis(settings.spread_ms.into()),
            quick: Millis(settings.quick_ms.into()),
            most: settings.in_flight,
        }
    }
}

/// The paces of all origins.
#[derive(Clone, Debug, Default)]
pub(super) struct Paces(Vec<(String, Pace)>);

impl Paces {
    pub(super) fn of(&mut self, origin: &str) -> &mut Pace {
        let at = match self.0.iter().position(|(known, _)| known == origin) {
            Some(at) => at,
            None => {
                self.0.push((origin.into(), Pace::new()));
                self.0.len() - 1
            }
        };
        &mut self.0[at].1
    }

    /// A page begins with something that was held up.
    pub(super) fn began_with(&mut self, origin: &str) {
        if !self.0.iter().any(|(known, _)| known == origin) {
            self.of(origin).trouble(true);
        }
    }
}

/// The pace of one origin.
#[derive(Clone, Debug)]
pub(super) struct Pace {
    window: u32,
    gap: Millis,
    next: Instant,
    /// Something is wrong, and whether it is with the backend.
    trouble: Option<bool>,
}

impl Pace {
    fn new() -> Pace {
        Pace {
            window: 1,
            gap: Millis::ZERO,
            next: Instant::START,
            trouble: None,
        }
    }

    /// Something is wrong: what is queued will have to begin slowly.
    pub(super) fn trouble(&mut self, backend: bool) {
        self.trouble = Some(backend || self.trouble == Some(true));
    }

    /// When the next may go; nothing is in its way any more.
    pub(super) fn turn(&mut self, now: Instant, settings: &PaceSettings, rng: &mut Rng) -> Instant {
        if let Some(backend) = self.trouble.take() {
            let spread = match backend {
                true => settings.spread,
                false => Millis(settings.spread.0 / OWN),
            };
            self.window = 1;
            self.gap = self.gap.max(spread);
            self.next = self.next.max(now + rng.jitter(spread));
        }
        self.next
    }

    /// How many may be out.
    pub(super) fn window(&self, settings: &PaceSettings) -> u32 {
        self.window.min(settings.most)
    }

    /// Whether they go one at a time.
    pub(super) fn is_slow(&self) -> bool {
        self.gap > Millis::ZERO
    }

    pub(super) fn sent(&mut self, now: Instant, rng: &mut Rng) {
        let half = Millis(self.gap.0 / 2);
        self.next = now + Millis(self.gap.0 - half.0) + rng.jitter(half);
    }

    /// An answer came that was no failure.
    pub(super) fn well(&mut self, now: Instant, took: Millis, settings: &PaceSettings) {
        if took > settings.quick {
            self.window = (self.window / 2).max(1);
            self.gap = Millis(self.gap.0.max(LEAST.0).saturating_mul(2)).min(longest(settings));
            return;
        }
        self.window = self.window.saturating_mul(2).min(settings.most);
        self.gap = Millis(self.gap.0 / 2);
        if self.gap < LEAST {
            self.gap = Millis::ZERO;
        }
        self.next = self.next.min(now + self.gap);
    }

    /// It failed.
    pub(super) fn ill(&mut self, now: Instant, settings: &PaceSettings, rng: &mut Rng) {
        self.window = 1;
        self.gap = Millis(self.gap.0.saturating_mul(2))
            .max(settings.spread)
            .min(longest(settings));
        self.next = now + rng.jitter(self.gap);
    }
}

fn longest(settings: &PaceSettings) -> Millis {
    Millis(settings.spread.0.saturating_mul(MOST)).max(LEAST)
}
