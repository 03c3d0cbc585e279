//! Levels over virtual time: one look a second unless the test says otherwise.

use alloc::vec::Vec;

use proptest::prelude::*;

use crate::testing::test;
use crate::{
    AlertChange, AlertKind, AlertLevel, AlertSettings, Alerts, Instant, Millis, Threshold, permille,
};

use AlertKind::{CacheHits, ErrorRate, ResponseTime};
use AlertLevel::{Critical, Ok as Well, Warning};

struct Watch {
    alerts: Alerts,
    kind: AlertKind,
    now: Instant,
}

impl Watch {
    fn over(kind: AlertKind) -> Watch {
        let settings = AlertSettings::default();
        assert_eq!(settings.check(), Ok(()));
        Watch {
            alerts: Alerts::new(settings),
            kind,
            now: Instant::from_millis(10_000),
        }
    }

    fn look(&mut self, value: impl Into<Option<u64>>) -> Option<AlertChange> {
        self.alerts.observe(self.now, self.kind, value.into())
    }

    /// The same figure for so many seconds, looked at each second; the changes with the second in which they came.
    fn see(&mut self, value: impl Into<Option<u64>>, seconds: u64) -> Vec<(u64, AlertLevel)> {
        let value = value.into();
        let mut changes = Vec::new();
        for second in 0..=seconds {
            changes.extend(self.look(value).map(|change| (second, change.to)));
            if second < seconds {
                self.now = self.now + Millis(1_000);
            }
        }
        changes
    }
}

#[test]
fn a_figure_that_stays_bad_raises_its_level_after_the_hold_time() {
    let mut watch = Watch::over(ErrorRate);
    assert_eq!(watch.see(10, 4), []);
    assert_eq!(watch.see(10, 1), [(1, Warning)]);
    assert_eq!(watch.see(50, 60), [(5, Critical)]);
}

#[test]
fn a_peak_raises_nothing() {
    let mut watch = Watch::over(ResponseTime);
    for _ in 0..20 {
        assert_eq!(watch.see(9_000, 3), []);
        assert_eq!(watch.see(200, 1), []);
    }
}

#[test]
fn what_was_a_warning_all_along_becomes_one_although_it_was_worse_in_between() {
    let mut watch = Watch::over(ResponseTime);
    assert_eq!(watch.see(1_500, 3), []);
    assert_eq!(watch.see(6_000, 2), [(2, Warning)]);
    assert_eq!(watch.see(6_000, 5), [(5, Critical)]);
}

#[test]
fn without_a_hold_time_it_rises_at_once() {
    let mut watch = Watch::over(ErrorRate);
    watch.alerts.set(AlertSettings {
        rise_ms: 0,
        ..AlertSettings::default()
    });
    assert_eq!(watch.look(50).map(|change| change.to), Some(Critical));
}

#[test]
fn it_falls_only_when_it_was_below_the_margin_for_the_hold_time() {
    let mut watch = Watch::over(ResponseTime);
    assert_eq!(watch.see(1_000, 5), [(5, Warning)]);
    assert_eq!(watch.see(901, 600), []);
    assert_eq!(watch.see(900, 600), []);
    assert_eq!(watch.see(899, 60), [(30, Well)]);
}

#[test]
fn a_relapse_starts_the_hold_time_again() {
    let mut watch = Watch::over(ResponseTime);
    watch.see(1_000, 5);
    for _ in 0..10 {
        assert_eq!(watch.see(100, 29), []);
        assert_eq!(watch.see(950, 1), []);
    }
}

#[test]
fn it_falls_to_the_worst_that_was_seen_meanwhile() {
    let mut watch = Watch::over(ResponseTime);
    watch.see(5_000, 5);
    watch.see(100, 20);
    assert_eq!(watch.see(2_000, 11), [(10, Warning)]);
    assert_eq!(watch.see(100, 40), [(30, Well)]);
}

#[test]
fn a_figure_around_a_threshold_changes_the_level_once() {
    let mut watch = Watch::over(ErrorRate);
    let mut changes = Vec::new();
    changes.extend(watch.see(10, 6));
    for turn in 0..500 {
        changes.extend(watch.see([10, 9, 11][turn % 3], 1));
    }
    assert_eq!(changes, [(5, Warning)]);
}

#[test]
fn a_night_asleep_neither_raises_nor_clears() {
    let night = Millis(8 * 3_600_000);
    let mut watch = Watch::over(ErrorRate);
    watch.alerts.set(AlertSettings {
        rise_ms: 20_000,
        ..AlertSettings::default()
    });
    assert_eq!(watch.look(500), None);
    watch.now = watch.now + night;
    assert_eq!(watch.look(500), None);
    assert_eq!(watch.see(500, 10), [(5, Critical)]);

    assert_eq!(watch.look(0), None);
    watch.now = watch.now + night;
    assert_eq!(watch.look(0), None);
    assert_eq!(watch.see(0, 30), [(15, Well)]);
}

