//! Who has an entry, and what happens when they are gone or the store fails.

use super::world::{World, status};
use crate::outbox::{Claim, DeadReason, EntryState, Step};
use crate::testing::test;
use crate::{Millis, Outcome, Wall};

#[test]
fn what_a_page_was_sending_when_it_died_goes_again_with_a_higher_number() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    assert_eq!(world.drain(), [Claim { id, attempt: 1 }]);
    world.reload(2);
    assert_eq!(world.drain(), [], "perhaps it is not dead");
    world.pass(60_000);
    assert_eq!(world.next(), Some(Claim { id, attempt: 2 }));
}

#[test]
fn who_holds_the_lock_does_not_wait_for_leases() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    world.drain();
    world.reload(2);
    world.outbox.set_alone(true);
    let began = world.now;
    assert_eq!(world.next(), Some(Claim { id, attempt: 2 }));
    assert!(world.now - began <= Millis(30_000), "within the spread");
}

#[test]
fn without_keys_what_a_page_was_sending_when_it_died_is_in_doubt() {
    let mut world = World::with(|settings| settings.outbox.doubted = 1);
    let mut write = World::write("a");
    write.keyed = false;
    let id = world.enqueue(write);
    world.drain();
    world.reload(2);
    world.pass(60_000);
    assert_eq!(world.next(), None);
    assert_eq!(world.state(id), Some(EntryState::InDoubt));
}

#[test]
fn an_answer_to_an_earlier_attempt_settles_nothing() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let first = world.drain()[0];
    let mut old = core::mem::replace(&mut world.outbox, crate::outbox::Outbox::new("ann", 2, 2));
    world.load();
    world.pass(60_000);
    let second = world.next().unwrap();
    // The first page wakes up.
    core::mem::swap(&mut old, &mut world.outbox);
    world
        .outbox
        .settle(&world.engine, world.now, first, status(400));
    let Step::Store(batch) = world.poll() else {
        panic!("it has not heard yet")
    };
    assert!(!world.fits(&batch));
    world.outbox.refused(batch);
    world.drain();
    assert_eq!(
        world.state(id),
        Some(EntryState::Sending),
        "it is the other's"
    );
    core::mem::swap(&mut old, &mut world.outbox);
    world.settle(second, status(200));
    assert_eq!(world.state(id), None);
}

#[test]
fn an_answer_that_comes_after_its_lease_settles_a_doubt() {
    let mut world = World::with(|settings| settings.outbox.doubted = 1);
    let mut write = World::write("a");
    write.keyed = false;
    let id = world.enqueue(write);
    let claim = world.drain()[0];
    let old = core::mem::replace(&mut world.outbox, crate::outbox::Outbox::new("ann", 2, 2));
    world.load();
    world.pass(60_000);
    world.drain();
    assert_eq!(world.state(id), Some(EntryState::InDoubt));
    world.outbox = old;
    world.outbox.outdated();
    world.settle(claim, status(200));
    assert_eq!(world.state(id), None);
}

#[test]
fn a_lease_is_renewed_for_as_long_as_an_upload_takes() {
    let mut world = World::new();
    world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    for _ in 0..20 {
        let Step::Wait(at) = world.poll() else {
            panic!("there is something to do")
        };
        world.pass((at - world.now).0 + 1);
        world.drain();
        assert!(world.outbox.may_send(world.wall, claim));
    }
    assert!(world.now.as_millis() >= 20 * 29_000);
}

#[test]
fn a_clock_that_is_set_back_keeps_nobody_waiting_for_long() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    world.drain();
    world.reload(2);
    world.wall = Wall(world.wall.0 - 86_400_000);
    let claim = world.next().unwrap();
    assert_eq!(claim.attempt, 2);
    world.settle(claim, status(500));
    world.wall = Wall(world.wall.0 - 86_400_000);
    let began = world.now;
    assert_eq!(world.next().map(|claim| claim.id), Some(id));
    assert!(
        world.now - began <= Millis(130_000),
        "{}",
        world.now - began
    );
}

#[test]
fn two_pages_cannot_claim_one_entry() {
    let mut world = World::new();
    world.enqueue(World::write("a"));
    let Step::Store(mine) = world.poll() else {
        panic!("there is something to send")
    };
    world.reload(2);
    assert_eq!(world.drain().len(), 1);
    assert!(!world.fits(&mine));
}

