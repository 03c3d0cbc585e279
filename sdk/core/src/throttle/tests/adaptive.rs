use alloc::collections::VecDeque;
use alloc::vec::Vec;

use proptest::prelude::*;

use crate::testing::test;
use crate::throttle::{Adaptive, AdaptiveSettings, Evidence, RoundTrip};
use crate::{Instant, Millis, Rng};

const SETTINGS: AdaptiveSettings = AdaptiveSettings {
    minimum: 1,
    maximum: 64,
    samples: 10,
    window_ms: 100,
    tolerance_percent: 50,
};

/// A limit and the clock that its attempts pass by.
struct Page {
    adaptive: Adaptive,
    now: Instant,
}

impl Page {
    fn new(limit: u32) -> Page {
        Page {
            adaptive: Adaptive::new(limit),
            now: Instant::from_millis(1_000),
        }
    }

    /// A page that has seen how fast the backend is when it is calm.
    fn calm(limit: u32, micros: u64) -> Page {
        let mut page = Page::new(limit);
        for _ in 0..20 {
            page.attempts(1, 1, micros, Evidence::Answered);
            page.now = page.now + Millis(10);
        }
        assert_eq!(
            page.adaptive.calm(),
            Some(Millis(micros.max(1_000) / 1_000))
        );
        page
    }

    fn limit(&self) -> u32 {
        self.adaptive.limit(self.now, &SETTINGS)
    }

    /// Attempts of one kind, one after another.
    fn attempts(&mut self, count: u32, in_flight: u32, micros: u64, evidence: Evidence) {
        for _ in 0..count {
            let sent = self.now;
            self.now = Instant::from_micros(sent.as_micros().saturating_add(micros));
            let trip = RoundTrip {
                sent,
                in_flight,
                evidence,
            };
            self.adaptive.settle(self.now, &trip, &SETTINGS);
        }
    }

    /// Attempts with the whole limit in use, whatever it is by then.
    fn at_the_limit(&mut self, count: u32, micros: u64, evidence: Evidence) {
        for _ in 0..count {
            self.attempts(1, self.limit(), micros, evidence);
        }
    }
}

#[test]
fn grows_by_one_a_window_while_round_trips_stay_calm() {
    let mut page = Page::calm(4, 50_000);
    page.at_the_limit(10, 60_000, Evidence::Answered);
    assert_eq!(page.limit(), 5);
    page.at_the_limit(10, 60_000, Evidence::Answered);
    assert_eq!(page.limit(), 6);
}

#[test]
fn falls_by_a_tenth_a_window_while_round_trips_are_beyond_the_tolerance() {
    let mut page = Page::calm(20, 50_000);
    page.at_the_limit(10, 76_000, Evidence::Answered);
    assert_eq!(page.limit(), 18);
    page.at_the_limit(10, 76_000, Evidence::Answered);
    assert_eq!(page.limit(), 16);
}

#[test]
fn does_not_climb_while_everything_times_out() {
    let mut page = Page::new(10);
    let mut limits = Vec::new();
    for _ in 0..200 {
        page.at_the_limit(1, 3_000_000, Evidence::Dropped);
        limits.push(page.limit());
    }
    assert!(limits.is_sorted_by(|before, after| before >= after));
    assert_eq!(limits.get(25), Some(&1), "{limits:?}");
    assert_eq!(limits.last(), Some(&1));
}

#[test]
fn timeouts_decide_also_when_they_are_as_short_as_good_answers() {
    let mut page = Page::calm(10, 50_000);
    for _ in 0..40 {
        page.at_the_limit(4, 50_000, Evidence::Answered);
        page.at_the_limit(1, 50_000, Evidence::Dropped);
    }
    assert_eq!(page.limit(), 1);
}

#[test]
fn a_drop_now_and_then_is_no_overload() {
    let mut page = Page::calm(4, 50_000);
    for _ in 0..40 {
        page.at_the_limit(29, 50_000, Evidence::Answered);
        page.at_the_limit(1, 50_000, Evidence::Dropped);
    }
    assert!(page.limit() > 30, "{}", page.limit());
}

#[test]
fn an_overload_of_a_minute_does_not_become_what_is_calm() {
    let mut page = Page::calm(8, 50_000);
    let start = page.now;
    while page.now - start < Millis::from_secs(60) {
        page.at_the_limit(1, 500_000, Evidence::Answered);
        assert!(page.limit() <= 8);
    }
    assert!(page.limit() <= 2, "{}", page.limit());
    assert!(
        page.adaptive.calm() <= Some(Millis(150)),
        "{:?}",
        page.adaptive.calm()
    );
    // When it is over the limit grows again.
    page.at_the_limit(600, 50_000, Evidence::Answered);
    assert!(page.limit() > 8, "{}", page.limit());
}

