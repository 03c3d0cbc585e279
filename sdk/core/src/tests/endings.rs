//! Whatever way a call ends, nothing of it is left behind, and it is counted once.

use super::world::{DOWN, OK, World, busy, reason, status};
use crate::testing::test;
use crate::throttle::Priority;
use crate::{
    AlertKind, AlertLevel, Call, CallSpec, Found, Instant, Millis, Reason, Settings, Step, Verdict,
};

/// A world that knows that its answers take 10 ms, and may hedge.
fn known(change: impl FnOnce(&mut Settings)) -> World {
    let mut world = World::with(|settings| {
        settings.hedge.share_permille = 200;
        settings.hedge.least_samples = 20;
        change(settings);
    });
    for _ in 0..100 {
        world.read(&[OK]);
        world.pass(5);
    }
    world
}

/// A call whose first attempt is out, at the time when its second one is due.
fn slow(world: &mut World) -> Call {
    let mut call = world.begin();
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
    world.pass(50);
    call
}

fn in_flight(world: &World) -> u32 {
    world.engine.health(world.now).in_flight
}

#[test]
fn a_call_waits_for_its_rate_no_longer_than_for_everything_together() {
    let mut world = World::with(|settings| {
        settings.timeout.total_ms = 1_000;
        settings.rate.limit = 1;
        settings.rate.interval_ms = 2_500;
        settings.rate.burst = 1;
    });
    assert_eq!(reason(world.read(&[OK])), None);
    let call = world.begin_as(CallSpec::write(world.scope));
    let began = world.now;
    let (verdict, attempts) = world.drive(call, &[OK]);
    assert_eq!((reason(verdict), attempts), (Some(Reason::Throttled), 0));
    assert!(world.now - began <= Millis(1_000), "{}", world.now - began);
}

#[test]
fn a_hedge_takes_nobodys_place() {
    let mut world = known(|settings| {
        settings.concurrency.limit = 2;
        settings.concurrency.queue = 1;
        settings.concurrency.newest_first = 1;
    });
    let mut first = slow(&mut world);
    let write = CallSpec::write(world.scope);
    let mut second = world.begin_as(write);
    assert_eq!(world.poll(&mut second), Step::Send { attempt: 1 });
    // The first of each class has a place.
    let mut waiting = world.begin_as(write);
    assert!(matches!(world.poll(&mut waiting), Step::Wait(_)));
    assert!(matches!(world.poll(&mut first), Step::Wait(_)));
    assert!(matches!(world.poll(&mut waiting), Step::Wait(_)));
    world.settle(&mut second, OK);
    assert_eq!(world.poll(&mut waiting), Step::Send { attempt: 1 });
}

#[test]
fn a_hedge_does_not_overtake_a_heavy_call_that_waits_for_room() {
    let mut world = known(|settings| settings.concurrency.limit = 2);
    let mut first = world.begin_as(CallSpec {
        priority: Priority::Urgent,
        ..CallSpec::read(world.scope)
    });
    assert_eq!(world.poll(&mut first), Step::Send { attempt: 1 });
    let mut heavy = world.begin_as(CallSpec {
        weight: 2,
        ..CallSpec::write(world.scope)
    });
    assert!(matches!(world.poll(&mut heavy), Step::Wait(_)));
    world.pass(50);
    assert!(matches!(world.poll(&mut first), Step::Wait(_)));
    world.settle(&mut first, OK);
    assert_eq!(world.poll(&mut heavy), Step::Send { attempt: 1 });
}

#[test]
fn a_hedge_is_within_the_rate() {
    let mut world = known(|_| {});
    let mut settings = world.engine.settings().clone();
    settings.rate.limit = 1;
    settings.rate.interval_ms = 60_000;
    settings.rate.burst = 1;
    world.engine.configure(world.now, settings).unwrap();
    let mut call = slow(&mut world);
    assert!(matches!(world.poll(&mut call), Step::Wait(_)));
    assert_eq!(in_flight(&world), 1);
}

#[test]
fn a_hedge_that_is_told_when_to_come_back_is_heeded() {
    let mut world = known(|_| {});
    let mut call = slow(&mut world);
    assert_eq!(world.poll(&mut call), Step::Hedge { attempt: 2 });
    call.settle_hedge(
        &mut world.engine,
        world.now,
        busy(503, Millis::from_secs(20)),
    );
    assert_eq!(reason(world.read(&[OK])), Some(Reason::ServerBusy));
}

