use super::world::{DOWN, OK, World, busy};
use crate::testing::test;
use crate::{CallSpec, Event, Instant, Millis, Step, Verdict};

#[test]
fn a_scope_that_failed_a_reader_is_probed_until_it_answers() {
    let mut world = World::new();
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
    world.kept = Some(Millis(1));
    world.read(&[DOWN]);
    for outcome in [DOWN, DOWN, OK] {
        world.now = world.engine.next_probe();
        let scope = world.engine.due_probe(world.now).unwrap();
        assert_eq!(world.engine.due_probe(world.now), None);
        let probe = world.begin_as(CallSpec::probe(scope));
        world.drive(probe, &[outcome]);
    }
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
    assert!(
        world
            .events()
            .iter()
            .any(|event| matches!(event, Event::Recovered(_)))
    );
    let counters = &world.engine.counters;
    assert_eq!((counters.calls, counters.probes), (1, 3));
}

#[test]
fn a_reader_who_was_given_a_kept_answer_for_slowness_is_probed_for_when_the_late_attempt_fails() {
    let mut world = World::new();
    let mut call = world.answered_early();
    world.pass(7_000);
    assert_eq!(world.poll(&mut call), Step::Abandon);
    assert!(matches!(
        world.poll(&mut call),
        Step::Done(Verdict::Failed(_))
    ));
    assert!(world.engine.next_probe() < Instant::NEVER);
}

#[test]
fn health_tells_a_probe_that_is_out_from_one_that_is_due() {
    let mut world = World::new();
    world.read(&[DOWN]);
    let scope = |world: &World| world.engine.health(world.now).scopes[0].clone();
    assert!(scope(&world).probe_in_ms.is_some() && !scope(&world).probing);
    world.now = world.engine.next_probe();
    world.engine.due_probe(world.now).unwrap();
    assert!(scope(&world).probe_in_ms.is_none() && scope(&world).probing);
}

#[test]
fn probes_wait_for_the_breaker() {
    let mut world = World::new();
    let until = world.open();
    assert_eq!(world.engine.next_probe(), until);
}

#[test]
fn a_failed_write_is_never_probed() {
    let mut world = World::new();
    let call = world.begin_as(CallSpec::write(world.scope));
    world.drive(call, &[DOWN]);
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
}

#[test]
fn the_network_coming_back_hurries_the_probes() {
    let mut world = World::new();
    world.engine.set_online(world.now, false);
    world.read(&[DOWN]);
    world.engine.set_online(world.now, true);
    assert!(world.engine.next_probe() <= world.now + Millis(1_000));
}

#[test]
fn a_probe_that_cannot_be_sent_is_forgotten() {
    let mut world = World::new();
    world.read(&[DOWN]);
    world.now = world.engine.next_probe();
    let scope = world.engine.due_probe(world.now).unwrap();
    world.engine.forget(scope);
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
}

#[test]
fn probes_leave_the_server_the_peace_that_it_asked_for() {
    let mut world = World::new();
    let asked = world.now + Millis(10) + Millis::from_secs(60);
    let verdict = world.read(&[busy(429, Millis::from_secs(60))]);
    let Verdict::Failed(why) = verdict else {
        panic!("{verdict:?}")
    };
    let until = why.retry_at.unwrap();
    assert!(until >= asked && until <= asked + Millis(7_600));
    assert_eq!(world.engine.next_probe(), until);
    world.engine.set_online(world.now, false);
    world.engine.set_online(world.now, true);
    assert_eq!(world.engine.next_probe(), until);
}

#[test]
fn a_reader_who_was_served_without_a_network_is_probed_for_once_it_is_back() {
    let mut world = World::new();
    world.kept = Some(Millis(5));
    world.engine.set_online(world.now, false);
    world.read(&[OK]);
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
    world.engine.set_online(world.now, true);
    assert!(world.engine.next_probe() <= world.now + Millis(1_000));
}

#[test]
fn a_probe_that_is_out_is_not_sent_again_when_the_network_comes_back() {
    let mut world = World::new();
    world.read(&[DOWN]);
    world.now = world.engine.next_probe();
    world.engine.due_probe(world.now).unwrap();
    world.engine.set_online(world.now, false);
    world.engine.set_online(world.now, true);
    assert_eq!(world.engine.next_probe(), Instant::NEVER);
}

#[test]
fn a_success_from_before_the_breaker_opened_is_no_recovery() {
    let mut world = World::new();
    let mut early = world.begin();
    let _ = world.poll(&mut early);
    world.now = world.open();
    world.settle(&mut early, OK);
    assert!(world.engine.is_wanted(world.scope));
}

#[test]
fn a_caller_who_leaves_with_an_old_answer_in_hand_is_probed_for() {
    let mut world = World::new();
    let call = world.answered_early();
    call.cancel(&mut world.engine, world.now);
    assert!(world.engine.is_wanted(world.scope));
}
