use super::world::{DOWN, OK, World, busy, reason};
use crate::testing::test;

use crate::{CallSpec, Event, Found, Instant, Lookup, Millis, Reason, Step, Verdict};

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

fn asks(world: &mut World, lookup: Lookup) -> crate::Call {
    let spec = CallSpec {
        lookup,
        ..CallSpec::read(world.scope)
    };
    let mut call = world.begin_as(spec);
    assert_eq!(world.poll(&mut call), Step::ReadCache);
    call
}

#[test]
fn what_is_fresh_is_served_and_nobody_is_asked() {
    let mut world = World::new();
    let mut call = asks(&mut world, Lookup::First);
    let found = Found::Hit {
        age: Millis(9),
        fresh: true,
    };
    let step = call.cached(&mut world.engine, world.now, found);
    assert!(matches!(step, Step::Done(verdict) if reason(verdict) == Some(Reason::Fresh)));
    assert_eq!(world.engine.counters.attempts, 0);
    // Nobody is worse off, so nothing is to be repeated in the background, and nothing is degraded.
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
    assert!(!world.engine.is_wanted(world.scope));
}

#[test]
fn what_is_stale_is_served_at_once_and_asked_for_unseen() {
    let mut world = World::new();
    let mut call = asks(&mut world, Lookup::First);
    let found = Found::Renew { age: Millis(9) };
    let step = call.cached(&mut world.engine, world.now, found);
    assert!(matches!(step, Step::Answer(verdict) if reason(verdict) == Some(Reason::Revalidating)));
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
    world.settle(&mut call, OK);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
    let counters = &world.engine.counters;
    assert_eq!((counters.from_cache, counters.from_network), (1, 0));
}

#[test]
fn the_cache_is_asked_again_when_the_network_has_no_answer() {
    let mut world = World::new();
    let mut call = asks(&mut world, Lookup::First);
    let step = call.cached(&mut world.engine, world.now, Found::Miss);
    assert_eq!(step, Step::Send { attempt: 1 });
    world.kept = Some(Millis(5));
    world.settle(&mut call, DOWN);
    let (verdict, _) = world.drive(call, &[DOWN]);
    assert_eq!(reason(verdict), Some(Reason::Unreachable));
    assert!(matches!(verdict, Verdict::Cached { .. }));
}

#[test]
fn where_nobody_else_is_to_be_asked_nobody_is() {
    let mut world = World::with(|settings| settings.cache.entries = 0);
    let mut call = asks(&mut world, Lookup::Only);
    let step = call.cached(&mut world.engine, world.now, Found::Miss);
    assert!(
        matches!(step, Step::Done(verdict @ Verdict::Failed(_)) if reason(verdict) == Some(Reason::NotKept))
    );
    assert_eq!(world.engine.counters.attempts, 0);
}

#[test]
fn a_call_may_have_a_patience_of_its_own() {
    let mut world = World::new();
    let spec = CallSpec {
        patience: Some(Millis(250)),
        ..CallSpec::read(world.scope)
    };
    let mut call = world.begin_as(spec);
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
    assert_eq!(world.poll(&mut call), Step::Wait(world.now + Millis(250)));
}

#[test]
fn who_only_measures_does_not_shut_the_origin_either() {
    let mut world = World::with(|settings| {
        settings.breaker.shadow = 1;
        settings.retry.attempts = 1;
    });
    for path in ["/a", "/b", "/c", "/d", "/e"] {
        world.scope = world.engine.scope("https://a.example", path);
        let (_, attempts) = {
            let call = world.begin();
            world.drive(call, &[DOWN])
        };
        assert_eq!(attempts, 1, "{path}");
    }
}
