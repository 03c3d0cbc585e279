//! What stands before the pool: accepting, parsing, routing.
//!
//! One server that spends the same time on every request, also on those that are refused later; that is what makes refusing cost
//! something. A connection that it refuses itself, because too much lies before it, costs it nothing: the kernel does that.

use tidegate_core::Instant;

use super::settings::BackendSettings;
use crate::micros::Micros;

#[derive(Debug)]
pub(super) struct Front {
    /// When it is through with everything that came so far.
    free_at: Instant,
}

impl Front {
    pub(super) fn new() -> Front {
        Front {
            free_at: Instant::START,
        }
    }

    /// When it will be through with a request that comes now; `None` if it does not take it.
    pub(super) fn pass(&mut self, now: Instant, settings: &BackendSettings) -> Option<Instant> {
        let backlog = Micros::since(self.free_at, now);
        if backlog > Micros::from_millis(settings.front_backlog_ms) {
            return None;
        }
        self.free_at = self.free_at.max(now) + Micros(settings.front_cost_us);
        Some(self.free_at)
    }

    /// How long it needs for what lies before it.
    pub(super) fn backlog(&self, now: Instant) -> Micros {
        Micros::since(self.free_at, now)
    }
}
