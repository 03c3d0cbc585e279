//! One moment on both clocks.

use crate::time::{Instant, Millis, Wall};

/// A moment on both clocks. The monotonic one may stand still while a machine sleeps, the calendar may jump: silence is what the longer of
/// the two says, and a verdict over which they disagree is looked at twice.
///
/// ```
/// use tidegate_core::session::Moment;
/// use tidegate_core::{Instant, Millis, Wall};
/// let before = Moment { now: Instant::START, wall: Wall(1_000) };
/// let slept = Moment { now: Instant::from_millis(10), wall: Wall(61_000) };
/// assert_eq!(slept.since(before), Millis(60_000));
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Moment {
    /// On the monotonic clock.
    pub now: Instant,
    /// On the calendar.
    pub wall: Wall,
}

impl Moment {
    /// The time since an earlier moment, by whichever clock says more.
    #[must_use]
    pub fn since(self, earlier: Moment) -> Millis {
        (self.now - earlier.now).max(self.wall - earlier.wall)
    }
}
