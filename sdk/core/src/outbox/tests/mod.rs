//! The outbox in virtual time, over a store that is a map.

mod answers;
mod drain;
mod figures;
mod lanes;
mod leases;
mod model;
mod network;
mod people;
mod stage;
mod text;
mod world;

use super::{DeadReason, Decision, EntryState, OutboxError, Write};
use crate::testing::test;
use world::{World, status};

#[test]
fn a_write_is_stored_then_sent_then_done() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    assert_eq!(world.rows.len(), 2, "the queue's own record, and the entry");
    let claims = world.drain();
    assert_eq!((claims[0].id, claims[0].attempt), (id, 1));
    assert_eq!(world.state(id), Some(EntryState::Sending));
    world.settle(claims[0], status(201));
    assert_eq!(world.state(id), None);
    assert_eq!(world.rows.len(), 1, "the queue's own record alone");
}

#[test]
fn a_write_that_the_server_will_not_have_is_a_dead_letter_with_its_reason() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claims = world.drain();
    world.settle(claims[0], status(422));
    assert_eq!(world.dead(id), Some((DeadReason::Refused, 422)));
}

#[test]
fn a_write_that_could_be_applied_twice_is_refused_unless_the_settings_take_it_as_doubted() {
    let world = World::new();
    let write = Write::new("POST", "https://a.example/assets", "k");
    let refused = world.outbox.enqueue(&world.engine, world.wall, &write);
    assert_eq!(refused.err(), Some(OutboxError::Undeclared));
}

#[test]
fn what_is_discarded_is_gone() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    world.decide(id, Decision::Discard);
    assert_eq!(world.state(id), None);
}
