//! cockatiel: `wrap(retry, circuitBreaker)` with `ConsecutiveBreaker(5)`, ten seconds open, three retries with jitter.
//!
//! Each attempt passes the breaker. A result is counted in whatever state the breaker is in when it comes. Further calls while one is
//! tried in the half-open state wait in the package for its verdict; here they fail, which at a browser's rates hardly ever happens.

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::jitter::pause;
use super::{Landed, Peer};

const FAILURES: u32 = 5;
const OPEN: Millis = Millis(10_000);

/// A breaker of five failures in a row, under three retries.
#[derive(Clone, Copy, Debug)]
pub struct Cockatiel;

/// The breaker.
#[derive(Clone, Copy, Debug)]
pub enum Breaker {
    /// After so many failures in a row.
    Closed(u32),
    /// One call is out.
    HalfOpen,
    /// Until then.
    Open(Instant),
}

impl Peer for Cockatiel {
    type Client = Breaker;

    fn client(&self) -> Breaker {
        Breaker::Closed(0)
    }

    fn admits(&self, breaker: &mut Breaker, now: Instant, _: Draw) -> bool {
        match *breaker {
            Breaker::Closed(_) => true,
            Breaker::Open(until) if until <= now => {
                *breaker = Breaker::HalfOpen;
                true
            }
            Breaker::HalfOpen | Breaker::Open(_) => false,
        }
    }

    fn settle(&self, breaker: &mut Breaker, now: Instant, landed: Landed) -> Option<Millis> {
        *breaker = match (*breaker, landed.well) {
            (Breaker::Open(until), _) => Breaker::Open(until),
            (_, true) => Breaker::Closed(0),
            (Breaker::Closed(failures), false) if failures + 1 < FAILURES => {
                Breaker::Closed(failures + 1)
            }
            (_, false) => Breaker::Open(now + OPEN),
        };
        pause(landed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_opens_after_five_failures_in_a_row_and_tries_one_after_ten_seconds() {
        let mut breaker = Cockatiel.client();
        let luck = Draw::from_seed(1);
        let settle = |breaker: &mut Breaker, at_ms, well| {
            let landed = Landed {
                attempt: 4,
                well,
                luck,
            };
            Cockatiel.settle(breaker, Instant::from_millis(at_ms), landed)
        };
        let admits = |breaker: &mut Breaker, at_ms| {
            Cockatiel.admits(breaker, Instant::from_millis(at_ms), luck)
        };
        for well in [false, false, false, false, true, false, false, false, false] {
            assert!(admits(&mut breaker, 0));
            settle(&mut breaker, 0, well);
        }
        assert!(admits(&mut breaker, 0));
        settle(&mut breaker, 0, false);
        assert!(!admits(&mut breaker, 9_999));
        assert!(admits(&mut breaker, 10_000));
        assert!(!admits(&mut breaker, 10_001));
        settle(&mut breaker, 10_050, true);
        assert!(admits(&mut breaker, 10_051));
    }
}