#[test]
fn a_hedge_that_succeeds_while_the_cache_is_asked_leaves_no_permit_behind() {
    let mut world = known(|settings| settings.cache.patience_ms = 100);
    let mut call = slow(&mut world);
    assert_eq!(world.poll(&mut call), Step::Hedge { attempt: 2 });
    world.pass(100);
    assert_eq!(world.poll(&mut call), Step::ReadCache);
    call.settle_hedge(&mut world.engine, world.now, OK);
    let step = call.cached(&mut world.engine, world.now, Found::Miss);
    assert_eq!(step, Step::Done(Verdict::Network));
    assert_eq!(in_flight(&world), 0);
}

#[test]
fn an_attempt_that_has_failed_is_not_late_as_well() {
    let mut world = known(|settings| settings.cache.entries = 0);
    let owners = world.engine.scope("https://a.example", "/owners");
    let sibling = world.begin_as(CallSpec::read(owners));
    world.drive(sibling, &[OK]);
    let mut call = slow(&mut world);
    assert_eq!(world.poll(&mut call), Step::Hedge { attempt: 2 });
    world.settle(&mut call, status(500));
    world.pass(9_000);
    let _ = world.poll(&mut call);
    // Two bad signs of a route would have its sibling asked.
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
}

#[test]
fn a_call_that_is_cancelled_before_it_hears_of_its_end_is_counted() {
    let mut world = World::new();
    let mut call = world.begin();
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
    world.settle(&mut call, OK);
    call.cancel(&mut world.engine, world.now);
    assert_eq!(world.engine.counters.cancelled, 1);
    assert_eq!(world.engine.counters.calls, 1);
}

#[test]
fn a_probe_that_is_cancelled_is_no_cancelled_call() {
    let mut world = World::new();
    let mut probe = world.begin_as(CallSpec::probe(world.scope));
    assert_eq!(world.poll(&mut probe), Step::Send { attempt: 1 });
    probe.cancel(&mut world.engine, world.now);
    assert_eq!(world.engine.counters.cancelled, 0);
}

#[test]
fn a_scope_that_was_isolated_is_probed_again_once_it_is_released() {
    let mut world = World::with(|settings| settings.retry.attempts = 1);
    world.read(&[DOWN]);
    assert!(world.engine.next_probe() < Instant::NEVER);
    let name = alloc::string::String::from(world.engine.scope_name(world.scope));
    world.engine.isolate(world.now, &name);
    assert_eq!(reason(world.read(&[OK])), Some(Reason::CircuitOpen));
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
    assert!(!world.engine.health(world.now).scopes[0].probing);
    world.engine.release_scope(world.now, &name);
    assert!(world.engine.next_probe() < Instant::NEVER);
}

#[test]
fn work_that_was_given_up_long_ago_fills_no_pool() {
    let mut world = World::with(|settings| {
        settings.concurrency.limit = 1;
        settings.cache.entries = 0;
        settings.retry.attempts = 1;
        settings.timeout.attempt_ms = 8_000;
    });
    let mut call = world.begin();
    let _ = world.poll(&mut call);
    for _ in 0..8 {
        world.pass(1_000);
        world.engine.look(world.now);
    }
    let pool = |world: &World| {
        let health = world.engine.health(world.now);
        let pool = health.alerts.iter().find(|a| a.kind == AlertKind::PoolUse);
        pool.unwrap().level
    };
    assert_eq!(pool(&world), AlertLevel::Critical);
    assert_eq!(world.poll(&mut call), Step::Abandon);
    let _ = world.poll(&mut call);
    for _ in 0..60 {
        world.pass(1_000);
        world.engine.look(world.now);
    }
    assert_eq!(world.engine.health(world.now).origins[0].in_flight, 0);
    assert_eq!(pool(&world), AlertLevel::Ok);
}

#[test]
fn who_waits_beside_a_limit_that_adapts_is_not_told_to_come_back_in_the_past() {
    let mut world = World::with(|settings| {
        settings.concurrency.limit = 2;
        settings.concurrency.adaptive = 1;
        settings.cache.entries = 0;
    });
    let write = CallSpec::write(world.scope);
    // All of the limit in use for as long as it takes until it is halved to see what is calm.
    for _ in 0..22 {
        let mut call = world.begin_as(CallSpec { weight: 2, ..write });
        assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
        world.pass(60);
        world.settle(&mut call, OK);
        let _ = world.poll(&mut call);
    }
    assert_eq!(world.engine.health(world.now).origins[0].limit, 1);
    let mut out = world.begin_as(CallSpec { weight: 9, ..write });
    assert_eq!(world.poll(&mut out), Step::Send { attempt: 1 });
    let mut waits = world.begin_as(write);
    loop {
        let step = world.poll(&mut waits);
        let Step::Wait(until) = step else { break };
        assert!(until > world.now, "{until:?} at {:?}", world.now);
        world.now = until;
    }
}
