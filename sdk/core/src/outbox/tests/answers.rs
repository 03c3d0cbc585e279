//! What becomes of an entry by what it is answered.

use alloc::vec::Vec;

use super::world::{World, busy, status};
use crate::outbox::{DeadReason, EntryState, Fate, RestCause, State, classify};
use crate::testing::test;
use crate::{CallSpec, Head, Millis, Outcome, Step};

#[test]
fn every_status_has_its_meaning() {
    for code in 0..=999_u16 {
        let fate = classify(status(code));
        let retry = |cause, unknown| Fate::Retry { cause, unknown };
        let expected = match code {
            200..=299 | 304 => Fate::Done,
            301 | 302 | 303 | 307 | 308 => Fate::Dead(DeadReason::Redirected),
            401 | 407 => Fate::SignIn,
            403 => Fate::Dead(DeadReason::Forbidden),
            409 | 412 => Fate::Dead(DeadReason::Conflict),
            413 | 414 | 431 => Fate::Dead(DeadReason::TooLarge),
            408 | 425 => retry(RestCause::Failed, false),
            429 | 503 => retry(RestCause::Overload, false),
            504 => retry(RestCause::Overload, true),
            400 | 404 | 410 | 422 | 451 | 501 | 505 => Fate::Dead(DeadReason::Refused),
            500 | 502 | 507 | 520 => retry(RestCause::Failed, true),
            0..=199 | 600.. => retry(RestCause::Unreachable, true),
            _ => continue,
        };
        assert_eq!(fate, expected, "{code}");
    }
    assert_eq!(classify(Outcome::Unreachable), classify(status(0)));
}

#[test]
fn a_status_of_failure_is_not_taken_for_delivered() {
    for code in [500, 502, 503, 504, 429, 408] {
        let mut world = World::new();
        let id = world.enqueue(World::write("a"));
        let claims = world.drain();
        world.settle(claims[0], status(code));
        assert_eq!(world.state(id), Some(EntryState::Resting), "{code}");
        let again = world.next().unwrap();
        assert_eq!((again.id, again.attempt), (id, 2));
        world.settle(again, status(200));
        assert_eq!(world.state(id), None);
    }
}

#[test]
fn the_key_is_the_same_with_every_attempt() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let mut keys = Vec::new();
    for _ in 0..4 {
        let claim = world.next().unwrap();
        keys.push(world.outbox.entry(id).unwrap().key.clone());
        world.settle(claim, Outcome::Unreachable);
        world.reload(keys.len() as u64 + 1);
    }
    keys.dedup();
    assert_eq!(keys, ["key-1"]);
}

fn until(world: &World, id: crate::outbox::EntryId) -> Millis {
    match world.outbox.entry(id).unwrap().state {
        State::Resting { until, .. } => until - world.wall,
        ref state => panic!("{state:?}"),
    }
}

#[test]
fn the_wait_is_drawn_below_a_ceiling_that_doubles() {
    let mut longest = [Millis::ZERO; 4];
    for seed in 0..100 {
        let mut world = World::new();
        world.reload(seed + 2);
        let id = world.enqueue(World::write("a"));
        for longest in &mut longest {
            let claim = world.next().unwrap();
            world.settle(claim, status(500));
            *longest = until(&world, id).max(*longest);
        }
    }
    for (attempt, longest) in longest.iter().enumerate() {
        let ceiling = 2_000 << attempt;
        assert!(
            (ceiling * 9 / 10..=ceiling).contains(&longest.0),
            "{longest:?}"
        );
    }
}

#[test]
fn a_wait_that_the_server_asks_for_wins() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claims = world.drain();
    world.settle(claims[0], busy(429, Millis(600_000)));
    let wait = until(&world, id);
    assert!((600_000..=602_000).contains(&wait.0), "{wait}");
    world.outbox.hurry(world.wall);
    world.pass(599_000);
    assert_eq!(world.drain(), [], "also when the network comes back");
}

#[test]
fn who_is_not_signed_in_loses_nothing_and_everything_waits() {
    for code in [401, 407] {
        let mut world = World::new();
        let id = world.enqueue(World::write("a"));
        let other = world.enqueue(World::write("b"));
        let claims = world.drain();
        world.settle(claims[0], status(code));
        assert_eq!(world.state(id), Some(EntryState::Parked));
        assert_eq!(world.next(), None, "nothing goes");
        world.reload(2);
        let late = world.enqueue(World::write("c"));
        assert_eq!(world.next(), None, "in another page neither");
        let batch = world.outbox.signed_in(world.wall).unwrap();
        world.store(batch);
        let mut went = Vec::new();
        while let Some(claim) = world.next() {
            went.push(claim.id);
            world.settle(claim, status(200));
        }
        for id in [id, other, late] {
            assert_eq!(world.state(id), None, "{went:?}");
        }
        assert!(world.outbox.signed_in(world.wall).is_none());
    }
}

