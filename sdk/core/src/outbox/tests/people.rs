//! Whose entries are whose, and what people decide.

use alloc::vec;

use super::world::{World, status};
use crate::Outcome;
use crate::outbox::{
    After, Batch, Claim, DeadReason, Decision, Edit, EntryId, EntryState, OutboxChange,
    OutboxEntry, OutboxError, RestCause, Write,
};
use crate::testing::test;

#[test]
fn another_identity_neither_sees_nor_sends_what_is_not_its_own() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    world.outbox.set_owner("bob");
    assert_eq!(world.outbox.entries().count(), 0);
    assert!(world.outbox.entry(id).is_none());
    assert_eq!(world.next(), None);
    let health = world.outbox.health(world.wall);
    assert_eq!((health.length, health.bytes, health.others), (0, 0, 1));
    let refused = world.outbox.decide(world.wall, id, Decision::Discard);
    assert_eq!(refused.err(), Some(OutboxError::Gone));
    assert!(world.outbox.signed_in(world.wall).is_none());
    let own = world.enqueue(World::write("a"));
    let claim = world.next().unwrap();
    assert_eq!(claim.id, own, "whose lane it does not hold up");
    world.settle(claim, status(200));
    world.outbox.set_owner("ann");
    assert_eq!(world.next().map(|claim| claim.id), Some(id));
}

#[test]
fn what_was_claimed_for_one_is_not_sent_in_the_session_of_another() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    assert!(world.outbox.may_send(world.wall, claim));
    world.outbox.set_owner("bob");
    assert!(!world.outbox.may_send(world.wall, claim));
    world.outbox.release(claim);
    world.drain();
    world.outbox.set_owner("ann");
    assert_eq!(world.state(id), Some(EntryState::Resting));
}

#[test]
fn a_claim_is_not_used_after_its_lease() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    world.pass(60_000);
    assert!(!world.outbox.may_send(world.wall, claim));
    assert!(!world.outbox.may_send(world.wall, Claim { id, attempt: 0 }));
}

#[test]
fn who_sends_it_is_not_stored() {
    let mut world = World::new();
    let mut write = World::write("a");
    write.fields = [
        ("Authorization", "Bearer secret"),
        ("Content-Type", "text/plain"),
        ("COOKIE", "secret=1"),
        ("idempotency-key", "secret"),
        ("proxy-authorization", "secret"),
    ]
    .map(|(name, value)| (name.into(), value.into()))
    .to_vec();
    world.enqueue(write);
    let stored: alloc::string::String = world.rows.values().map(|text| &**text).collect();
    assert!(
        stored.contains("Content-Type") && !stored.contains("secret"),
        "{stored}"
    );
}

#[test]
fn a_person_can_have_everything_of_theirs_removed() {
    let mut world = World::new();
    world.enqueue(World::write("a"));
    world.enqueue(World::write("b"));
    let claim = world.drain()[0];
    world.outbox.set_owner("bob");
    let other = world.enqueue(World::write("a"));
    let batch = world.outbox.forget(world.wall, "ann").unwrap();
    world.store(batch);
    assert_eq!(world.rows.len(), 2);
    assert!(world.outbox.forget(world.wall, "ann").is_none());
    let claims = world.settle(claim, status(200));
    assert_eq!(
        claims[0].id, other,
        "an answer to what is gone settles nothing"
    );
}

#[test]
fn a_number_is_never_given_twice() {
    let mut world = World::new();
    let first = world.enqueue(World::write("a"));
    world.decide(first, Decision::Discard);
    world.reload(2);
    assert!(world.enqueue(World::write("a")) > first);
    world.rows.remove(&0);
    let second = EntryId(first.0 + 1);
    world.reload(3);
    assert!(
        world.enqueue(World::write("a")) > second,
        "also when the queue's record is lost"
    );
}

#[test]
fn what_is_being_sent_cannot_be_decided_about() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    world.drain();
    for decision in [Decision::Again, Decision::Discard, Decision::Done] {
        let refused = world.outbox.decide(world.wall, id, decision);
        assert_eq!(refused.err(), Some(OutboxError::Sending));
    }
}

#[test]
fn a_dead_letter_goes_again_with_its_key_or_with_another_one() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    world.settle(claim, status(422));
    world.decide(id, Decision::Again);
    let claim = world.drain()[0];
    assert_eq!(world.outbox.entry(id).unwrap().key, "key-1");
    world.settle(claim, status(422));
    world.decide(id, Decision::Anew { key: "new".into() });
    assert_eq!(world.outbox.entry(id).unwrap().key, "new");
    assert_eq!(world.drain()[0].id, id);
}

