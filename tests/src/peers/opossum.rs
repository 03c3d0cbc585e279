//! opossum: open when more than half of the last 10 s failed, for 30 s, from the first request on (`volumeThreshold` is 0).
//!
//! The denominator counts everything that was fired, also what was rejected and what is still out.

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::window::Window;
use super::{Landed, Peer};

const PERCENT: u32 = 50;
const OPEN: Millis = Millis(30_000);

/// The breaker that is most used in Node, without retries.
#[derive(Clone, Copy, Debug)]
pub struct Opossum;

/// One browser's breaker.
#[derive(Clone, Copy, Debug)]
pub struct Breaker {
    /// What was fired and what failed.
    window: Window<10>,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Closed,
    HalfOpen,
    Open(Instant),
}

impl Peer for Opossum {
    type Client = Breaker;

    fn client(&self) -> Breaker {
        Breaker {
            window: Window::new(Millis(1_000)),
            state: State::Closed,
        }
    }

    fn admits(&self, breaker: &mut Breaker, now: Instant, _: Draw) -> bool {
        breaker.window.add(now, 1, 0);
        match breaker.state {
            State::Closed => true,
            State::Open(until) if until <= now => {
                breaker.state = State::HalfOpen;
                true
            }
            State::HalfOpen | State::Open(_) => false,
        }
    }

    fn settle(&self, breaker: &mut Breaker, now: Instant, landed: Landed) -> Option<Millis> {
        if landed.well {
            if let State::HalfOpen = breaker.state {
                breaker.state = State::Closed;
            }
            return None;
        }
        breaker.window.add(now, 0, 1);
        let [fired, failed] = breaker.window.sums(now);
        let opens = match breaker.state {
            State::Closed => failed * 100 > fired * PERCENT,
            State::HalfOpen => true,
            State::Open(_) => false,
        };
        if opens {
            breaker.state = State::Open(now + OPEN);
        }
        None
    }
}
