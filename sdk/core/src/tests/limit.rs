use super::world::{DOWN, OK, World, reason};
use crate::testing::test;
use crate::{CallSpec, Millis, Reason, Step};

#[test]
fn calls_beyond_the_limit_wait_for_their_turn_and_no_longer_than_the_settings_say() {
    let mut world = World::with(|settings| {
        settings.concurrency.limit = 1;
        settings.concurrency.queue = 1;
        settings.concurrency.queue_ms = 500;
    });
    let mut first = world.begin();
    let _ = world.poll(&mut first);
    let mut second = world.begin();
    assert_eq!(world.poll(&mut second), Step::Wait(world.now + Millis(500)));
    assert_eq!(reason(world.read(&[OK])), Some(Reason::Throttled));

    world.settle(&mut first, OK);
    assert!(world.engine.drain_wakes().eq([second.id()]));
    assert_eq!(world.poll(&mut second), Step::Send { attempt: 1 });

    let mut third = world.begin();
    let _ = world.poll(&mut third);
    world.pass(500);
    assert_eq!(world.poll(&mut third), Step::ReadCache);
    let Step::Done(verdict) = world.cached(&mut third) else {
        panic!("over")
    };
    assert_eq!(reason(verdict), Some(Reason::Throttled));
}

#[test]
fn calls_that_wait_are_refused_at_once_when_the_breaker_opens() {
    let mut world = World::with(|settings| {
        settings.concurrency.limit = 1;
        settings.breaker.minimum_calls = 1;
        settings.retry.attempts = 1;
        settings.gate.hold_ms = 0;
    });
    let mut first = world.begin();
    let _ = world.poll(&mut first);
    let mut second = world.begin_as(CallSpec::write(world.scope));
    let _ = world.poll(&mut second);
    world.settle(&mut first, DOWN);
    assert!(world.engine.drain_wakes().any(|id| id == second.id()));
    let Step::Done(verdict) = world.poll(&mut second) else {
        panic!("over")
    };
    assert_eq!(reason(verdict), Some(Reason::CircuitOpen));
}
#[test]
fn a_call_in_the_queue_that_is_given_a_kept_answer_leaves_its_place() {
    let mut world = World::with(|settings| {
        settings.concurrency.limit = 1;
        settings.breaker.minimum_calls = 1;
        settings.retry.attempts = 1;
    });
    let mut first = world.begin();
    let _ = world.poll(&mut first);
    world.kept = Some(Millis(5));
    let mut second = world.begin();
    let _ = world.poll(&mut second);
    assert_eq!(world.engine.health(world.now).queued, 1);
    world.settle(&mut first, DOWN);
    assert_eq!(world.poll(&mut second), Step::ReadCache);
    assert!(matches!(world.cached(&mut second), Step::Done(_)));
    assert_eq!(world.engine.health(world.now).queued, 0);
}

#[test]
fn a_call_in_the_queue_that_is_cancelled_while_it_asks_the_cache_leaves_its_place() {
    let mut world = World::with(|settings| {
        settings.concurrency.limit = 1;
        settings.breaker.minimum_calls = 1;
        settings.retry.attempts = 1;
    });
    let mut first = world.begin();
    let _ = world.poll(&mut first);
    let mut second = world.begin();
    let _ = world.poll(&mut second);
    world.settle(&mut first, DOWN);
    assert_eq!(world.poll(&mut second), Step::ReadCache);
    second.cancel(&mut world.engine, world.now);
    assert_eq!(world.engine.health(world.now).queued, 0);
}
