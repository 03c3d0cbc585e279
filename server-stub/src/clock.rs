//! A space's time: as everybody's, faster, or only when it is told.
//!
//! Everything in a space that waits, waits by this clock; what a browser does in the meantime still takes real time. It is tokio's clock
//! underneath, which tests can stop.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use tidegate_contract::{ClockSetting, Micros};
use tidegate_core::Instant;
use tokio::sync::watch;

/// A handle to one space's clock; clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    Manual {
        now: watch::Sender<Instant>,
    },
    Running {
        born: tokio::time::Instant,
        times: u32,
    },
}

impl Clock {
    /// A clock that starts now.
    pub(crate) fn start(setting: ClockSetting) -> Clock {
        let running = |times| Kind::Running {
            born: tokio::time::Instant::now(),
            times,
        };
        Clock(Arc::new(match setting {
            ClockSetting::Manual => Kind::Manual {
                now: watch::Sender::new(Instant::START),
            },
            ClockSetting::Real => running(1),
            ClockSetting::Times(times) => running(times.max(1)),
        }))
    }

    /// The setting it was made from.
    pub(crate) fn setting(&self) -> ClockSetting {
        match &*self.0 {
            Kind::Manual { .. } => ClockSetting::Manual,
            Kind::Running { times: 1, .. } => ClockSetting::Real,
            Kind::Running { times, .. } => ClockSetting::Times(*times),
        }
    }

    /// Time since the space was made.
    pub(crate) fn now(&self) -> Instant {
        match &*self.0 {
            Kind::Manual { now } => *now.borrow(),
            Kind::Running { born, times } => {
                let micros = born.elapsed().as_micros() * u128::from(*times);
                Instant::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
            }
        }
    }

    /// Returns when that time has come.
    pub(crate) async fn sleep_until(&self, at: Instant) {
        match &*self.0 {
            Kind::Manual { now } => {
                // An error would mean that the sender is gone, and we hold it.
                let _ = now.subscribe().wait_for(|now| *now >= at).await;
            }
            Kind::Running { .. } if at == Instant::NEVER => pending().await,
            // The timer would round up to its next millisecond.
            Kind::Running { .. } if at <= self.now() => {}
            Kind::Running { born, times } => {
                let micros = at.as_micros().div_ceil(u64::from(*times));
                match born.checked_add(Duration::from_micros(micros)) {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => pending().await,
                }
            }
        }
    }

    /// Lets time go by on a manual clock; a running one cannot be moved, and says so by `None`.
    pub(crate) fn advance(&self, length: Micros) -> Option<Instant> {
        let Kind::Manual { now } = &*self.0 else {
            return None;
        };
        now.send_modify(|now| *now = *now + length);
        Some(*now.borrow())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_fast_clock_waits_for_a_part_of_the_time() {
        let clock = Clock::start(ClockSetting::Times(10));
        let began = tokio::time::Instant::now();
        clock
            .sleep_until(clock.now() + Micros::from_millis(5_000))
            .await;
        assert_eq!(clock.now().as_millis(), 5_000);
        assert_eq!(began.elapsed().as_millis(), 500);
    }

    #[tokio::test]
    async fn a_manual_clock_moves_when_it_is_told() {
        let clock = Clock::start(ClockSetting::Manual);
        let second = Micros::from_millis(1_000);
        let (_, now) = tokio::join!(clock.sleep_until(clock.now() + second), async {
            clock.advance(second)
        });
        assert_eq!(now, Some(Instant::from_millis(1_000)));
        assert_eq!(Clock::start(ClockSetting::Real).advance(second), None);
    }
}
