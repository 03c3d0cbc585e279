//! What goes one after another, and what depends on what.

use alloc::string::String;
use alloc::vec::Vec;

use super::world::{ORIGIN, World, status};
use crate::outbox::{
    After, Decision, EntryId, EntryState, OutboxChange, OutboxError, Step, Take, Write,
};
use crate::testing::test;
use crate::{Millis, Outcome};

fn ids(claims: &[crate::outbox::Claim]) -> Vec<EntryId> {
    claims.iter().map(|claim| claim.id).collect()
}

/// A world in which as many go at a time as may.
fn quick() -> World {
    World::with(|settings| settings.outbox.in_flight = 100)
}

fn after(id: EntryId, field: Option<&str>) -> After {
    let take = field.map(|field| Take {
        placeholder: "{asset}".into(),
        field: field.into(),
    });
    After {
        id,
        takes: take.into_iter().collect(),
    }
}

#[test]
fn entries_of_one_lane_go_one_after_another_while_other_lanes_go_on() {
    let mut world = quick();
    let first = world.enqueue(World::write("a"));
    let second = world.enqueue(World::write("a"));
    let other = world.enqueue(World::write("b"));
    let claims = world.drain();
    assert_eq!(ids(&claims), [first], "it begins with one");
    let claims = world.settle(claims[0], status(200));
    assert_eq!(ids(&claims), [second, other]);
}

#[test]
fn who_rests_holds_up_its_own_lane_alone() {
    let mut world = World::with(|settings| settings.outbox.spread_ms = 0);
    let first = world.enqueue(World::write("a"));
    let second = world.enqueue(World::write("a"));
    let other = world.enqueue(World::write("b"));
    let claims = world.drain();
    let mut claims = world.settle(claims[0], status(500));
    assert_eq!(ids(&claims), [other]);
    assert_eq!(world.state(first), Some(EntryState::Resting));
    let mut order = Vec::new();
    while let Some(claim) = claims.pop().or_else(|| world.next()) {
        order.push(claim.id);
        claims = world.settle(claim, status(200));
    }
    assert_eq!(order, [other, first, second]);
}

#[test]
fn a_dead_letter_lets_its_lane_go_on_unless_the_settings_say_so() {
    for (halts, goes) in [(0, true), (1, false)] {
        let mut world = World::with(|settings| settings.outbox.dead_halts = halts);
        world.enqueue(World::write("a"));
        let second = world.enqueue(World::write("a"));
        let claims = world.drain();
        let claims = world.settle(claims[0], status(400));
        assert_eq!(
            ids(&claims),
            if goes { [second].to_vec() } else { Vec::new() }
        );
    }
}

#[test]
fn what_comes_after_a_dead_letter_waits_for_the_decision_and_says_so() {
    let mut world = quick();
    let first = world.enqueue(World::write("a"));
    let mut write = World::write("b");
    write.after.push(after(first, None));
    let second = world.enqueue(write);
    let claims = world.drain();
    world.settle(claims[0], status(400));
    assert_eq!(world.next(), None);
    assert_eq!(world.outbox.health(world.wall).held_up, 1);
    world.decide(first, Decision::Discard);
    assert_eq!(
        world.changes().last(),
        Some(&(second.0, OutboxChange::Dead)),
        "it cannot succeed any more"
    );
    world.decide(second, Decision::Again);
    assert_eq!(
        world.next().map(|claim| claim.id),
        Some(second),
        "unless somebody says so"
    );
}

#[test]
fn an_entry_in_doubt_holds_up_its_lane_until_somebody_decides() {
    let mut world = World::with(|settings| settings.outbox.doubted = 1);
    let mut write = World::write("a");
    write.keyed = false;
    let first = world.enqueue(write);
    let second = world.enqueue(World::write("a"));
    let claims = world.drain();
    world.settle(claims[0], Outcome::TimedOut);
    assert_eq!(world.state(first), Some(EntryState::InDoubt));
    assert_eq!(world.next(), None);
    world.decide(first, Decision::Done);
    assert_eq!(world.next().map(|claim| claim.id), Some(second));
}

#[test]
fn a_later_write_takes_what_the_server_named_in_an_earlier_answer() {
    let mut world = quick();
    let first = world.enqueue(World::write("assets"));
    let mut write = World::write("assets/{asset}/notes");
    write.after.push(after(first, Some("data.id")));
    let second = world.enqueue(write);
    let claims = world.drain();
    assert_eq!(ids(&claims), [first]);
    world.settle(claims[0], status(201));
    let Step::Read { claim, fields } = world.poll() else {
        panic!("nobody asks what the answer says")
    };
    assert_eq!((claim, fields), (claims[0], ["data.id".into()].to_vec()));
    let found = [(String::from("data.id"), Some(String::from("17")))];
    world.outbox.found(claim, found);
    let claims = world.drain();
    assert_eq!(ids(&claims), [second]);
    let entry = world.outbox.entry(second).unwrap();
    assert_eq!(entry.taken, [("{asset}".into(), "17".into())]);
    assert_eq!(world.state(first), None);
}

