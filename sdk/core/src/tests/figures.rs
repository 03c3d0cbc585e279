//! What the engine tells of latencies, origins and alerts.

use alloc::vec::Vec;

use super::world::{OK, World, status};
use crate::testing::test;
use crate::{AlertKind, AlertLevel, Event, Instant, Millis, SettingsError};

fn changes(world: &mut World) -> Vec<(AlertKind, AlertLevel)> {
    let events = world.events().into_iter();
    let changes = events.filter_map(|event| match event {
        Event::Alert(change) => Some((change.kind, change.to)),
        _ => None,
    });
    changes.collect()
}

#[test]
fn a_scope_tells_how_long_its_answers_take() {
    let mut world = World::new();
    for _ in 0..40 {
        world.read(&[OK]);
    }
    let health = world.engine.health(world.now);
    let latency = health.scopes[0].latency.clone().unwrap();
    assert_eq!(latency.count, 40);
    assert!((9..=11).contains(&latency.p50_ms) && (9..=11).contains(&latency.p99_ms));
    let origin = &health.origins[0];
    assert_eq!((origin.limit, origin.in_flight, origin.queued), (12, 0, 0));
    assert_eq!(origin.level_permille, 1_000);
}

#[test]
fn errors_raise_an_alert_that_ends_when_all_is_well_again() {
    let mut world = World::with(|settings| {
        settings.retry.attempts = 1;
        settings.breaker.shadow = 1;
    });
    for _ in 0..100 {
        world.read(&[OK]);
        world.pass(100);
        world.read(&[status(500)]);
        world.pass(100);
    }
    let told = changes(&mut world);
    assert!(
        told.contains(&(AlertKind::ErrorRate, AlertLevel::Critical)),
        "{told:?}"
    );
    assert!(world.engine.next_look() < Instant::NEVER);
    // A quiet page: the driver looks when it is told to.
    let mut looks = 0;
    while world.engine.next_look() < Instant::NEVER {
        world.now = world.engine.next_look();
        world.engine.look(world.now);
        if world.now.as_millis().is_multiple_of(2) {
            world.read(&[OK]);
        }
        looks += 1;
        assert!(looks < 1_000);
    }
    assert!(changes(&mut world).contains(&(AlertKind::ErrorRate, AlertLevel::Ok)));
}

#[test]
fn storage_that_is_nearly_full_is_an_alert() {
    let mut world = World::new();
    for _ in 0..8 {
        world.pass(1_000);
        world.engine.set_storage_use(world.now, 96, 100);
    }
    assert_eq!(
        changes(&mut world),
        [(AlertKind::StorageUse, AlertLevel::Critical)]
    );
}

#[test]
fn kept_answers_are_a_degraded_share_and_not_an_error() {
    let mut world = World::with(|settings| settings.retry.attempts = 1);
    world.kept = Some(Millis(1_000));
    for _ in 0..100 {
        world.read(&[status(500)]);
        world.pass(200);
    }
    let told = changes(&mut world);
    assert!(
        told.contains(&(AlertKind::DegradedShare, AlertLevel::Critical)),
        "{told:?}"
    );
    assert!(!told.iter().any(|(kind, _)| *kind == AlertKind::ErrorRate));
}

#[test]
fn a_warning_that_comes_after_its_critical_alert_is_refused_with_its_path_and_range() {
    let refused = |path: &str, value| {
        let mut settings = crate::Settings::default();
        settings.set(path, value).unwrap();
        settings.check()
    };
    let out_of_range = |path: &str, min, max| {
        let path = path.into();
        Err(SettingsError::OutOfRange { path, min, max })
    };
    for (path, value, min, max) in [
        ("alerts.errorRateWarningPercent", 50.0, 1, 5),
        ("alerts.cacheHitsWarningPercent", 20.0, 50, 99),
        ("alerts.responseTimeWarningMs", 6_000.0, 1, 5_000),
        ("alerts.poolUseWarningPercent", 96.0, 1, 95),
        ("alerts.storageUseWarningPercent", 96.0, 1, 95),
        ("alerts.degradedShareWarningPercent", 21.0, 1, 20),
    ] {
        assert_eq!(refused(path, value), out_of_range(path, min, max));
    }
}

#[test]
fn a_figure_that_is_told_is_looked_at_however_young_the_engine_is() {
    let mut world = World::with(|settings| settings.alerts.rise_ms = 0);
    world.engine.set_storage_use(Instant::START, 96, 100);
    assert_eq!(
        changes(&mut world),
        [(AlertKind::StorageUse, AlertLevel::Critical)]
    );
}
