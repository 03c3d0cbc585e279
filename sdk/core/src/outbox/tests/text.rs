//! Entries as text, within one release and between two.

use alloc::string::{String, ToString};
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::world::{World, status};
use crate::Wall;
use crate::outbox::seal::sealed;
use crate::outbox::{
    After, DeadReason, Decision, Entry, EntryId, EntryState, RestCause, State, Take,
};
use crate::testing::test;

fn state() -> impl Strategy<Value = State> {
    let wall = || any::<u64>().prop_map(Wall);
    let reasons = prop::sample::select(DeadReason::ALL);
    let causes = prop::sample::select(RestCause::ALL);
    prop_oneof![
        (reasons, any::<u16>(), wall()).prop_map(|(reason, status, since)| State::Dead {
            reason,
            status,
            since
        }),
        Just(State::InDoubt),
        any::<u16>().prop_map(|status| State::Parked { status }),
        (wall(), wall(), causes).prop_map(|(since, until, cause)| State::Resting {
            since,
            until,
            cause
        }),
        (wall(), wall(), any::<u64>()).prop_map(|(since, until, by)| State::Sending {
            since,
            until,
            by
        }),
        Just(State::Waiting),
        Just(State::Unknown("frozen until spring".into())),
    ]
}

fn entry() -> impl Strategy<Value = Entry> {
    let pairs = || prop::collection::vec((".*", ".*"), 0..3);
    let take = (".*", ".*").prop_map(|(placeholder, field)| Take { placeholder, field });
    let takes = prop::collection::vec(take, 0..3);
    let after = prop::collection::btree_map(any::<u64>(), takes, 0..3);
    let texts = (".*", ".*", ".+", ".*", ".*");
    let counts = any::<[u32; 4]>();
    let numbers = (
        1..u64::MAX,
        any::<u64>(),
        any::<u64>(),
        any::<bool>(),
        any::<bool>(),
    );
    (texts, counts, numbers, state(), after, pairs(), pairs()).prop_map(
        |(texts, counts, numbers, state, after, taken, fields)| Entry {
            id: EntryId(numbers.0),
            owner: texts.0,
            lane: texts.1,
            method: texts.2,
            url: texts.3,
            key: texts.4,
            fields,
            repeatable: numbers.3,
            merges: numbers.4,
            bytes: numbers.1,
            queued: Wall(numbers.2),
            attempts: counts[0],
            failures: counts[1],
            unreached: counts[2],
            lost: counts[3],
            busy: counts[0],
            state,
            after: (after.into_iter())
                .map(|(id, takes)| After {
                    id: EntryId(id),
                    takes,
                })
                .collect(),
            taken,
            others: vec!["colour blue".into()],
        },
    )
}

proptest! {
    #[test]
    fn what_is_read_is_what_was_written(entry in entry()) {
        let text = entry.to_text();
        prop_assert_eq!(Entry::from_text(&text), Some(entry), "{}", text);
    }

    #[test]
    fn whatever_a_disk_makes_of_it_nothing_panics_and_nothing_false_is_read(
        entry in entry(), at in any::<prop::sample::Index>(), letter in any::<char>(),
    ) {
        let text = entry.to_text();
        let mut letters: Vec<char> = text.chars().collect();
        let at = at.index(letters.len());
        letters[at] = letter;
        let spoiled: String = letters.into_iter().collect();
        // The case of a hexadecimal digit of the sum is all that may differ.
        let read = Entry::from_text(&spoiled);
        prop_assert!(read.is_none() || read == Some(entry), "{}", spoiled);
    }

    #[test]
    fn no_text_makes_it_panic(text in "(.|\n)*") {
        let _ = Entry::from_text(&text);
        let _ = Entry::from_text(&sealed("write", &text));
    }
}

/// As the first release that has an outbox writes it; every later one has to read it.
const FIRST: &str = "\
id 7
owner u-17
lane https://a.example/assets
send POST https://a.example/assets
key 5f0c
bytes 120
queued 1700000000000
state resting 1700000001000 1700000002000 overload
repeatable
attempts 1
failures 1
after 5
take 5 {asset} data.id
taken {site} Bad\\sTölz

