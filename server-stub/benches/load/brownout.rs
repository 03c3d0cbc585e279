//! The incident: 30 s of peace, 60 s in which work takes ten times as long, and 120 s in which nothing is wrong any more.
//!
//! Half of the reference in size: 1,000 naive users in front of 25 connections. `Q x S / K + S >= timeout` says that the cliff is at a
//! queue of 475. A smaller pool blurs it: a few quick answers in a row are then enough to end the loop by luck.

use std::ops::Range;

use tidegate_contract::{
    Backend, BackendSettings, Change, CrowdDriver, CrowdSettings, FaultProgram, Moment,
};
use tidegate_core::{Instant, Millis};

use crate::outcome::Outcome;

pub(crate) const CONNECTIONS: u32 = 25;
pub(crate) const USERS: u32 = 1_000;
pub(crate) const SLOW_AT: u64 = 30;
pub(crate) const HEAL_AT: u64 = 90;
pub(crate) const END: u64 = 210;
/// The first wants of the crowd meet an empty backend.
pub(crate) const PEACE: Range<u64> = 5..SLOW_AT;
/// What begins later may not be over at the end.
pub(crate) const LAST_MINUTE: Range<u64> = END - 70..END - 10;
const SLOWDOWN: u32 = 10_000;

/// The incident with so many places to wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Brownout {
    pub(crate) queue: u32,
    pub(crate) seed: u64,
}

impl Brownout {
    pub(crate) fn users(self) -> CrowdSettings {
        CrowdSettings::default().with_users(USERS)
    }

    /// For the stub.
    pub(crate) fn program(self) -> FaultProgram {
        let moment = |seconds: u64, change| Moment {
            at: Millis::from_secs(seconds),
            change,
        };
        FaultProgram::new(self.seed)
            .with_backend(self.backend())
            .with_moment(moment(SLOW_AT, Change::Slow { permille: SLOWDOWN }))
            .with_moment(moment(HEAL_AT, Change::Heal))
    }

    /// The same without a socket.
    pub(crate) fn in_virtual_time(self) -> Outcome {
        let settings = self.backend();
        let mut backend = Backend::new(settings.clone(), Instant::START);
        let mut driver = CrowdDriver::new(self.users(), self.seed, Instant::START);
        for (end, slowdown) in [
            (SLOW_AT, SLOWDOWN),
            (HEAL_AT, settings.slowdown),
            (END, settings.slowdown),
        ] {
            run_to(at(end), &mut backend, &mut driver);
            let settings = BackendSettings {
                slowdown,
                ..settings.clone()
            };
            backend.configure(at(end), settings);
        }
        let totals = backend.totals();
        Outcome::of(driver.crowd(), totals.useful, totals.wasted)
    }

    fn backend(self) -> BackendSettings {
        BackendSettings {
            connections: CONNECTIONS,
            queue: self.queue,
            ..BackendSettings::reference()
        }
    }
}

fn run_to(end: Instant, backend: &mut Backend, driver: &mut CrowdDriver) {
    loop {
        let next = [backend.deadline(), driver.deadline()];
        let now = next.into_iter().flatten().min().unwrap_or(end).min(end);
        while let Some(notice) = backend.poll(now) {
            driver.take(&notice);
        }
        driver.advance(now, backend);
        if now == end {
            return;
        }
    }
}

pub(crate) fn at(seconds: u64) -> Instant {
    Instant::from_millis(seconds * 1_000)
}
