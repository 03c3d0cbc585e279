//! Round trips that are judged together.
//!
//! Of a window only the number, the median and the drops matter. Browsers coarsen their clocks to a millisecond or a tenth of one, so
//! below a millisecond all round trips are equally fast, and one of no time at all is nothing special.

use alloc::vec::Vec;

use super::adaptive::{AdaptiveSettings, Evidence, RoundTrip};
use crate::time::{Instant, Millis};

const GRAIN_MICROS: u64 = 1_000;
/// A window that took longer is of another time, as after a sleep, and starts afresh.
const OLDEST_WINDOW: Millis = Millis(60_000);
const MOST_SAMPLES: usize = 128;

/// Round trips of one kind since a moment.
#[derive(Clone, Debug)]
pub(super) struct Window {
    opened: Instant,
    micros: Vec<u64>,
    dropped: u32,
}

impl Window {
    pub(super) fn new(opened: Instant) -> Window {
        Window {
            opened,
            micros: Vec::new(),
            dropped: 0,
        }
    }

    pub(super) fn take(&mut self, now: Instant, trip: &RoundTrip) {
        let empty = self.micros.is_empty() && self.dropped == 0;
        if empty || now - self.opened > OLDEST_WINDOW {
            *self = Window::new(now);
        }
        match trip.evidence {
            Evidence::Answered if self.micros.len() < MOST_SAMPLES => {
                let micros = now.as_micros().saturating_sub(trip.sent.as_micros());
                self.micros.push(micros.max(GRAIN_MICROS));
            }
            Evidence::Dropped => self.dropped = self.dropped.saturating_add(1),
            Evidence::Answered | Evidence::Neither => {}
        }
    }

    pub(super) fn full(&self, now: Instant, settings: &AdaptiveSettings) -> bool {
        let enough = (settings.samples.max(1) as usize).min(MOST_SAMPLES);
        self.micros.len() >= enough && now - self.opened >= Millis(settings.window_ms.into())
    }

    /// Whether more than a tenth was dropped, and not just one.
    pub(super) fn overloaded(&self) -> bool {
        let all = self.micros.len() as u64 + u64::from(self.dropped);
        self.dropped > 1 && u64::from(self.dropped) * 10 > all
    }

    /// By counting: a library's sort is five kilobytes of a browser's module, for a hundred numbers a second.
    pub(super) fn median(&self) -> Option<u64> {
        let middle = self.micros.len() / 2;
        let found = self.micros.iter().find(|each| {
            let below = self.micros.iter().filter(|other| other < each).count();
            let equal = self.micros.iter().filter(|other| other == each).count();
            (below..below + equal).contains(&middle)
        });
        found.copied()
    }
}
