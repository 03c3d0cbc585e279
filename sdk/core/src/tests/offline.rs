use super::world::{DOWN, OK, World, reason};
use crate::testing::test;
use crate::{CallSpec, Instant, Millis, Reason, Step, Verdict};

#[test]
fn without_a_network_a_kept_answer_is_served_at_once_and_nothing_is_sent() {
    let mut world = World::new();
    world.kept = Some(Millis(9));
    world.engine.set_online(world.now, false);
    assert_eq!(reason(world.read(&[OK])), Some(Reason::Offline));
    assert_eq!(world.engine.counters.attempts, 0);
}

#[test]
fn without_a_network_and_a_kept_answer_one_attempt_is_made_and_counts_against_nobody() {
    let mut world = World::new();
    world.engine.set_online(world.now, false);
    for _ in 0..20 {
        assert_eq!(reason(world.read(&[DOWN])), Some(Reason::Offline));
    }
    assert_eq!(
        (
            world.engine.counters.attempts,
            world.engine.refusal(world.scope, world.now)
        ),
        (20, None)
    );
}

#[test]
fn the_browsers_word_says_nothing_about_this_machine() {
    let mut world = World::new();
    world.scope = world.engine.scope("http://127.0.0.1:4780", "/assets");
    world.kept = Some(Millis(9));
    world.engine.set_online(world.now, false);
    assert_eq!(world.read(&[OK]), Verdict::Network);
}

#[test]
fn a_call_without_a_network_waits_for_it_and_burns_no_attempt() {
    let mut world = World::with(|settings| settings.retry.attempts = 1);
    world.engine.set_online(world.now, false);
    let mut call = world.begin();
    assert_eq!(world.poll(&mut call), Step::ReadCache);
    assert_eq!(world.cached(&mut call), Step::Send { attempt: 1 });
    world.settle(&mut call, DOWN);
    assert_eq!(
        world.poll(&mut call),
        Step::Wait(Instant::from_millis(1_000) + Millis(3_000))
    );
    world.pass(900);
    world.engine.set_online(world.now, true);
    assert!(world.engine.drain_wakes().any(|id| id == call.id()));
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 2 });
    world.settle(&mut call, OK);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
}

#[test]
fn a_call_that_is_cancelled_while_it_waits_for_the_network_is_not_woken() {
    let mut world = World::new();
    world.engine.set_online(world.now, false);
    let mut call = world.begin_as(CallSpec {
        repeatable: true,
        ..CallSpec::write(world.scope)
    });
    let _ = world.poll(&mut call);
    world.settle(&mut call, DOWN);
    let _ = world.poll(&mut call);
    call.cancel(&mut world.engine, world.now);
    world.engine.set_online(world.now, true);
    assert_eq!(world.engine.drain_wakes().count(), 0);
}