content-type: application/json
";

#[test]
fn what_the_first_release_wrote_is_read_for_ever() {
    let text = sealed("write", FIRST);
    let entry = Entry::from_text(&text).unwrap();
    assert_eq!(entry.to_text(), text);
    assert!(text.starts_with("tidegate write 1 "));
    assert_eq!(
        (entry.id, &*entry.owner, entry.attempts),
        (EntryId(7), "u-17", 1)
    );
    assert_eq!(entry.taken, [("{site}".into(), "Bad Tölz".into())]);
    assert_eq!(
        entry.state,
        State::Resting {
            since: Wall(1_700_000_001_000),
            until: Wall(1_700_000_002_000),
            cause: RestCause::Overload
        }
    );
}

/// As a later release might write it.
fn written_later(world: &World, id: EntryId, line: &str, state: Option<&str>) -> String {
    let text = &world.rows[&id.0];
    let (_, lines) = text.split_once('\n').unwrap();
    let lines = lines.replacen("\nkey ", &["\n", line, "\nkey "].concat(), 1);
    let lines = match state {
        Some(state) => lines.replacen("state waiting", &["state ", state].concat(), 1),
        None => lines,
    };
    sealed("write", &lines)
}

#[test]
fn a_step_back_to_this_release_loses_nothing_that_a_later_one_wrote() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let text = written_later(&world, id, "priority 3 high", None);
    world.rows.insert(id.0, text);
    world.reload(2);
    let claim = world.next().unwrap();
    assert!(world.rows[&id.0].contains("\npriority 3 high\n"));
    world.settle(claim, status(503));
    assert!(world.rows[&id.0].contains("\npriority 3 high\n"));
    let claim = world.next().unwrap();
    world.settle(claim, status(200));
    assert_eq!(world.state(id), None);
}

#[test]
fn a_state_that_only_a_later_release_knows_is_left_alone() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    world.enqueue(World::write("a"));
    let other = world.enqueue(World::write("b"));
    let text = written_later(&world, id, "colour blue", Some("frozen until spring"));
    world.rows.insert(id.0, text.clone());
    world.reload(2);
    assert_eq!(world.state(id), Some(EntryState::Unknown));
    let claim = world.next().unwrap();
    assert_eq!(claim.id, other, "its lane waits, others go");
    world.settle(claim, status(200));
    assert_eq!(world.next(), None);
    assert_eq!(
        world.rows[&id.0].split_once('\n').unwrap().1,
        text.split_once('\n').unwrap().1
    );
    let again = world.outbox.decide(world.wall, id, Decision::Again);
    assert!(again.is_err());
}

#[test]
fn a_dead_letter_of_a_later_release_is_one_all_the_same() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    let second = world.enqueue(World::write("a"));
    let text = written_later(&world, id, "colour blue", Some("dead superstition 418 1"));
    world.rows.insert(id.0, text);
    world.reload(2);
    assert_eq!(world.next().map(|claim| claim.id), Some(second));
    assert!(world.rows[&id.0].contains("\nstate dead superstition 418 1\n"));
}

#[test]
fn what_cannot_be_read_stays_where_it_is_and_is_counted() {
    let mut world = World::new();
    let id = world.enqueue(World::write("a"));
    world
        .rows
        .insert(90, "tidegate write 2 of a release to come".to_string());
    world.rows.insert(91, world.rows[&id.0].clone());
    world.reload(2);
    assert_eq!(world.outbox.health(world.wall).unreadable, 2);
    let claim = world.next().unwrap();
    world.settle(claim, status(200));
    assert_eq!(world.rows.keys().copied().collect::<Vec<_>>(), [0, 90, 91]);
    let next = world.enqueue(World::write("a"));
    assert!(next.0 > id.0);
}

#[test]
fn a_new_entry_never_lands_on_what_cannot_be_read() {
    let mut world = World::new();
    world.rows.insert(5, "spoiled".to_string());
    world.reload(2);
    assert_eq!(world.enqueue(World::write("a")), EntryId(6));
    assert_eq!(world.rows[&5], "spoiled");
}