#[test]
fn there_is_no_other_key_for_what_may_have_been_applied() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    world.settle(claim, Outcome::TimedOut);
    let claim = world.next().unwrap();
    world.settle(claim, status(422));
    let anew = Decision::Anew { key: "new".into() };
    let refused = world.outbox.decide(world.wall, id, anew);
    assert_eq!(refused.err(), Some(OutboxError::Unfit));
}

#[test]
fn who_rests_goes_at_once_if_somebody_says_so() {
    let mut world = World::with(|settings| settings.outbox.spread_ms = 0);
    let id = world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    world.settle(claim, super::world::busy(503, crate::Millis(600_000)));
    world.decide(id, Decision::Again);
    assert_eq!(world.drain(), [Claim { id, attempt: 2 }]);
    world.settle(Claim { id, attempt: 2 }, status(200));
    assert_eq!(
        world
            .changes()
            .iter()
            .map(|(_, change)| *change)
            .collect::<alloc::vec::Vec<_>>(),
        [
            OutboxChange::Queued,
            OutboxChange::Sending,
            OutboxChange::Resting,
            OutboxChange::Resumed,
            OutboxChange::Sending,
            OutboxChange::Done
        ]
    );
}

#[test]
fn what_does_not_fit_is_refused_and_nothing_makes_room_for_it() {
    let mut world = World::with(|settings| {
        settings.outbox.entries = 2;
        settings.outbox.entry_bytes = 100;
        settings.outbox.total_bytes = 100_000;
    });
    let refused = |world: &World, bytes| {
        let mut write = World::write("a");
        write.bytes = bytes;
        world
            .outbox
            .enqueue(&world.engine, world.wall, &write)
            .err()
    };
    assert_eq!(refused(&world, 101), Some(OutboxError::TooLarge));
    world.enqueue(World::write("a"));
    let id = world.enqueue(World::write("a"));
    assert_eq!(refused(&world, 1), Some(OutboxError::Full));
    world.decide(id, Decision::Discard);
    assert_eq!(refused(&world, 1), None);
}

#[test]
fn a_put_needs_no_keys() {
    let world = World::new();
    for method in ["PUT", "DELETE"] {
        let write = Write::new(method, "https://a.example/assets/7", "k");
        assert!(
            world
                .outbox
                .enqueue(&world.engine, world.wall, &write)
                .is_ok()
        );
    }
}

#[test]
fn every_error_has_a_code_and_a_sentence_of_its_own() {
    let errors = [
        OutboxError::Full,
        OutboxError::Gone,
        OutboxError::Sending,
        OutboxError::TooLarge,
        OutboxError::Undeclared,
        OutboxError::Unfit,
        OutboxError::UnknownPredecessor,
        OutboxError::Unread,
    ];
    let codes: alloc::collections::BTreeSet<_> = errors.iter().map(|error| error.code()).collect();
    let sentences: alloc::collections::BTreeSet<_> = errors
        .iter()
        .map(alloc::string::ToString::to_string)
        .collect();
    assert_eq!((codes.len(), sentences.len()), (errors.len(), errors.len()));
}

#[test]
fn nothing_is_decided_about_a_queue_that_was_not_read() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    world.outbox.outdated();
    let write = World::write("a");
    let queued = world.outbox.enqueue(&world.engine, world.wall, &write);
    assert_eq!(queued.err(), Some(OutboxError::Unread));
    let decided = world.outbox.decide(world.wall, id, Decision::Discard);
    assert_eq!(decided.err(), Some(OutboxError::Unread));
}

#[test]
fn what_nobody_could_say_who_sends_it_rests_longer_each_time_and_does_not_fail() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    for tries in 1..=30 {
        let claim = world.next().unwrap();
        world.outbox.unauthorized(claim);
        world.drain();
        let entry = world.outbox.entry(id).unwrap();
        assert_eq!((entry.attempts, entry.failures, entry.lost), (tries, 0, 0));
        let listed = OutboxEntry::from(entry);
        assert_eq!(listed.cause, Some(RestCause::Unauthorized));
        assert!(listed.retry_at.unwrap() - world.wall.0 <= 300_000);
        world
            .outbox
            .settle(&world.engine, world.now, claim, status(200));
        world.drain();
        assert_eq!(
            world.state(id),
            Some(EntryState::Resting),
            "it was not sent"
        );
    }
    world.outbox.hurry(world.wall);
    assert_eq!(world.drain().len(), 1, "it may be the network's fault");
}

