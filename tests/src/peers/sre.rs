//! Adaptive throttling (*Site Reliability Engineering*, chapter 21): of the requests of two minutes, those beyond *K* = 2 times what the
//! backend accepted are refused by chance, max(0, (requests - K x accepts) / (requests + 1)).

use tidegate_contract::Draw;
use tidegate_core::{Instant, Millis};

use super::window::Window;
use super::{Landed, Peer};

const K: u32 = 2;
const SLICE: Millis = Millis(5_000);

/// The throttle, without retries.
#[derive(Clone, Copy, Debug)]
pub struct Sre;

/// What was asked for, refused or not, and what was accepted, in the last two minutes.
#[derive(Clone, Copy, Debug)]
pub struct Throttle(Window<24>);

impl Peer for Sre {
    type Client = Throttle;

    fn client(&self) -> Throttle {
        Throttle(Window::new(SLICE))
    }

    fn admits(&self, throttle: &mut Throttle, now: Instant, luck: Draw) -> bool {
        let [requests, accepts] = throttle.0.sums(now);
        throttle.0.add(now, 1, 0);
        let excess = requests.saturating_sub(K * accepts);
        luck.below(u64::from(requests) + 1) >= u64::from(excess)
    }

    fn settle(&self, throttle: &mut Throttle, now: Instant, landed: Landed) -> Option<Millis> {
        throttle.0.add(now, 0, u32::from(landed.well));
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Attempts are counted whether or not they go out, so *K* times the capacity goes out, whatever the demand.
    #[test]
    fn what_goes_out_is_k_times_what_the_backend_takes() {
        const CAPACITY: u64 = 100;
        for demand in [5, 10] {
            let mut throttle = Sre.client();
            let mut sent = 0;
            for second in 0..400_u64 {
                let mut accepted = 0;
                for number in 0..demand * CAPACITY {
                    let now = Instant::from_millis(second * 1_000);
                    let luck = Draw::from_seed(second).at(number);
                    if !Sre.admits(&mut throttle, now, luck) {
                        continue;
                    }
                    sent += u64::from(second >= 300);
                    accepted += 1;
                    let landed = Landed {
                        attempt: 1,
                        well: accepted <= CAPACITY,
                        luck,
                    };
                    assert_eq!(Sre.settle(&mut throttle, now, landed), None);
                }
            }
            let by_capacity = sent as f64 / (100 * CAPACITY) as f64;
            assert!((by_capacity - f64::from(K)).abs() < 0.1, "{by_capacity}");
        }
    }
}
