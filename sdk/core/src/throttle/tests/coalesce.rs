use alloc::vec::Vec;

use proptest::prelude::*;

use crate::CoalesceSettings;
use crate::testing::test;
use crate::throttle::{Coalesce, QuestionId, Role};

const SETTINGS: CoalesceSettings = CoalesceSettings {
    keys: 2,
    followers: 2,
};

/// The handle is the number of the caller who began.
fn join(shared: &mut Coalesce<u32>, key: &str, number: u32) -> Role<u32> {
    shared.join(key, &SETTINGS, || number)
}

fn begin(shared: &mut Coalesce<u32>, key: &str, number: u32) -> QuestionId {
    match join(shared, key, number) {
        Role::Begins(id, handle) if handle == number => id,
        role => panic!("{role:?}"),
    }
}

#[test]
fn the_first_begins_and_the_others_get_what_it_gets() {
    let mut shared = Coalesce::default();
    let a = begin(&mut shared, "a", 1);
    assert_eq!(join(&mut shared, "a", 2), Role::Joins(a, 1));
    begin(&mut shared, "b", 3);
    assert_eq!(join(&mut shared, "a", 4), Role::Joins(a, 1));
    assert_eq!(shared.finish(a), Some(1));
    assert_eq!(shared.finish(a), None);
    begin(&mut shared, "a", 5);
}

#[test]
fn the_attempt_is_cancelled_by_the_last_who_leaves_whoever_that_is() {
    let mut shared = Coalesce::default();
    let a = begin(&mut shared, "a", 1);
    join(&mut shared, "a", 2);
    assert_eq!(shared.leave(a), None);
    assert_eq!(join(&mut shared, "a", 3), Role::Joins(a, 1));
    assert_eq!(shared.leave(a), None);
    assert_eq!(shared.leave(a), Some(1));
    assert_eq!(shared.leave(a), None);
    assert!(shared.is_empty());
}

#[test]
fn who_leaves_makes_room() {
    let mut shared = Coalesce::default();
    let a = begin(&mut shared, "a", 1);
    for number in [2, 3] {
        assert_eq!(join(&mut shared, "a", number), Role::Joins(a, 1));
    }
    assert_eq!(join(&mut shared, "a", 4), Role::Apart);
    assert_eq!(shared.leave(a), None);
    assert_eq!(join(&mut shared, "a", 5), Role::Joins(a, 1));
}

#[test]
fn beyond_the_bounds_calls_go_on_their_own() {
    let mut shared = Coalesce::default();
    begin(&mut shared, "a", 1);
    begin(&mut shared, "b", 2);
    assert_eq!(join(&mut shared, "c", 3), Role::Apart);
    assert_eq!(shared.len(), 2);
    let nothing = CoalesceSettings {
        keys: 0,
        followers: 2,
    };
    let mut off = Coalesce::default();
    assert_eq!(off.join("a", &nothing, || 1), Role::Apart);
}

#[test]
fn who_asks_after_a_write_does_not_get_an_answer_from_before_it() {
    let mut shared = Coalesce::default();
    let before = begin(&mut shared, "GET /cart", 1);
    join(&mut shared, "GET /cart", 2);
    shared.close(|key| key.ends_with("/cart"));
    let after = begin(&mut shared, "GET /cart", 3);
    assert_eq!(join(&mut shared, "GET /cart", 4), Role::Joins(after, 3));
    assert_eq!(shared.finish(before), Some(1));
    assert_eq!(shared.finish(after), Some(3));
}

proptest! {
    /// Whatever comes in whatever order: within the bounds, nobody joins what was closed or is over, and each handle comes back once,
    /// with the last who leaves or with the answer.
    #[test]
    fn every_attempt_is_owned_by_its_callers(deeds in proptest::collection::vec((0_u8..5, 0_usize..8, 0_usize..3), 0..300)) {
        let mut shared = Coalesce::default();
        // Question, key, handle, callers, open.
        let mut known: Vec<(QuestionId, &str, u32, u32, bool)> = Vec::new();
        for (number, (deed, which, key)) in deeds.into_iter().enumerate() {
            let (key, handle) = (["a", "b", "c"][key], number as u32);
            let picked = (!known.is_empty()).then(|| which % known.len());
            match (deed, picked) {
                (0 | 1, _) => {
                    let open = known.iter_mut().find(|question| question.1 == key && question.4);
                    match (shared.join(key, &SETTINGS, || handle), open) {
                        (Role::Joins(id, given), Some(question)) => {
                            prop_assert_eq!((id, given), (question.0, question.2));
                            question.3 += 1;
                            prop_assert!(question.3 <= 1 + SETTINGS.followers);
                        }
                        (Role::Begins(id, given), None) => {
                            prop_assert_eq!(given, handle);
                            prop_assert!(known.iter().all(|question| question.0 != id));
                            known.push((id, key, handle, 1, true));
                        }
                        (Role::Apart, Some(question)) => prop_assert_eq!(question.3, 1 + SETTINGS.followers),
                        (Role::Apart, None) => prop_assert_eq!(known.len(), SETTINGS.keys as usize),
                        (role, open) => prop_assert!(false, "{:?} where {:?}", role, open),
                    }
                }
                (2, Some(place)) => {
                    known[place].3 -= 1;
                    let last = known[place].3 == 0;
                    let handle = known[place].2;
                    prop_assert_eq!(shared.leave(known[place].0), last.then_some(handle));
                    if last {
                        let (id, ..) = known.remove(place);
                        prop_assert_eq!(shared.leave(id), None);
                    }
                }
                (3, Some(place)) => {
                    let (id, _, handle, ..) = known.remove(place);
                    prop_assert_eq!(shared.finish(id), Some(handle));
                    prop_assert_eq!(shared.leave(id), None);
                }
                (4, _) => {
                    shared.close(|other| other == key);
                    for question in known.iter_mut().filter(|question| question.1 == key) {
                        question.4 = false;
                    }
                }
                _ => {}
            }
            prop_assert_eq!(shared.len(), known.len());
            prop_assert!(shared.len() <= SETTINGS.keys as usize);
        }
    }
}
