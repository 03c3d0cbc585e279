use super::world::{DOWN, OK, World, busy, reason};
use crate::testing::test;
use crate::{Event, Found, Instant, Millis, Reason, Step, Verdict};

#[test]
fn a_kept_answer_is_served_with_its_age_when_the_network_has_none() {
    let mut world = World::new();
    world.kept = Some(Millis(42_000));
    let verdict = world.read(&[DOWN]);
    assert!(
        matches!(verdict, Verdict::Cached { age: Millis(42_000), why } if why.reason == Reason::Unreachable)
    );
}

#[test]
fn an_answer_older_than_the_limit_is_not_served() {
    let mut world = World::with(|settings| settings.cache.stale_ms = 1_000);
    world.kept = Some(Millis(1_001));
    assert_eq!(reason(world.read(&[DOWN])), Some(Reason::Unreachable));
    assert_eq!(world.engine.counters.failed, 1);
}

#[test]
fn a_slow_network_is_waited_for_only_as_long_as_patience_lasts() {
    let mut world = World::new();
    world.kept = Some(Millis(5));
    let mut call = world.begin();
    let _ = world.poll(&mut call);
    world.pass(2_999);
    assert_eq!(world.poll(&mut call), Step::Wait(world.now + Millis(1)));
    world.pass(1);
    assert_eq!(world.poll(&mut call), Step::ReadCache);
    let step = world.cached(&mut call);
    assert!(
        matches!(step, Step::Answer(verdict) if reason(verdict) == Some(Reason::Slow)),
        "{step:?}"
    );
    world.pass(500);
    world.settle(&mut call, OK);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
    let answers = world
        .events()
        .into_iter()
        .filter(|event| matches!(event, Event::Answer(_)))
        .count();
    assert_eq!(
        (
            answers,
            world.engine.counters.from_cache,
            world.engine.counters.from_network
        ),
        (1, 1, 0)
    );
}

#[test]
fn without_a_kept_answer_a_slow_network_is_waited_for_to_the_end() {
    let mut world = World::new();
    let mut call = world.begin();
    let _ = world.poll(&mut call);
    world.pass(3_000);
    assert_eq!(world.poll(&mut call), Step::ReadCache);
    assert_eq!(
        call.cached(&mut world.engine, world.now, Found::Miss),
        Step::Wait(world.now + Millis(7_000))
    );
    world.settle(&mut call, OK);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
}

#[test]
fn nothing_is_asked_of_a_cache_that_is_switched_off() {
    let mut world = World::with(|settings| settings.cache.entries = 0);
    world.kept = Some(Millis(1));
    assert_eq!(reason(world.read(&[DOWN])), Some(Reason::Unreachable));
}

#[test]
fn patience_ends_in_the_queue_as_well() {
    let mut world = World::with(|settings| {
        settings.concurrency.limit = 1;
        settings.cache.patience_ms = 300;
    });
    let mut first = world.begin();
    let _ = world.poll(&mut first);
    world.kept = Some(Millis(5));
    let mut second = world.begin();
    assert_eq!(world.poll(&mut second), Step::Wait(world.now + Millis(300)));
    world.pass(300);
    assert_eq!(world.poll(&mut second), Step::ReadCache);
    let step = world.cached(&mut second);
    assert!(matches!(step, Step::Done(verdict) if reason(verdict) == Some(Reason::Slow)));
    assert_eq!(world.engine.health(world.now).queued, 0);
    assert!(world.engine.next_probe() < Instant::NEVER);
}

#[test]
fn a_miss_in_the_queue_keeps_the_place() {
    let mut world = World::with(|settings| {
        settings.concurrency.limit = 1;
        settings.cache.patience_ms = 300;
    });
    let mut first = world.begin();
    let _ = world.poll(&mut first);
    let mut second = world.begin();
    let _ = world.poll(&mut second);
    world.pass(300);
    assert_eq!(world.poll(&mut second), Step::ReadCache);
    world.settle(&mut first, OK);
    assert_eq!(world.cached(&mut second), Step::Send { attempt: 1 });
}

#[test]
fn patience_ends_before_a_long_retry_as_well() {
    let mut world = World::new();
    (0..20).for_each(|_| assert_eq!(world.read(&[OK]), Verdict::Network));
    world.kept = Some(Millis(5));
    let mut call = world.begin();
    let _ = world.poll(&mut call);
    world.settle(&mut call, busy(503, Millis(9_000)));
    assert_eq!(world.poll(&mut call), Step::Wait(world.now + Millis(3_000)));
    world.pass(3_000);
    assert_eq!(world.poll(&mut call), Step::ReadCache);
    let step = world.cached(&mut call);
    assert!(matches!(step, Step::Done(verdict) if reason(verdict) == Some(Reason::Slow)));
}
