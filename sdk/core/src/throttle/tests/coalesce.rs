use alloc::vec;

use proptest::prelude::*;

use crate::CallId;
use crate::testing::test;
use crate::throttle::{Coalesce, CoalesceSettings, Departure, Role};

const SETTINGS: CoalesceSettings = CoalesceSettings {
    keys: 2,
    followers: 2,
};

fn call(number: u64) -> CallId {
    CallId(number)
}

fn join(shared: &mut Coalesce, key: &str, number: u64) -> Role {
    shared.join(key, call(number), &SETTINGS)
}

#[test]
fn the_first_leads_and_the_others_get_what_it_gets() {
    let mut shared = Coalesce::default();
    assert_eq!(join(&mut shared, "a", 1), Role::Leads);
    assert_eq!(join(&mut shared, "a", 2), Role::Follows { leader: call(1) });
    assert_eq!(join(&mut shared, "b", 3), Role::Leads);
    assert_eq!(join(&mut shared, "a", 4), Role::Follows { leader: call(1) });
    assert_eq!(shared.finish(call(1)), [call(2), call(4)]);
    assert_eq!(join(&mut shared, "a", 5), Role::Leads);
}

#[test]
fn asking_twice_changes_nothing() {
    let mut shared = Coalesce::default();
    for _ in 0..2 {
        assert_eq!(join(&mut shared, "a", 1), Role::Leads);
        assert_eq!(join(&mut shared, "a", 2), Role::Follows { leader: call(1) });
    }
    assert_eq!(shared.finish(call(1)), [call(2)]);
    assert_eq!(shared.finish(call(1)), []);
}

#[test]
fn the_lead_passes_to_who_has_followed_longest_and_the_last_cancels() {
    let mut shared = Coalesce::default();
    for number in 1..=3 {
        join(&mut shared, "a", number);
    }
    assert_eq!(
        shared.leave(call(1)),
        Departure::PassedOn { leader: call(2) }
    );
    assert_eq!(
        shared.role(call(3)),
        Some(Role::Follows { leader: call(2) })
    );
    assert_eq!(shared.leave(call(3)), Departure::Unchanged);
    assert_eq!(shared.leave(call(2)), Departure::Last);
    assert_eq!(shared.leave(call(2)), Departure::Apart);
    assert!(shared.is_empty());
}

#[test]
fn a_follower_that_leaves_is_not_woken() {
    let mut shared = Coalesce::default();
    for number in 1..=3 {
        join(&mut shared, "a", number);
    }
    assert_eq!(shared.leave(call(2)), Departure::Unchanged);
    assert_eq!(shared.finish(call(1)), [call(3)]);
}

#[test]
fn beyond_the_bounds_calls_go_on_their_own() {
    let mut shared = Coalesce::default();
    for (key, number) in [("a", 1), ("b", 2), ("a", 3), ("a", 4)] {
        assert_ne!(join(&mut shared, key, number), Role::Apart);
    }
    assert_eq!(join(&mut shared, "c", 5), Role::Apart);
    assert_eq!(join(&mut shared, "a", 6), Role::Apart);
    assert_eq!(shared.leave(call(5)), Departure::Apart);
    assert_eq!(shared.len(), 2);
}

#[test]
fn who_asks_after_a_write_does_not_get_an_answer_from_before_it() {
    let mut shared = Coalesce::default();
    join(&mut shared, "GET /cart", 1);
    join(&mut shared, "GET /cart", 2);
    shared.close(|key| key.ends_with("/cart"));
    assert_eq!(join(&mut shared, "GET /cart", 3), Role::Leads);
    assert_eq!(
        join(&mut shared, "GET /cart", 4),
        Role::Follows { leader: call(3) }
    );
    assert_eq!(shared.finish(call(1)), [call(2)]);
    assert_eq!(shared.finish(call(3)), [call(4)]);
}

proptest! {
    /// Every call that shares has exactly one leader that is under way, and when all have gone nothing is left.
    #[test]
    fn nobody_is_left_without_a_leader(deeds in proptest::collection::vec((0_u8..4, 0_u64..12, 0_usize..3), 0..300)) {
        let mut shared = Coalesce::default();
        let mut sharing = vec![];
        for (deed, number, key) in deeds {
            match deed {
                0 | 1 => {
                    let role = join(&mut shared, ["a", "b", "c"][key], number);
                    if role != Role::Apart && !sharing.contains(&number) {
                        sharing.push(number);
                    }
                }
                2 => {
                    let departure = shared.leave(call(number));
                    prop_assert_eq!(departure == Departure::Apart, !sharing.contains(&number));
                    sharing.retain(|other| *other != number);
                }
                _ => {
                    let woken = shared.finish(call(number));
                    if !woken.is_empty() || shared.role(call(number)).is_none() {
                        sharing.retain(|other| *other != number && !woken.contains(&call(*other)));
                    }
                }
            }
            prop_assert!(shared.len() <= 2);
            for number in &sharing {
                match shared.role(call(*number)) {
                    Some(Role::Follows { leader }) => prop_assert_eq!(shared.role(leader), Some(Role::Leads)),
                    role => prop_assert_eq!(role, Some(Role::Leads)),
                }
            }
        }
        for number in sharing {
            let _ = shared.leave(call(number));
        }
        prop_assert!(shared.is_empty());
    }
}
