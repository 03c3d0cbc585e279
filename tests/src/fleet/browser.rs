//! Browsers, made when they are needed.

use tidegate_core::Instant;

use super::RELOAD_EVERY;
use crate::meter::BIN;

const NOBODY: u32 = u32::MAX;

/// One user's browser.
#[derive(Debug)]
pub(super) struct Browser<C> {
    pub(super) policy: C,
    /// When it wants to probe, as far as the agenda knows.
    pub(super) probe: Instant,
    wanted: bool,
    reload_from: Instant,
    bin: u64,
}

impl<C> Browser<C> {
    pub(super) fn new(policy: C) -> Browser<C> {
        Browser {
            policy,
            probe: Instant::NEVER,
            wanted: false,
            reload_from: Instant::START,
            bin: u64::MAX,
        }
    }

    /// Its user wants something during the incident; whether that was so before.
    pub(super) fn wants(&mut self) -> bool {
        std::mem::replace(&mut self.wanted, true)
    }

    /// Whether this is the first time in the bin of this moment.
    pub(super) fn is_new_in_bin(&mut self, now: Instant) -> bool {
        let bin = now.as_micros() / BIN;
        std::mem::replace(&mut self.bin, bin) != bin
    }

    /// Its user has seen a failure; whether that is a reason to reload.
    pub(super) fn reloads(&mut self, now: Instant) -> bool {
        let reloads = self.reload_from <= now;
        if reloads {
            self.reload_from = Instant::from_micros(now.as_micros() + RELOAD_EVERY);
        }
        reloads
    }
}

/// All browsers: a number for each that could be, and those that are.
#[derive(Debug)]
pub(super) struct Browsers<C> {
    places: Vec<u32>,
    made: Vec<Browser<C>>,
}

impl<C> Browsers<C> {
    pub(super) fn new(clients: u32) -> Browsers<C> {
        Browsers {
            places: vec![NOBODY; clients as usize],
            made: Vec::new(),
        }
    }

    /// The place of a client's browser.
    pub(super) fn find(&mut self, client: u32, make: impl FnOnce() -> Browser<C>) -> u32 {
        let place = &mut self.places[client as usize];
        if *place == NOBODY {
            *place = self.made.len() as u32;
            self.made.push(make());
        }
        *place
    }

    pub(super) fn at(&mut self, place: u32) -> &mut Browser<C> {
        &mut self.made[place as usize]
    }
}
