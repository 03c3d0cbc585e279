//! Writes down what an engine is told, and hashes what it decides.

use alloc::vec::Vec;

use super::VERSION;
use super::deed::Deed;
use super::hash::DecisionHash;
use super::stream::write;
use super::text::Trace;
use crate::scope::ScopeId;
use crate::settings::{SETTINGS, Settings};
use crate::step::Step;
use crate::time::Instant;

/// Writes down what an engine is told from its first moment on, until its memory is full.
///
/// What has no bearing on decisions is not recorded: where answers are kept, that one was, events and wakes.
#[derive(Debug)]
pub(crate) struct Recorder {
    bytes: Vec<u8>,
    most: usize,
    last: Instant,
    hash: DecisionHash,
    full: bool,
}

impl Recorder {
    /// A recorder for a new engine with these settings and this seed, that writes down so many bytes at most.
    pub(crate) fn new(settings: &Settings, seed: u64, most: usize) -> Recorder {
        let mut bytes = [VERSION].to_vec();
        write(&mut bytes, seed);
        write(&mut bytes, SETTINGS.len() as u64);
        settings.values(|_, value| write(&mut bytes, value.into()));
        Recorder {
            full: bytes.len() > most,
            bytes,
            most,
            last: Instant::START,
            hash: DecisionHash::default(),
        }
    }

    /// Writes one deed down.
    pub(crate) fn note(&mut self, now: Instant, deed: &Deed) {
        if self.full {
            return;
        }
        let whole = self.bytes.len();
        // A clock that goes back is written down, too: both directions take few bytes.
        let passed = now.as_micros().wrapping_sub(self.last.as_micros()) as i64;
        write(&mut self.bytes, (passed << 1 ^ passed >> 63) as u64);
        deed.write(&mut self.bytes);
        if self.bytes.len() > self.most {
            self.bytes.truncate(whole);
            self.full = true;
        }
        self.last = now;
    }

    /// Counts a decision, and hands it on.
    pub(crate) fn decided(&mut self, step: Step) -> Step {
        if !self.full {
            self.hash.step(step);
        }
        step
    }

    /// What was written down so far.
    pub(crate) fn trace(&self) -> Trace {
        Trace {
            bytes: self.bytes.clone(),
            hash: self.hash.value(),
        }
    }

    /// Counts a number that was decided.
    pub(crate) fn number(&mut self, number: u64) {
        if !self.full {
            self.hash.number(number);
        }
    }
}

/// A scope that may not be there, as a number.
pub(crate) fn number_of(scope: Option<ScopeId>) -> u64 {
    scope.map_or(0, |scope| u64::from(scope.0) + 1)
}
