//! What the outbox tells of itself.

use alloc::vec::Vec;

use super::world::{World, status};
use crate::outbox::{Decision, OutboxEntry};
use crate::testing::test;
use crate::{AlertKind, AlertLevel, Event};

fn alerts(world: &mut World) -> Vec<(AlertKind, AlertLevel)> {
    let events = world.engine.drain_events();
    let changes = events.filter_map(|event| match event {
        Event::Alert(change) => Some((change.kind, change.to)),
        _ => None,
    });
    changes.collect()
}

#[test]
fn health_counts_what_is_there() {
    let mut world = World::new();
    world.enqueue(World::write("a"));
    world.pass(5_000);
    let dead = world.enqueue(World::write("b"));
    world.enqueue(World::write("c"));
    for _ in 0..2 {
        let claim = world.next().unwrap();
        let code = if claim.id == dead { 400 } else { 503 };
        world.settle(claim, status(code));
    }
    let health = world.engine.health(world.now).outbox;
    assert_eq!((health.length, health.dead, health.resting), (2, 1, 1));
    assert_eq!((health.bytes, health.waiting + health.sending), (30, 1));
    let age = world.outbox.health(world.wall).oldest_ms.unwrap();
    assert!(age >= 5_000);
    let listed: Vec<OutboxEntry> = world.outbox.entries().map(OutboxEntry::from).collect();
    let letter = listed.iter().find(|entry| entry.id == dead.0).unwrap();
    assert_eq!((letter.status, letter.attempts), (Some(400), 1));
}

#[test]
fn a_dead_letter_is_an_alert_until_somebody_decides() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    world.settle(claim, status(400));
    for _ in 0..10 {
        world.drain();
        world.pass(1_000);
    }
    assert_eq!(
        alerts(&mut world),
        [(AlertKind::DeadLetters, AlertLevel::Warning)]
    );
    world.decide(id, Decision::Discard);
    for _ in 0..40 {
        world.drain();
        world.pass(1_000);
    }
    assert_eq!(
        alerts(&mut world),
        [(AlertKind::DeadLetters, AlertLevel::Ok)]
    );
}

#[test]
fn a_write_that_has_waited_for_ten_minutes_is_an_alert() {
    let mut world = World::new();
    world.engine.set_online(world.now, false);
    world.enqueue(World::write("a"));
    for _ in 0..650 {
        world.drain();
        world.pass(1_000);
    }
    assert_eq!(
        alerts(&mut world),
        [(AlertKind::OutboxAge, AlertLevel::Warning)]
    );
}

#[test]
fn an_outbox_that_is_nearly_full_is_an_alert() {
    let mut world = World::with(|settings| settings.outbox.entries = 10);
    world.engine.set_online(world.now, false);
    for _ in 0..10 {
        world.enqueue(World::write("a"));
    }
    for _ in 0..10 {
        world.drain();
        world.pass(1_000);
    }
    assert_eq!(
        alerts(&mut world),
        [(AlertKind::OutboxUse, AlertLevel::Critical)]
    );
}

#[test]
fn a_trace_of_an_engine_that_paid_for_retries_replays() {
    let mut world = World::with(|settings| settings.trace.bytes = 100_000);
    world.enqueue(World::write("a"));
    for _ in 0..6 {
        let claim = world.next().unwrap();
        world.settle(claim, status(500));
    }
    let trace = world.engine.trace().unwrap();
    let replayed = trace.replay(|_, _, _| {}).unwrap();
    assert_eq!(replayed.hash, trace.hash);
}