#[test]
fn looks_that_are_far_apart_still_come_to_an_end() {
    let mut watch = Watch::over(ErrorRate);
    let mut looks = 0;
    while watch.look(500).is_none() {
        watch.now = watch.now + Millis(3_600_000);
        looks += 1;
    }
    assert_eq!(looks, 1);
    while watch.look(0).is_none() {
        watch.now = watch.now + Millis(3_600_000);
        looks += 1;
    }
    assert_eq!(looks, 3);
}

#[test]
fn silence_holds_the_level_and_ends_it_after_five_minutes() {
    let mut watch = Watch::over(ErrorRate);
    watch.see(500, 5);
    assert_eq!(watch.see(None, 299), []);
    watch.now = watch.now + Millis(1_000);
    let change = watch.look(None).unwrap();
    assert_eq!(
        (change.from, change.to, change.value),
        (Critical, Well, None)
    );
}

#[test]
fn silence_is_no_time_in_which_it_was_bad() {
    let mut watch = Watch::over(ErrorRate);
    watch.see(500, 3);
    watch.see(None, 3);
    assert_eq!(watch.see(500, 6), [(5, Critical)]);
}

#[test]
fn few_cache_hits_are_bad() {
    let mut watch = Watch::over(CacheHits);
    assert_eq!(watch.see(1_000, 60), []);
    assert_eq!(watch.see(800, 5), [(5, Warning)]);
    assert_eq!(watch.see(0, 5), [(5, Critical)]);
    assert_eq!(watch.see(600, 31), [(30, Warning)]);
    assert_eq!(watch.see(880, 600), []);
    assert_eq!(watch.see(881, 31), [(30, Well)]);
}

#[test]
fn a_change_says_which_threshold_it_was() {
    let mut watch = Watch::over(ResponseTime);
    watch.look(7_000);
    watch.now = watch.now + Millis(5_000);
    let change = watch.look(7_000).unwrap();
    assert_eq!(
        change,
        AlertChange {
            at_ms: 15_000,
            kind: ResponseTime,
            from: Well,
            to: Critical,
            value: Some(7_000),
            threshold: 5_000,
        }
    );
    assert_eq!(watch.alerts.worst(), Critical);
    assert_eq!(watch.alerts.level(ResponseTime), Critical);
    assert_eq!(watch.alerts.level(ErrorRate), Well);
}

#[test]
fn thresholds_in_the_wrong_order_are_refused() {
    let error_rate = Threshold {
        warning: 50,
        critical: 10,
    };
    let settings = AlertSettings {
        error_rate,
        ..AlertSettings::default()
    };
    assert_eq!(settings.check().unwrap_err().kind, ErrorRate);
    let cache_hits = Threshold {
        warning: 500,
        critical: 800,
    };
    let settings = AlertSettings {
        cache_hits,
        ..AlertSettings::default()
    };
    assert_eq!(settings.check().unwrap_err().kind, CacheHits);
}

#[test]
fn a_rate_needs_calls_and_more_than_one_of_them_bad() {
    let settings = AlertSettings::default();
    assert_eq!(settings.rate(0, 0), None);
    assert_eq!(settings.rate(19, 19), None);
    assert_eq!(settings.rate(1, 20), Some(0));
    assert_eq!(settings.rate(2, 20), Some(100));
    assert_eq!(settings.rate(99, 33), Some(1_000));
    assert_eq!(permille(1, 12), Some(83));
    assert_eq!(permille(u64::MAX, 0), None);
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
    fn changes_of_one_figure_are_apart_by_the_hold_times(looks in prop::collection::vec((0..100_000_u64, prop::option::of(0..100_u64)), 1..200)) {
        let mut watch = Watch::over(ErrorRate);
        let mut last: Option<(Instant, AlertLevel)> = None;
        for (pass, value) in looks {
            watch.now = watch.now + Millis(pass);
            let Some(change) = watch.look(value) else { continue };
            prop_assert_ne!(change.from, change.to);
            if let Some((at, level)) = last {
                prop_assert_eq!(change.from, level);
                let least = if change.to > change.from { 5_000 } else { 30_000 };
                prop_assert!(watch.now - at >= Millis(least), "{:?} after {:?}", change, watch.now - at);
            }
            last = Some((watch.now, change.to));
        }
    }
}
