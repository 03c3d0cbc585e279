//! Routes that are learned from URLs, and the scopes that become one by it.

use alloc::format;

use super::world::{DOWN, OK, World};
use crate::testing::test;
use crate::{BreakerState, Call, CallSpec, Millis, ScopeId, Step, Verdict};

const NAMES: [&str; 14] = [
    "alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy", "mallory",
    "niaj", "olivia", "peggy",
];

fn user(world: &mut World, name: &str) -> ScopeId {
    world
        .engine
        .scope("https://a.example", &format!("/users/{name}"))
}

#[test]
fn names_that_turn_out_to_be_data_are_one_scope_with_what_they_knew() {
    let mut world = World::new();
    let first = user(&mut world, NAMES[0]);
    for name in NAMES {
        world.scope = user(&mut world, name);
        assert_eq!(world.read(&[OK]), Verdict::Network);
    }
    assert!(world.engine.is_same(first, world.scope));
    assert_eq!(
        world.engine.scope_name(first),
        "https://a.example/users/:id"
    );
    let health = world.engine.health(world.now);
    let users = health
        .scopes
        .iter()
        .filter(|scope| scope.scope.contains("users"));
    let latency = users.map(|scope| scope.latency.clone().unwrap().count);
    assert!(latency.eq([NAMES.len() as u32]));
    let other = world.engine.scope("https://a.example", "/owners");
    assert!(!world.engine.is_same(first, other));
}

#[test]
fn a_call_that_is_out_while_its_scope_becomes_another_one_ends_as_it_would_have() {
    let mut world = World::new();
    world.scope = user(&mut world, NAMES[0]);
    let mut call = world.begin();
    assert!(matches!(world.poll(&mut call), Step::Send { .. }));
    NAMES.iter().for_each(|name| {
        user(&mut world, name);
    });
    world.pass(20);
    world.settle(&mut call, OK);
    assert_eq!(world.poll(&mut call), Step::Done(Verdict::Network));
    assert_eq!(world.engine.health(world.now).in_flight, 0);
}

#[test]
fn who_waits_for_a_scope_that_became_another_one_is_told_when_that_works_again() {
    let mut world = World::with(|settings| settings.retry.attempts = 1);
    let old = user(&mut world, NAMES[3]);
    world.scope = old;
    world.read(&[DOWN]);
    NAMES.iter().for_each(|name| {
        user(&mut world, name);
    });
    assert!(world.engine.is_wanted(old));
    world.now = world.engine.next_probe();
    let due = world.engine.due_probe(world.now).unwrap();
    assert!(world.engine.is_same(due, old));
    let probe: Call = world.begin_as(CallSpec::probe(due));
    world.drive(probe, &[OK]);
    assert!(!world.engine.is_wanted(old));
}

#[test]
fn whatever_urls_a_page_asks_for_its_scopes_are_bounded() {
    let mut world = World::new();
    for n in 0..5_000_u32 {
        let letter = |shift: u32| char::from(b'a' + (n >> shift & 15) as u8);
        let path = format!("/{}{}/{}/x{}", letter(0), letter(4), letter(8), letter(12));
        world.scope = world.engine.scope("https://a.example", &path);
        if n % 500 == 0 {
            world.read(&[OK]);
            world.pass(Millis(50).0);
        }
    }
    let scopes = world.engine.health(world.now).scopes.len();
    assert!(scopes <= 161, "{scopes}");
}

#[test]
fn one_route_that_had_two_names_does_not_shut_the_gate_of_all() {
    let mut world = World::new();
    let fail = |world: &mut World| {
        let call = world.begin_as(CallSpec::write(world.scope));
        world.drive(call, &[DOWN]);
    };
    user(&mut world, NAMES[0]);
    world.scope = user(&mut world, NAMES[1]);
    fail(&mut world);
    NAMES.iter().for_each(|name| {
        world.scope = user(&mut world, name);
    });
    (0..3).for_each(|_| fail(&mut world));
    assert_eq!(
        world.engine.health(world.now).origins[0].gate,
        BreakerState::Closed
    );
}

#[test]
fn what_was_shut_by_hand_stays_so_when_it_becomes_another_scope() {
    let mut world = World::new();
    for name in NAMES.iter().take(10) {
        user(&mut world, name);
    }
    assert!(
        world
            .engine
            .isolate(world.now, "https://a.example/users/carol")
    );
    for name in NAMES {
        world.scope = user(&mut world, name);
    }
    let refused = world.read(&[OK]);
    let Verdict::Failed(why) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(why.retry_at, None);
    assert_eq!(world.engine.health(world.now).scopes[0].retry_in_ms, 0);
    assert!(
        world
            .engine
            .release_scope(world.now, "https://a.example/users/carol")
    );
    assert_eq!(world.read(&[OK]), Verdict::Network);
}
