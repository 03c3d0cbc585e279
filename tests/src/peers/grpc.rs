//! gRPC's retry throttling (A6): 10 tokens, a failure takes one, a success gives a tenth back, and retries go while more than half
//! are left.

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::jitter::pause;
use super::{Landed, Peer};

/// In tenths.
const MOST: u32 = 100;
const FAILURE: u32 = 10;
const SUCCESS: u32 = 1;

/// Three retries with full jitter, throttled.
#[derive(Clone, Copy, Debug)]
pub struct Grpc;

impl Peer for Grpc {
    /// Its tokens, in tenths.
    type Client = u32;

    fn client(&self) -> u32 {
        MOST
    }

    fn admits(&self, _: &mut u32, _: Instant, _: Draw) -> bool {
        true
    }

    fn settle(&self, tokens: &mut u32, _: Instant, landed: Landed) -> Option<Millis> {
        *tokens = match landed.well {
            true => (*tokens + SUCCESS).min(MOST),
            false => tokens.saturating_sub(FAILURE),
        };
        pause(landed).filter(|_| *tokens > MOST / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_stop_when_half_of_the_tokens_are_gone() {
        let mut tokens = Grpc.client();
        let mut attempt = |well| {
            let luck = Draw::from_seed(1);
            let landed = Landed {
                attempt: 1,
                well,
                luck,
            };
            Grpc.settle(&mut tokens, Instant::START, landed).is_some()
        };
        let retried: Vec<bool> = (0..6).map(|_| attempt(false)).collect();
        assert_eq!(retried, [true, true, true, true, false, false]);
        // Four tokens are left; twenty-one successes make 6.1 of them, and the next failure leaves 5.1.
        for _ in 0..21 {
            assert!(!attempt(true));
        }
        assert!(attempt(false));
    }
}
