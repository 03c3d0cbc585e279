use alloc::vec::Vec;

use proptest::prelude::*;

use crate::testing::test;
use crate::throttle::{Rate, RateSettings};
use crate::{Instant, Millis};

const fn per(interval_ms: u32, rate: u32, burst: u32) -> RateSettings {
    RateSettings {
        rate,
        interval_ms,
        burst,
    }
}

const SECOND: u32 = 1_000;
const DAY: u32 = 86_400_000;

fn at(micros: u64) -> Instant {
    Instant::from_micros(micros)
}

/// Calls that go when each comes at the instant that it was told.
fn eager(settings: &RateSettings, calls: usize) -> Vec<u64> {
    let mut rate = Rate::default();
    let mut now = Instant::START;
    let mut went = Vec::new();
    while went.len() < calls {
        match rate.admit(now, 1, settings) {
            Ok(()) => went.push(now.as_micros()),
            Err(again) => {
                assert!(again > now, "told to come at once");
                now = again;
            }
        }
    }
    went
}

#[test]
fn a_refusal_tells_the_first_instant_at_which_the_call_may_go() {
    let settings = per(SECOND, 3, 1);
    let mut rate = Rate::default();
    assert_eq!(rate.admit(at(0), 1, &settings), Ok(()));
    assert_eq!(rate.admit(at(0), 1, &settings), Err(at(333_334)));
    assert_eq!(rate.admit(at(333_333), 1, &settings), Err(at(333_334)));
    assert_eq!(rate.admit(at(333_334), 1, &settings), Ok(()));
}

#[test]
fn a_rate_that_does_not_divide_the_second_does_not_drift() {
    let went = eager(&per(SECOND, 7, 1), 7_001);
    assert_eq!(went.last(), Some(&1_000_000_000));
    for (call, went) in went.iter().enumerate() {
        assert_eq!(*went, (call as u64 * 1_000_000).div_ceil(7));
    }
}

#[test]
fn ten_thousand_a_second_and_one_a_day_are_exact() {
    assert_eq!(
        eager(&per(SECOND, 10_000, 1), 10_001).last(),
        Some(&1_000_000)
    );
    let days = eager(&per(DAY, 1, 1), 4);
    assert_eq!(days, [0, 86_400_000_000, 172_800_000_000, 259_200_000_000]);
}

#[test]
fn a_rest_earns_the_burst_and_no_more_however_long_it_is() {
    let settings = per(SECOND, 10, 5);
    let mut rate = Rate::default();
    for rest in [1_u64, 3_600, 86_400 * 365] {
        let now = rest * 1_000_000;
        let went = (0..100)
            .filter(|_| rate.admit(at(now), 1, &settings).is_ok())
            .count();
        assert_eq!(went, 5, "after {rest} s");
        assert_eq!(rate.admit(at(now), 1, &settings), Err(at(now + 100_000)));
    }
}

#[test]
fn a_clock_that_goes_back_lets_nothing_through_twice() {
    let settings = per(SECOND, 1, 1);
    let mut rate = Rate::default();
    assert_eq!(rate.admit(at(5_000_000), 1, &settings), Ok(()));
    assert_eq!(rate.admit(at(1_000_000), 1, &settings), Err(at(6_000_000)));
}

#[test]
fn weight_counts() {
    let settings = per(SECOND, 10, 10);
    let mut rate = Rate::default();
    assert_eq!(rate.admit(at(0), 7, &settings), Ok(()));
    assert_eq!(rate.available(at(0), &settings), 3);
    assert_eq!(rate.admit(at(0), 4, &settings), Err(at(100_000)));
    assert_eq!(rate.admit(at(0), 3, &settings), Ok(()));
    assert_eq!(rate.available(at(0), &settings), 0);
}

#[test]
fn a_call_heavier_than_the_burst_goes_after_a_rest_and_is_paid_for() {
    let settings = per(SECOND, 10, 2);
    let mut rate = Rate::default();
    assert_eq!(rate.admit(at(0), 1, &settings), Ok(()));
    assert_eq!(rate.admit(at(0), 20, &settings), Err(at(100_000)));
    assert_eq!(rate.admit(at(100_000), 20, &settings), Ok(()));
    assert_eq!(rate.admit(at(100_000), 1, &settings), Err(at(2_000_000)));
}

#[test]
fn reservations_go_in_order_and_none_waits_longer_than_it_said() {
    let settings = per(SECOND, 2, 1);
    let mut rate = Rate::default();
    let longest = Millis(1_200);
    let told: Vec<_> = (0..4)
        .map(|_| {
            rate.reserve(at(0), 1, longest, &settings)
                .map(|reservation| reservation.at())
        })
        .collect();
    assert_eq!(
        told,
        [
            Ok(at(0)),
            Ok(at(500_000)),
            Ok(at(1_000_000)),
            Err(at(1_500_000))
        ]
    );
    // What was refused took nothing.
    assert_eq!(rate.admit(at(1_499_999), 1, &settings), Err(at(1_500_000)));
    assert_eq!(rate.admit(at(1_500_000), 1, &settings), Ok(()));
}