#[test]
fn what_was_refused_and_its_caller_knows_is_no_dead_letter() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let after = After { id, takes: vec![] };
    let mut next = World::write("b");
    next.after = vec![after];
    let next = world.enqueue(next);
    let claim = world.drain()[0];
    assert!(world.outbox.entry(id).unwrap().is_over(status(422)));
    world.outbox.told(claim);
    world.changes();
    world.settle(claim, status(422));
    assert_eq!(world.state(id), None);
    assert_eq!(world.dead(next), Some((DeadReason::Predecessor, 0)));
    assert_eq!(world.changes()[0], (id.0, OutboxChange::Answered));
}

#[test]
fn an_answer_that_comes_too_early_is_not_the_last() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    let over = |world: &World, code| world.outbox.entry(id).unwrap().is_over(status(code));
    assert!(
        [200, 204, 304, 302, 403, 409, 412, 422]
            .iter()
            .all(|code| over(&world, *code))
    );
    assert!(
        ![401, 407, 408, 429, 500, 503]
            .iter()
            .any(|code| over(&world, *code))
    );
    world.settle(claim, Outcome::TimedOut);
    let claim = world.next().unwrap();
    assert!(
        !over(&world, 409),
        "the server may still be busy with the first"
    );
    assert!(over(&world, 412));
    world.settle(claim, status(409));
    let claim = world.next().unwrap();
    assert!(over(&world, 409));
    world.settle(claim, status(409));
    assert_eq!(world.dead(id), Some((DeadReason::Conflict, 409)));
    world.decide(id, Decision::Anew { key: "new".into() });
}

fn edit(world: &World, id: EntryId, bytes: u64) -> Result<Batch, OutboxError> {
    let edit = Edit {
        method: "POST".into(),
        url: "https://a.example/other".into(),
        fields: vec![
            ("Authorization".into(), "secret".into()),
            ("x".into(), "y".into()),
        ],
        bytes,
        key: "new".into(),
    };
    world.outbox.edit(&world.engine, world.wall, id, &edit)
}

#[test]
fn what_was_never_sent_is_changed_and_keeps_its_key_and_its_place() {
    let mut world = World::new();
    let first = world.enqueue(World::write("a"));
    world.enqueue(World::write("a"));
    let batch = edit(&world, first, 20).unwrap();
    assert_eq!(batch.added(), Some(first), "its body is stored with it");
    world.store(batch);
    let entry = world.outbox.entry(first).unwrap();
    assert_eq!(
        (&*entry.url, &*entry.key, entry.bytes),
        ("https://a.example/other", "key-1", 20)
    );
    assert_eq!(entry.fields, [("x".into(), "y".into())]);
    assert_eq!(entry.lane, "https://a.example/a");
    assert_eq!(world.drain()[0].id, first);
    assert_eq!(edit(&world, first, 20).err(), Some(OutboxError::Sending));
}

#[test]
fn what_was_refused_is_changed_and_goes_again_with_another_key() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    world.settle(claim, status(409));
    let batch = edit(&world, id, 20).unwrap();
    world.store(batch);
    assert_eq!(world.outbox.entry(id).unwrap().key, "new");
    assert_eq!(world.drain()[0].id, id);
}

#[test]
fn what_rests_is_changed_and_rests_on() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    world.settle(claim, status(503));
    let batch = edit(&world, id, 20).unwrap();
    world.store(batch);
    assert_eq!(world.state(id), Some(EntryState::Resting));
    assert_eq!(world.outbox.entry(id).unwrap().key, "new");
}

#[test]
fn what_may_have_been_applied_is_not_changed() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let claim = world.drain()[0];
    world.settle(claim, Outcome::TimedOut);
    assert_eq!(edit(&world, id, 20).err(), Some(OutboxError::InDoubt));
    let claim = world.next().unwrap();
    world.settle(claim, status(409));
    assert_eq!(
        edit(&world, id, 20).err(),
        Some(OutboxError::InDoubt),
        "the server is busy with it"
    );
}

#[test]
fn a_change_has_to_fit() {
    let mut world = World::with(|settings| {
        settings.outbox.entry_bytes = 100;
        settings.outbox.entries = 1;
    });
    let id = world.enqueue(World::write("a"));
    assert_eq!(edit(&world, id, 101).err(), Some(OutboxError::TooLarge));
    assert!(edit(&world, id, 100).is_ok());
    assert_eq!(edit(&world, EntryId(7), 1).err(), Some(OutboxError::Gone));
    let mut other = World::new();
    let mut write = World::write("a");
    write.url = "https://b.example/a".into();
    let id = other.enqueue(write);
    assert_eq!(
        edit(&other, id, 1).err(),
        Some(OutboxError::Unfit),
        "another origin"
    );
}