#[test]
fn what_was_taken_survives_the_page() {
    let mut world = quick();
    let first = world.enqueue(World::write("assets"));
    let mut write = World::write("assets/{asset}/notes");
    write.after.push(after(first, Some("id")));
    let second = world.enqueue(write);
    let claims = world.drain();
    world.settle(claims[0], status(201));
    world
        .outbox
        .found(claims[0], [("id".into(), Some("1 7\n".into()))]);
    world.drain();
    world.reload(2);
    let entry = world.outbox.entry(second).unwrap();
    assert_eq!(entry.taken, [("{asset}".into(), "1 7\n".into())]);
}

#[test]
fn an_answer_that_lacks_what_is_taken_from_it_makes_a_dead_letter_that_never_goes() {
    let mut world = quick();
    let first = world.enqueue(World::write("assets"));
    let mut write = World::write("assets/{asset}/notes");
    write.after.push(after(first, Some("id")));
    let second = world.enqueue(write);
    let claims = world.drain();
    world.settle(claims[0], status(204));
    world.outbox.found(claims[0], [("id".into(), None)]);
    world.drain();
    assert_eq!(
        world.dead(second),
        Some((crate::outbox::DeadReason::Missing, 0))
    );
    let again = world.outbox.decide(world.wall, second, Decision::Again);
    assert_eq!(again.err(), Some(OutboxError::Unfit));
}

#[test]
fn nothing_can_be_taken_from_what_is_not_there() {
    let world = World::new();
    let mut write = World::write("a");
    write.after.push(after(EntryId(9), Some("id")));
    let refused = world.outbox.enqueue(&world.engine, world.wall, &write);
    assert_eq!(refused.err(), Some(OutboxError::UnknownPredecessor));
    write.after = [after(EntryId(9), None)].to_vec();
    assert!(
        world
            .outbox
            .enqueue(&world.engine, world.wall, &write)
            .is_ok()
    );
}

fn merging(value: &str) -> Write {
    let mut write = Write::new("PUT", &[ORIGIN, "/assets/7"].concat(), value);
    write.merges = true;
    write
}

#[test]
fn a_later_write_to_the_same_target_takes_the_place_of_one_that_was_not_tried() {
    let mut world = World::new();
    let first = world.enqueue(merging("k1"));
    let second = world.enqueue(merging("k2"));
    assert_eq!(world.state(first), None);
    assert_eq!(
        world.changes(),
        [
            (first.0, OutboxChange::Queued),
            (first.0, OutboxChange::Superseded),
            (second.0, OutboxChange::Queued)
        ]
    );
    let claims = world.drain();
    assert_eq!(ids(&claims), [second]);
    let third = world.enqueue(merging("k3"));
    assert_eq!(
        world.state(second),
        Some(EntryState::Sending),
        "that one is out"
    );
    assert_eq!(ids(&world.settle(claims[0], status(200))), [third]);
}

#[test]
fn only_the_last_of_a_lane_can_be_replaced_and_only_by_its_like() {
    let mut world = World::new();
    let first = world.enqueue(merging("k1"));
    let mut other = merging("k2");
    other.method = "DELETE".into();
    let second = world.enqueue(other);
    world.enqueue(merging("k3"));
    let mut plain = merging("k4");
    plain.merges = false;
    let fourth = world.enqueue(plain);
    world.enqueue(merging("k5"));
    for id in [first, second, fourth] {
        assert_eq!(world.state(id), Some(EntryState::Waiting));
    }
}

#[test]
fn what_another_entry_comes_after_is_not_replaced() {
    let mut world = World::new();
    let first = world.enqueue(merging("k1"));
    let mut write = World::write("b");
    write.after.push(after(first, None));
    world.enqueue(write);
    world.enqueue(merging("k2"));
    assert_eq!(world.state(first), Some(EntryState::Waiting));
}

#[test]
fn a_lane_says_whether_a_new_write_has_to_join_it() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let lane = [ORIGIN, "/a"].concat();
    assert!(world.outbox.holds(&lane) && !world.outbox.holds("b"));
    let claims = world.drain();
    assert!(world.outbox.holds(&lane), "also while it is out");
    world.settle(claims[0], status(400));
    assert!(world.dead(id).is_some() && !world.outbox.holds(&lane));
}

#[test]
fn a_lane_of_many_is_drained_without_any_pause_when_all_is_well() {
    let mut world = World::new();
    for _ in 0..50 {
        world.enqueue(World::write("a"));
    }
    let began = world.now;
    let mut claims = world.drain();
    while let Some(claim) = claims.pop() {
        world.pass(20);
        claims = world.settle(claim, status(200));
    }
    assert_eq!(world.now - began, Millis(50 * 20));
}