#[test]
fn only_the_latest_reservation_can_be_given_back() {
    let settings = per(SECOND, 1, 1);
    let mut rate = Rate::default();
    let reserve = |rate: &mut Rate| rate.reserve(at(0), 1, Millis(9_000), &settings).unwrap();
    let [first, second, third] = [0, 1, 2].map(|_| reserve(&mut rate));
    rate.withdraw(second);
    assert_eq!(reserve(&mut rate).at(), at(3_000_000));
    let mut rate_again = rate.clone();
    rate_again.withdraw(third);
    assert_eq!(reserve(&mut rate_again).at(), at(4_000_000));
    assert_eq!(first.at(), at(0));
}

#[test]
fn reservations_given_back_from_the_end_leave_no_trace() {
    let settings = per(SECOND, 3, 1);
    let mut rate = Rate::default();
    let first = rate.reserve(at(0), 1, Millis(9_000), &settings).unwrap();
    let second = rate.reserve(at(0), 2, Millis(9_000), &settings).unwrap();
    rate.withdraw(second);
    rate.withdraw(first);
    assert_eq!(rate.admit(at(0), 1, &settings), Ok(()));
}

#[test]
fn new_settings_carry_over_what_is_owed_as_calls() {
    let mut rate = Rate::default();
    let quick = per(SECOND, 10, 10);
    for _ in 0..10 {
        assert_eq!(rate.admit(at(0), 1, &quick), Ok(()));
    }
    let slow = per(60_000, 6, 10);
    assert_eq!(rate.admit(at(0), 1, &slow), Err(at(10_000_000)));
    let off = per(SECOND, 0, 10);
    assert_eq!(rate.admit(at(0), 1_000_000, &off), Ok(()));
    assert_eq!(rate.available(at(0), &off), u32::MAX);
    assert_eq!(rate.admit(at(0), 10, &quick), Ok(()));
}

proptest! {
    /// No window, wherever it lies, lets more through than the burst and what the rate earns in it.
    #[test]
    fn no_window_lets_more_through_than_the_law_allows(
        rate in 1_u32..50, interval_ms in 1_u32..3_000, burst in 1_u32..12,
        steps in proptest::collection::vec((0_u64..400_000, 1_u32..4), 1..120),
    ) {
        let settings = per(interval_ms, rate, burst);
        let mut limit = Rate::default();
        let (mut now, mut went) = (0, Vec::new());
        for (step, weight) in steps {
            now += step;
            let weight = weight.min(burst);
            if limit.admit(at(now), weight, &settings).is_ok() {
                went.push((now, u128::from(weight)));
            }
        }
        for (first, (from, _)) in went.iter().enumerate() {
            let mut sum = 0;
            for (to, weight) in &went[first..] {
                sum += weight;
                let earned = u128::from(to - from + 1) * u128::from(rate);
                let most = u128::from(burst) * u128::from(interval_ms) * 1_000 + earned;
                prop_assert!(sum * u128::from(interval_ms) * 1_000 <= most, "{sum} from {from} to {to}");
            }
        }
    }

    /// The instant that is told is the first: a microsecond earlier is refused, then it goes.
    #[test]
    fn what_is_told_is_exact(
        rate in 1_u32..20_000, interval_ms in 1_u32..u32::MAX, burst in 0_u32..5, weights in proptest::collection::vec(0_u32..9, 1..20),
    ) {
        let settings = per(interval_ms, rate, burst);
        let mut limit = Rate::default();
        let mut now = Instant::from_millis(77);
        for weight in weights {
            if let Err(again) = limit.admit(now, weight, &settings) {
                let before = at(again.as_micros() - 1);
                prop_assert_eq!(limit.admit(before, weight, &settings), Err(again));
                now = again;
                prop_assert_eq!(limit.admit(now, weight, &settings), Ok(()));
            }
        }
    }

    /// Whatever it is given, it answers.
    #[test]
    fn it_never_panics(
        deeds in proptest::collection::vec((any::<u64>(), any::<u32>(), any::<u64>(), any::<u32>(), any::<u32>(), any::<u32>()), 0..30),
    ) {
        let mut limit = Rate::default();
        for (now, weight, longest, rate, interval_ms, burst) in deeds {
            let settings = per(interval_ms, rate, burst);
            if let Ok(reservation) = limit.reserve(at(now), weight, Millis(longest), &settings) {
                prop_assert!(reservation.at() >= at(now));
                limit.withdraw(reservation);
            }
            let _ = limit.available(at(now), &settings);
        }
    }
}