#[test]
fn a_store_that_fails_is_asked_again_and_an_answer_is_remembered_meanwhile() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    world
        .outbox
        .settle(&world.engine, world.now, claim, status(200));
    for _ in 0..10 {
        let Step::Store(batch) = world.poll() else {
            panic!("it has given up")
        };
        world.outbox.failed(world.now, batch);
        let Step::Wait(until) = world.poll() else {
            panic!("at once is too soon")
        };
        assert!(until - world.now <= Millis(30_000));
        world.pass((until - world.now).0 + 1);
        assert!(matches!(world.poll(), Step::Load));
        world.load();
    }
    assert_eq!(world.state(id), Some(EntryState::Sending));
    world.drain();
    assert_eq!(world.state(id), None);
}

#[test]
fn whose_turn_it_is_to_drain_does_not_leave_a_store_alone_that_failed_before() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    world.drain();
    world.reload(2);
    for _ in 0..10 {
        world.outbox.unread(world.now);
    }
    let Step::Wait(until) = world.poll() else {
        panic!("at once is too soon")
    };
    assert!(until - world.now > Millis(5_000));
    world.outbox.set_alone(true);
    assert!(
        matches!(world.poll(), Step::Load),
        "who was in its way is gone"
    );
    world.load();
    assert_eq!(world.next(), Some(Claim { id, attempt: 2 }));
}

#[test]
fn a_store_that_did_what_it_said_it_had_not_leaves_no_doubt() {
    let mut world = World::with(|settings| settings.outbox.doubted = 1);
    let mut write = World::write("a");
    write.keyed = false;
    let id = world.enqueue(write);
    let Step::Store(batch) = world.poll() else {
        panic!("there is something to send")
    };
    let stored = batch.clone();
    world.store(stored);
    world.outbox.flights.clear();
    world.outbox.failed(world.now, batch);
    world.pass(10_000);
    assert_eq!(
        world.next(),
        Some(Claim { id, attempt: 2 }),
        "it was never sent"
    );
}

#[test]
fn a_poll_too_many_hands_nothing_out_twice() {
    let mut world = World::new();
    world.enqueue(World::write("a"));
    let Step::Store(batch) = world.poll() else {
        panic!("there is something to send")
    };
    assert!(matches!(world.poll(), Step::Wait(_)));
    let claims = world.store(batch);
    assert!(matches!(world.poll(), Step::Wait(_)));
    world
        .outbox
        .settle(&world.engine, world.now, claims[0], status(422));
    world
        .outbox
        .settle(&world.engine, world.now, claims[0], Outcome::TimedOut);
    world.drain();
    assert_eq!(
        world.dead(claims[0].id),
        Some((DeadReason::Refused, 422)),
        "the first word counts"
    );
}

#[test]
fn a_claim_that_is_not_used_goes_again_soon_and_is_not_in_doubt() {
    let mut world = World::with(|settings| settings.outbox.doubted = 1);
    let mut write = World::write("a");
    write.keyed = false;
    let id = world.enqueue(write);
    let claim = world.drain()[0];
    world.outbox.release(claim);
    world.drain();
    assert_eq!(world.state(id), Some(EntryState::Resting));
    let began = world.now;
    assert_eq!(world.next(), Some(Claim { id, attempt: 2 }));
    assert!(world.now - began <= Millis(3_000));
}

#[test]
fn an_answer_to_an_earlier_attempt_does_not_settle_the_doubt_about_a_later_one() {
    let mut world = World::with(|settings| settings.outbox.doubted = 1);
    let mut write = World::write("a");
    write.keyed = false;
    let id = world.enqueue(write);
    let first = world.drain()[0];
    let old = core::mem::replace(&mut world.outbox, crate::outbox::Outbox::new("ann", 2, 2));
    world.load();
    world.pass(60_000);
    world.drain();
    world.decide(id, crate::outbox::Decision::Again);
    let second = world.next().unwrap();
    assert_eq!(second.attempt, 2);
    world.settle(second, Outcome::TimedOut);
    assert_eq!(world.state(id), Some(EntryState::InDoubt));
    world.outbox = old;
    world.outbox.outdated();
    world.settle(first, status(503));
    assert_eq!(
        world.state(id),
        Some(EntryState::InDoubt),
        "that was of the first"
    );
}
