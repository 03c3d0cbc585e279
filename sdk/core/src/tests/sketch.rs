//! The sketch against latencies that were kept and sorted.

use alloc::vec::Vec;

use proptest::prelude::*;

use super::*;
use crate::testing::test;

const HALF: Millis = Millis(1_000);
const PERMILLES: [u16; 8] = [0, 1, 250, 500, 900, 980, 990, 1_000];

fn sketch_of(took: &[u64]) -> Sketch {
    let mut sketch = Sketch::new(HALF);
    for &micros in took {
        sketch.record(Instant::START, Micros(micros));
    }
    sketch
}

/// The nearest-rank percentile of all of them.
fn exact(sorted: &[u64], permille: u16) -> u64 {
    let rank = (sorted.len() * usize::from(permille)).div_ceil(1_000);
    sorted[rank.max(1) - 1]
}

fn is_near(found: Micros, exact: u64) -> bool {
    let exact = exact.min(Sketch::LONGEST.0);
    found.0.abs_diff(exact) <= (exact / Sketch::ERROR_DIVISOR).max(Sketch::FINEST.0)
}

fn all(sketch: &Sketch, now: Instant) -> Vec<Option<Micros>> {
    PERMILLES.map(|p| sketch.percentile(now, p)).to_vec()
}

fn latency() -> impl Strategy<Value = u64> {
    prop_oneof![
        0..5_000_u64,
        0..2_000_000_u64,
        0..80_000_000_u64,
        any::<u64>()
    ]
}

fn latencies() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(latency(), 1..200)
}

#[test]
fn a_sketch_fits_into_512_bytes() {
    assert!(size_of::<Sketch>() <= 512, "{}", size_of::<Sketch>());
}

#[test]
fn buckets_follow_each_other_without_a_gap() {
    let mut last = 0;
    for micros in (0..Sketch::LONGEST.0).step_by(511) {
        let bucket = bucket_of(Micros(micros));
        assert!(bucket == last || bucket == last + 1, "{micros}: {bucket}");
        assert!(is_near(middle_of(bucket), micros), "{micros}");
        last = bucket;
    }
    assert_eq!(last, BUCKETS - 1);
}

#[test]
fn an_empty_sketch_has_no_median() {
    let sketch = Sketch::new(Millis::ZERO);
    assert_eq!(sketch.median(Instant::NEVER), None);
    assert_eq!(sketch.percentile(Instant::START, 500), None);
}

#[test]
fn latencies_are_forgotten_after_one_to_two_halves() {
    let mut sketch = Sketch::new(HALF);
    let at = Instant::from_millis;
    sketch.record(at(0), Micros(10_000));
    sketch.record(at(999), Micros(10_000));
    sketch.record(at(1_000), Micros(500_000));
    assert_eq!(sketch.count(at(1_999)), 3);
    assert!(is_near(sketch.median(at(1_999)).unwrap(), 10_000));
    assert_eq!(sketch.count(at(2_000)), 1);
    assert!(is_near(sketch.median(at(2_000)).unwrap(), 500_000));
    assert_eq!(sketch.count(at(3_000)), 0);
    assert_eq!(sketch.median(at(3_000)), None);
}

#[test]
fn a_night_asleep_leaves_nothing() {
    let mut sketch = sketch_of(&[10_000; 50]);
    let morning = Instant::from_millis(8 * 3_600_000);
    assert_eq!(sketch.count(morning), 0);
    sketch.record(morning, Micros(900_000));
    assert!(is_near(sketch.percentile(morning, 0).unwrap(), 900_000));
}

#[test]
fn a_clock_that_goes_back_stands_still() {
    let mut sketch = Sketch::new(HALF);
    sketch.record(Instant::from_millis(5_000), Micros(10_000));
    sketch.record(Instant::START, Micros(10_000));
    assert_eq!(sketch.count(Instant::START), 2);
}

#[test]
fn a_full_bucket_halves_all_of_them_and_percentiles_stay() {
    let mut sketch = Sketch::new(HALF);
    for n in 0..150_000_u64 {
        let micros = if n % 10 == 0 { 1_000_000 } else { 50_000 };
        sketch.record(Instant::START, Micros(micros));
    }
    assert!(sketch.count(Instant::START) > 30_000);
    for (permille, expected) in [(890, 50_000), (905, 1_000_000)] {
        let found = sketch.percentile(Instant::START, permille).unwrap();
        assert!(is_near(found, expected), "{permille}: {found:?}");
    }
}

#[test]
fn merging_full_sketches_keeps_the_shares() {
    let quick = sketch_of(&[50_000; 40_000]);
    let slow = sketch_of(&[800_000; 40_000]);
    let mut sketch = quick.clone();
    for _ in 0..3 {
        sketch.merge(Instant::START, &slow);
        sketch.merge(Instant::START, &quick);
    }
    let found = |permille| sketch.percentile(Instant::START, permille).unwrap();
    assert!(is_near(found(400), 50_000));
    assert!(is_near(found(700), 800_000));
}

fn config() -> ProptestConfig {
    let mut config = ProptestConfig::with_cases(256);
    if cfg!(target_arch = "wasm32") {
        config.failure_persistence = None;
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_percentile_is_within_a_sixteenth(mut took in latencies()) {
        let sketch = sketch_of(&took);
        took.sort_unstable();
        for permille in PERMILLES {
            let found = sketch.percentile(Instant::START, permille).unwrap();
            prop_assert!(is_near(found, exact(&took, permille)), "{permille}: {found:?} for {}", exact(&took, permille));
        }
        prop_assert_eq!(sketch.median(Instant::START), sketch.percentile(Instant::START, 500));
    }

    #[test]
    fn merging_is_as_if_all_had_been_recorded_in_one(one in latencies(), two in latencies()) {
        let mut merged = sketch_of(&one);
        merged.merge(Instant::START, &sketch_of(&two));
        let together: Vec<u64> = one.iter().chain(&two).copied().collect();
        prop_assert_eq!(all(&merged, Instant::START), all(&sketch_of(&together), Instant::START));
        prop_assert_eq!(merged.count(Instant::START), together.len() as u32);
    }

    #[test]
    fn it_speaks_of_the_last_two_halves_whatever_the_clock_does(steps in prop::collection::vec((0..2_500_u64, latency()), 1..60), later in 0..4_000_u64) {
        let mut sketch = Sketch::new(HALF);
        let mut now = Instant::START;
        let mut kept = Vec::new();
        for (pass, micros) in steps {
            now = now + Millis(pass);
            sketch.record(now, Micros(micros));
            kept.push((now, micros));
        }
        now = now + Millis(later);
        let since = (now.as_millis() / HALF.0).saturating_sub(1) * HALF.0;
        let mut young: Vec<u64> = kept.iter().filter(|(at, _)| at.as_millis() >= since).map(|(_, micros)| *micros).collect();
        young.sort_unstable();
        prop_assert_eq!(sketch.count(now), young.len() as u32);
        match sketch.median(now) {
            Some(median) => prop_assert!(is_near(median, exact(&young, 500))),
            None => prop_assert!(young.is_empty()),
        }
    }
}
