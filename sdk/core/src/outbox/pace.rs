//! How fast the outbox of an origin is drained.
//!
//! In the simulator, clients that sent all they had put off as soon as the backend was back kept its pool full for another 40 s: the outbox
//! is the second wave. It is one still when a gap between two is halved with every quick answer: 2,000 pages with four writes each have a quick
//! answer before any of them can see a queue, and after a spike of five times the capacity people read a fifth fewer fresh answers, and had none
//! at first go for longer than two minutes. What a backend has room for no page can know; how much people ask of it, each page can see. So:
//!
//! - After trouble of the backend an entry goes for every five answers that people got in about the usual time, in a row, and alone: a drain is a
//!   fifth of what people do, whatever the fleet. After four quick answers in a row it goes for half as many; a failure begins anew.
//! - Where people ask for nothing, the first one goes at a random moment of the *spread*, and alone. Every quick answer halves the gap and doubles
//!   how many may be out; every slow one does the opposite; a failure begins anew.
//! - Where they ask for little, none waits longer than four times the spread.
//! - Without trouble there is no gap: who saves something sees it saved at once.

use alloc::string::String;
use alloc::vec::Vec;

use crate::calm::Calm;
use crate::rng::Rng;
use crate::settings::OutboxSettings;
use crate::time::{Instant, Millis};

/// A gap shorter than this is none.
const LEAST: Millis = Millis(250);
/// After trouble of the backend one goes for so many answers that people got in the usual time. A backend that people keep busy to five sixths
/// bears it.
const SHARE: u32 = 5;
/// After so many quick answers in a row it goes for half as many.
const ROW: u32 = 4;
/// Where nobody has asked for anything for as long, nothing is in anybody's way.
const QUIET: Millis = Millis(60_000);
/// How soon to look again how people are answered.
const LOOK: Millis = Millis(1_000);
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
    /// It may go for so many answers that people got in the usual time; 0, if it does not go by them.
    share: u32,
    /// Quick answers in a row.
    row: u32,
    /// How many answers people had got when the last one went.
    mark: u32,
    /// When the next one goes by its gap, whatever people get.
    latest: Instant,
    /// Something is wrong, and whether it is with the backend.
    trouble: Option<bool>,
}

impl Pace {
    fn new() -> Pace {
        Pace {
            window: 1,
            gap: Millis::ZERO,
            next: Instant::START,
            share: 0,
            row: 0,
            mark: 0,
            latest: Instant::START,
            trouble: None,
        }
    }

    /// Something is wrong: what is queued will have to begin slowly.
    pub(super) fn trouble(&mut self, backend: bool) {
        self.trouble = Some(backend || self.trouble == Some(true));
    }

    /// When the next may go; nothing is in its way any more.
    pub(super) fn turn(
        &mut self,
        now: Instant,
        settings: &PaceSettings,
        calm: Calm,
        rng: &mut Rng,
    ) -> Instant {
        if let Some(backend) = self.trouble.take() {
            let spread = match backend {
                true => settings.spread,
                false => Millis(settings.spread.0 / OWN),
            };
            self.window = 1;
            self.gap = self.gap.max(spread);
            self.next = self.next.max(now + rng.jitter(spread));
            if backend {
                self.share = SHARE;
                self.row = 0;
                self.mark = calm.total;
                self.wait(now, settings);
            }
        }
        let quiet = calm.latest.is_none_or(|at| now - at >= QUIET);
        if self.share == 0 || quiet || now >= self.latest {
            return self.next;
        }
        let got = calm.total.wrapping_sub(self.mark).min(calm.run);
        match got >= self.share {
            true => now,
            false => now + LOOK,
        }
    }

    /// How many may be out.
    pub(super) fn window(&self, settings: &PaceSettings) -> u32 {
        self.window.min(settings.most)
    }

    /// Whether they go one at a time.
    pub(super) fn is_slow(&self) -> bool {
        self.gap > Millis::ZERO || self.share > 0
    }

    pub(super) fn sent(
        &mut self,
        now: Instant,
        settings: &PaceSettings,
        calm: Calm,
        rng: &mut Rng,
    ) {
        self.mark = calm.total;
        self.wait(now, settings);
        let half = Millis(self.gap.0 / 2);
        self.next = now + Millis(self.gap.0 - half.0) + rng.jitter(half);
    }

    /// The next waits for what people get, but not for ever.
    fn wait(&mut self, now: Instant, settings: &PaceSettings) {
        let part = longest(settings).0 / u64::from(SHARE);
        self.latest = now + Millis(part.saturating_mul(self.share.into()));
    }

    /// An answer came that was no failure.
    pub(super) fn well(&mut self, now: Instant, took: Millis, settings: &PaceSettings) {
        if took > settings.quick {
            self.row = 0;
            self.window = (self.window / 2).max(1);
            self.gap = Millis(self.gap.0.max(LEAST.0).saturating_mul(2)).min(longest(settings));
            return;
        }
        self.row += 1;
        if self.row >= ROW {
            self.row = 0;
            self.share /= 2;
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
        self.share = SHARE;
        self.row = 0;
        self.gap = Millis(self.gap.0.saturating_mul(2))
            .max(settings.spread)
            .min(longest(settings));
        self.next = now + rng.jitter(self.gap);
    }
}

fn longest(settings: &PaceSettings) -> Millis {
    Millis(settings.spread.0.saturating_mul(MOST)).max(LEAST)
}
