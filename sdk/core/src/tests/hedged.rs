//! Calls with a second attempt beside a slow first one.

use super::world::{DOWN, OK, World, status};
use crate::testing::test;
use crate::{Call, CallSpec, Instant, Step, Verdict};

/// A world that knows that its answers take 10 ms, and may hedge.
fn known() -> World {
    let mut world = World::with(|settings| {
        settings.hedge.share_permille = 20;
        settings.cache.entries = 0;
    });
    for _ in 0..100 {
        world.read(&[OK]);
        world.pass(5);
    }
    world
}

/// A call whose two attempts are out.
fn both_out(world: &mut World) -> Call {
    let mut call = world.begin();
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 1 });
    let Step::Wait(until) = world.poll(&mut call) else {
        panic!("waits")
    };
    assert!((20..40).contains(&(until - world.now).0), "{until:?}");
    world.now = until;
    assert_eq!(world.poll(&mut call), Step::Hedge { attempt: 2 });
    assert_eq!(world.engine.health(world.now).in_flight, 2);
    call
}

fn nothing_is_out(world: &World) {
    assert_eq!(world.engine.health(world.now).in_flight, 0);
}

#[test]
fn the_hedge_that_succeeds_first_is_the_answer() {
    let mut world = known();
    let mut call = both_out(&mut world);
    world.pass(10);
    call.settle_hedge(&mut world.engine, world.now, OK);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
    nothing_is_out(&world);
}

#[test]
fn a_hedge_that_fails_is_as_if_it_had_never_been() {
    let mut world = known();
    let mut call = both_out(&mut world);
    call.settle_hedge(&mut world.engine, world.now, DOWN);
    assert!(matches!(world.poll(&mut call), Step::Wait(_)));
    world.pass(50);
    world.settle(&mut call, OK);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
    nothing_is_out(&world);
}

#[test]
fn a_first_attempt_that_fails_leaves_the_call_to_its_hedge() {
    let mut world = known();
    let mut call = both_out(&mut world);
    world.settle(&mut call, status(500));
    assert!(matches!(world.poll(&mut call), Step::Wait(_)));
    call.settle_hedge(&mut world.engine, world.now, OK);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
    nothing_is_out(&world);
}

#[test]
fn when_both_fail_the_call_goes_on_as_after_any_failure() {
    let mut world = known();
    let mut call = both_out(&mut world);
    world.settle(&mut call, status(500));
    call.settle_hedge(&mut world.engine, world.now, status(500));
    nothing_is_out(&world);
    let Step::Wait(until) = world.poll(&mut call) else {
        panic!("waits for its retry")
    };
    world.now = until;
    assert_eq!(world.poll(&mut call), Step::Send { attempt: 3 });
}

#[test]
fn a_call_that_is_cancelled_or_times_out_takes_both_back() {
    let mut world = known();
    let call = both_out(&mut world);
    call.cancel(&mut world.engine, world.now);
    nothing_is_out(&world);
    for _ in 0..60 {
        world.read(&[OK]);
    }
    let mut call = both_out(&mut world);
    while let Step::Wait(until) = world.poll(&mut call) {
        assert!(until < Instant::NEVER);
        world.now = until;
    }
    nothing_is_out(&world);
}

#[test]
fn two_in_a_hundred_at_most_are_hedged_however_slow_everything_becomes() {
    let mut world = known();
    let before = world.engine.counters.hedges;
    for _ in 0..500 {
        let mut call = world.begin();
        let _ = world.poll(&mut call);
        world.pass(60);
        let step = world.poll(&mut call);
        world.settle(&mut call, OK);
        if let Step::Hedge { .. } = step {
            call.settle_hedge(&mut world.engine, world.now, OK);
        }
        assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
        world.pass(5);
    }
    let hedges = world.engine.counters.hedges - before;
    assert!((1..=12).contains(&hedges), "{hedges}");
    nothing_is_out(&world);
}

#[test]
fn nothing_is_hedged_by_default_nor_what_may_not_be_repeated() {
    let mut plain = World::new();
    let mut world = known();
    for _ in 0..100 {
        plain.read(&[OK]);
    }
    let (read, write) = (CallSpec::read(plain.scope), CallSpec::write(world.scope));
    for (world, spec) in [(&mut plain, read), (&mut world, write)] {
        let mut call = world.begin_as(spec);
        let _ = world.poll(&mut call);
        world.pass(900);
        assert!(matches!(world.poll(&mut call), Step::Wait(_)));
    }
}