#[test]
fn a_backend_that_is_slower_for_good_is_accepted_in_minutes() {
    let mut page = Page::calm(8, 50_000);
    let start = page.now;
    while page.limit() == 8 || page.adaptive.calm() < Some(Millis(330)) {
        page.at_the_limit(1, 500_000, Evidence::Answered);
        assert!(page.now - start < Millis::from_secs(240), "never accepted");
    }
    page.at_the_limit(400, 500_000, Evidence::Answered);
    assert!(page.limit() > 8, "{}", page.limit());
}

#[test]
fn what_was_first_seen_in_an_overload_is_corrected_by_the_first_calm_window() {
    let mut page = Page::calm(8, 900_000);
    page.attempts(10, 1, 50_000, Evidence::Answered);
    assert_eq!(page.adaptive.calm(), Some(Millis(50)));
}

#[test]
fn attempts_below_half_of_the_limit_decide_nothing() {
    let mut page = Page::calm(10, 50_000);
    page.attempts(500, 5, 50_000, Evidence::Answered);
    assert_eq!(page.limit(), 10);
    page.attempts(100, 5, 5_000_000, Evidence::Answered);
    assert_eq!(page.limit(), 10);
}

#[test]
fn drops_decide_also_below_half_of_the_limit() {
    let mut page = Page::calm(10, 50_000);
    page.attempts(2, 2, 3_000_000, Evidence::Dropped);
    assert_eq!(page.limit(), 8);
}

#[test]
fn two_drops_among_twenty_are_within_a_tenth() {
    let large = AdaptiveSettings {
        samples: 40,
        ..SETTINGS
    };
    let mut page = Page::calm(10, 50_000);
    for drop in 0..60 {
        let sent = page.now;
        page.now = sent + Millis(50);
        let evidence = match drop {
            18 | 30 => Evidence::Dropped,
            _ => Evidence::Answered,
        };
        let trip = RoundTrip {
            sent,
            in_flight: 10,
            evidence,
        };
        page.adaptive.settle(page.now, &trip, &large);
    }
    assert_eq!(page.limit(), 11);
}

#[test]
fn a_window_lasts_its_time_however_many_answers_come() {
    let mut page = Page::calm(4, 50_000);
    page.at_the_limit(50, 1_000, Evidence::Answered);
    assert_eq!(page.limit(), 4);
    page.at_the_limit(60, 1_000, Evidence::Answered);
    assert_eq!(page.limit(), 5);
}

#[test]
fn what_was_cancelled_says_nothing() {
    let mut page = Page::calm(10, 50_000);
    page.at_the_limit(500, 1, Evidence::Neither);
    page.at_the_limit(500, 60_000_000, Evidence::Neither);
    assert_eq!(page.limit(), 10);
    assert_eq!(page.adaptive.calm(), Some(Millis(50)));
}

#[test]
fn round_trips_of_no_time_at_all_are_fine() {
    let mut page = Page::calm(4, 0);
    for _ in 0..200 {
        page.now = page.now + Millis(50);
        page.at_the_limit(1, 0, Evidence::Answered);
    }
    assert!(page.limit() > 8, "{}", page.limit());
}

#[test]
fn one_congestion_is_answered_once() {
    let mut page = Page::calm(20, 50_000);
    let sent = page.now;
    // Twenty attempts that were out together all time out.
    page.now = page.now + Millis(3_000);
    for _ in 0..20 {
        let trip = RoundTrip {
            sent,
            in_flight: 20,
            evidence: Evidence::Dropped,
        };
        page.adaptive.settle(page.now, &trip, &SETTINGS);
    }
    assert_eq!(page.limit(), 16);
}

#[test]
fn a_night_asleep_is_not_a_slow_window() {
    let mut page = Page::calm(10, 50_000);
    page.at_the_limit(9, 500_000, Evidence::Answered);
    page.now = page.now + Millis::from_secs(8 * 3_600);
    page.at_the_limit(10, 50_000, Evidence::Answered);
    assert_eq!(page.limit(), 11);
}

#[test]
fn a_page_that_never_rests_halves_its_limit_for_a_window_to_see_what_is_calm() {
    let mut page = Page::new(8);
    page.at_the_limit(10, 50_000, Evidence::Answered);
    assert_eq!((page.limit(), page.adaptive.calm()), (4, None));
    page.at_the_limit(10, 30_000, Evidence::Answered);
    assert_eq!((page.limit(), page.adaptive.calm()), (8, Some(Millis(30))));
}

