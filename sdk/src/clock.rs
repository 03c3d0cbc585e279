//! The two clocks, read here and nowhere else.

use tidegate_core::{Instant, Wall};

use crate::global;

/// The monotonic clock: `performance.now()`, counted from when the client was made.
#[derive(Debug)]
pub(crate) struct Clock {
    start: f64,
}

impl Clock {
    pub(crate) fn new() -> Clock {
        Clock {
            start: global::performance_now(),
        }
    }

    pub(crate) fn now(&self) -> Instant {
        Instant::from_micros(((global::performance_now() - self.start) * 1_000.0) as u64)
    }
}

/// The calendar: `Date.now()`.
pub(crate) fn wall() -> Wall {
    Wall(js_sys::Date::now() as u64)
}