#[test]
fn who_fails_too_often_becomes_a_dead_letter_that_says_so() {
    let mut world = World::with(|settings| settings.outbox.attempts = 4);
    let id = world.enqueue(World::write("a"));
    for _ in 0..4 {
        let claim = world.next().unwrap();
        world.settle(claim, status(500));
    }
    assert_eq!(world.dead(id), Some((DeadReason::Attempts, 500)));
}

#[test]
fn who_is_too_old_becomes_a_dead_letter_that_says_so() {
    let mut world = World::with(|settings| settings.outbox.age_ms = 3_600_000);
    let id = world.enqueue(World::write("a"));
    let claims = world.drain();
    world.settle(claims[0], busy(503, Millis(86_400_000)));
    let crate::outbox::Step::Wait(at) = world.poll() else {
        panic!("there is something to do")
    };
    assert!(
        at - world.now <= Millis(3_600_000),
        "it asks to be polled then"
    );
    world.pass(3_600_001);
    world.drain();
    assert_eq!(world.dead(id), Some((DeadReason::Age, 0)));
    world.decide(id, crate::outbox::Decision::Again);
    assert_eq!(
        world.next().map(|claim| claim.id),
        Some(id),
        "and goes if somebody says so"
    );
}

/// A read of another route, answered.
fn read(world: &mut World) {
    let scope = world.engine.scope(super::world::ORIGIN, "/other");
    let mut call = world.engine.begin(world.now, CallSpec::read(scope));
    assert!(matches!(
        call.poll(&mut world.engine, world.now),
        Step::Send { .. }
    ));
    call.settle(&mut world.engine, world.now, status(200));
    let _ = call.poll(&mut world.engine, world.now);
}

#[test]
fn who_never_gets_an_answer_while_others_do_becomes_a_dead_letter() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let mut attempts = 0;
    while let Some(claim) = world.next() {
        attempts += 1;
        read(&mut world);
        world.settle(claim, Outcome::Unreachable);
    }
    assert_eq!(
        (attempts, world.dead(id)),
        (5, Some((DeadReason::Unreachable, 0)))
    );
}

#[test]
fn a_network_that_is_away_is_no_reason_to_give_up() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    for _ in 0..100 {
        let claim = world.next().unwrap();
        world.settle(claim, Outcome::Unreachable);
    }
    assert_eq!(world.state(id), Some(EntryState::Resting));
}

#[test]
fn a_conflict_with_an_earlier_attempt_of_its_own_is_no_conflict() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claim = world.next().unwrap();
    world.settle(claim, Outcome::TimedOut);
    let claim = world.next().unwrap();
    world.settle(claim, status(409));
    assert_eq!(
        world.state(id),
        Some(EntryState::Resting),
        "the first is still running"
    );
    let claim = world.next().unwrap();
    world.settle(claim, status(409));
    assert_eq!(
        world.dead(id),
        Some((DeadReason::Conflict, 409)),
        "that is one"
    );
}

#[test]
fn without_keys_only_an_answer_that_says_nothing_was_done_is_repeated() {
    for (outcome, state) in [
        (status(503), EntryState::Resting),
        (status(429), EntryState::Resting),
        (status(401), EntryState::Parked),
        (status(500), EntryState::InDoubt),
        (status(502), EntryState::InDoubt),
        (status(504), EntryState::InDoubt),
        (Outcome::TimedOut, EntryState::InDoubt),
        (Outcome::Unreachable, EntryState::InDoubt),
        (
            Outcome::Head(Head {
                status: 0,
                retry_after: None,
            }),
            EntryState::InDoubt,
        ),
    ] {
        let mut world = World::with(|settings| settings.outbox.doubted = 1);
        let mut write = World::write("a");
        write.keyed = false;
        let id = world.enqueue(write);
        let claims = world.drain();
        world.settle(claims[0], outcome);
        assert_eq!(world.state(id), Some(state), "{outcome:?}");
    }
}

#[test]
fn retries_are_paid_from_what_reads_pay_from() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let scope = world.engine.scope(super::world::ORIGIN, "/a");
    while world.engine.pay_replay(world.now, scope, false) {}
    let claims = world.drain();
    world.settle(claims[0], status(500));
    world.pass(200_000);
    assert_eq!(world.drain(), [], "{:?}", world.state(id));
    for _ in 0..10 {
        read(&mut world);
    }
    world.pass(5_000);
    assert_eq!(world.drain().len(), 1, "ten answers have earned one");
}

#[test]
fn without_credit_one_goes_all_the_same_after_the_longest_wait() {
    let mut world = World::new();
    world.enqueue(World::write("a"));
    let scope = world.engine.scope(super::world::ORIGIN, "/a");
    while world.engine.pay_replay(world.now, scope, false) {}
    let claims = world.drain();
    world.settle(claims[0], status(500));
    world.pass(301_000);
    assert_eq!(world.drain().len(), 1);
}
