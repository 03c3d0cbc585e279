//! How well an origin has been answering people, for whoever is not to be in their way.
//!
//! Counted are answers in about the usual time, in a row. One that took three times as long waited behind others, and the row begins anew; one
//! that came much sooner than usual came out of a cache on the way, which answers also while there is nothing behind it, and says neither.

use crate::evidence::Evidence;
use crate::time::Instant;

/// How well an origin has been answering people.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Calm {
    /// Answers in the usual time since one was not.
    pub(crate) run: u32,
    /// All answers in the usual time. It wraps.
    pub(crate) total: u32,
    /// When somebody's attempt ended last.
    pub(crate) latest: Option<Instant>,
}

impl Calm {
    pub(crate) const fn new() -> Calm {
        Calm {
            run: 0,
            total: 0,
            latest: None,
        }
    }

    /// What somebody's attempt said.
    pub(crate) fn add(&mut self, now: Instant, evidence: Evidence) {
        match evidence {
            Evidence::Works => {
                self.run = self.run.saturating_add(1);
                self.total = self.total.wrapping_add(1);
            }
            Evidence::Neither | Evidence::Quick => {}
            _ => self.run = 0,
        }
        self.latest = Some(now);
    }
}