#[test]
fn a_halved_limit_is_whole_again_when_nothing_comes() {
    let mut page = Page::new(8);
    page.at_the_limit(10, 50_000, Evidence::Answered);
    assert_eq!(page.limit(), 4);
    let end = page.adaptive.deadline();
    assert_eq!(end - page.now, Millis(5_000));
    page.now = end;
    assert_eq!(page.limit(), 8);
}

/// A page with work without end before a backend with `slots` and a first-come queue.
struct Loop {
    slots: usize,
    service: fn(&mut Rng) -> u64,
    rng: Rng,
}

impl Loop {
    /// The mean limit, in tenths, over the second half of so many answers.
    fn run(&mut self, start: u32, answers: u32) -> u64 {
        let mut adaptive = Adaptive::new(start);
        let mut now = Instant::START;
        let mut in_service: Vec<(u64, RoundTrip)> = Vec::new();
        let mut queue: VecDeque<RoundTrip> = VecDeque::new();
        let (mut sum, mut counted) = (0_u64, 0_u64);
        for answer in 0..answers {
            let limit = adaptive.limit(now, &SETTINGS) as usize;
            while in_service.len() + queue.len() < limit {
                queue.push_back(RoundTrip {
                    sent: now,
                    in_flight: (in_service.len() + queue.len() + 1) as u32,
                    evidence: Evidence::Answered,
                });
            }
            while in_service.len() < self.slots {
                let Some(trip) = queue.pop_front() else { break };
                let end = now.as_micros() + (self.service)(&mut self.rng);
                in_service.push((end, trip));
            }
            let first = in_service
                .iter()
                .enumerate()
                .min_by_key(|(_, (end, _))| *end);
            let (first, _) = first.expect("the limit is at least one");
            let (end, trip) = in_service.swap_remove(first);
            now = Instant::from_micros(end);
            adaptive.settle(now, &trip, &SETTINGS);
            if answer >= answers / 2 {
                sum += u64::from(adaptive.limit(now, &SETTINGS));
                counted += 1;
            }
        }
        sum * 10 / counted
    }
}

/// From 25 to 75 ms, evenly.
fn even(rng: &mut Rng) -> u64 {
    25_000 + rng.below(50_000)
}

/// Mostly 30 ms, one in ten 300 ms.
fn two_kinds(rng: &mut Rng) -> u64 {
    [30_000, 300_000][usize::from(rng.below(10) == 0)]
}

/// From below and from above to the same place: no slot idle, and a queue at the backend of at most half of the slots and one.
#[test]
fn converges_near_what_the_backend_can_do_at_once_from_below_and_from_above() {
    let services: [fn(&mut Rng) -> u64; 2] = [even, two_kinds];
    for service in services {
        for slots in [1, 2, 4, 8, 16, 32] {
            for seed in 0..4 {
                let from = |start| {
                    let rng = Rng::new(seed);
                    let mut world = Loop {
                        slots,
                        service,
                        rng,
                    };
                    world.run(start, 20_000)
                };
                let (below, above) = (from(1), from(64));
                let slots = slots as u64;
                for mean in [below, above] {
                    assert!(
                        (slots * 10..=slots * 15 + 5).contains(&mean),
                        "{slots} slots, seed {seed}: {below} and {above} tenths"
                    );
                }
                assert!(
                    below.abs_diff(above) * 8 <= above,
                    "{slots} slots, seed {seed}: {below} and {above} tenths"
                );
            }
        }
    }
}

proptest! {
    /// Whatever it is given, the limit stays within its bounds and nothing panics.
    #[test]
    fn it_stays_within_its_bounds(
        start in any::<u32>(), minimum in any::<u32>(), maximum in any::<u32>(), samples in any::<u32>(), tolerance_percent in any::<u32>(),
        trips in proptest::collection::vec((any::<u64>(), any::<u64>(), any::<u32>(), 0_usize..3), 0..200),
    ) {
        let settings = AdaptiveSettings { minimum, maximum, samples, window_ms: 0, tolerance_percent };
        let mut adaptive = Adaptive::new(start);
        for (now, sent, in_flight, evidence) in trips {
            let evidence = [Evidence::Answered, Evidence::Dropped, Evidence::Neither][evidence];
            let now = Instant::from_micros(now);
            let trip = RoundTrip { sent: Instant::from_micros(sent), in_flight, evidence };
            adaptive.settle(now, &trip, &settings);
            let least = minimum.max(1);
            let limit = adaptive.limit(now, &settings);
            // Half of it, while it looks for what is calm.
            prop_assert!((least / 2..=maximum.max(least)).contains(&limit));
        }
    }
}
