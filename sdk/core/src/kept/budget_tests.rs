use alloc::vec::Vec;

use proptest::prelude::*;

use super::{Budget, Weight, oldest};
use crate::testing::test;
use crate::time::Wall;

const PLENTY: Budget = Budget {
    entries: 100,
    total_bytes: 1_000,
    user_bytes: 1_000,
};

fn weight(user: &'static str, bytes: u64, used: u64) -> Weight<'static> {
    Weight {
        user,
        bytes,
        used: Wall(used),
    }
}

#[test]
fn all_stay_while_every_budget_is_kept() {
    let kept = [weight("", 500, 1), weight("a", 500, 2)];
    assert_eq!(PLENTY.excess(&kept), [0usize; 0]);
}

#[test]
fn too_many_answers_send_away_the_one_used_longest_ago() {
    let budget = Budget {
        entries: 2,
        ..PLENTY
    };
    let kept = [weight("", 1, 7), weight("a", 1, 3), weight("b", 1, 9)];
    assert_eq!(budget.excess(&kept), [1]);
}

#[test]
fn a_user_with_too_much_pays_alone() {
    let budget = Budget {
        user_bytes: 100,
        ..PLENTY
    };
    let kept = [
        weight("quiet", 90, 1),
        weight("loud", 60, 2),
        weight("loud", 60, 3),
    ];
    assert_eq!(budget.excess(&kept), [1]);
}

#[test]
fn too_many_bytes_of_all_send_away_whatever_is_oldest() {
    let budget = Budget {
        total_bytes: 100,
        ..PLENTY
    };
    let kept = [
        weight("a", 60, 1),
        weight("b", 40, 3),
        weight("c", 50, 2),
        weight("a", 10, 0),
    ];
    assert_eq!(budget.excess(&kept), [3, 0]);
}

#[test]
fn what_is_larger_than_a_budget_goes_alone() {
    let kept = [weight("", 10, 1), weight("", 5_000, 2)];
    assert_eq!(PLENTY.excess(&kept), [1]);
}

#[test]
fn a_full_store_gains_some_room_at_once() {
    let budget = Budget {
        entries: 32,
        ..PLENTY
    };
    let kept: Vec<_> = (0..33).map(|used| weight("", 1, used)).collect();
    assert_eq!(budget.excess(&kept), [0, 1, 2]);
}

#[test]
fn a_full_disk_is_given_the_oldest_bytes() {
    let kept = [weight("", 30, 3), weight("", 30, 1), weight("a", 30, 2)];
    assert_eq!(oldest(&kept, 31), [1, 2]);
    assert_eq!(oldest(&kept, 1_000), [1, 2, 0]);
    assert_eq!(oldest(&kept, 0), [0usize; 0]);
}

fn weights() -> impl Strategy<Value = Vec<Weight<'static>>> {
    let user = prop::sample::select(&["", "a", "b"][..]);
    let bytes = prop_oneof![0..300u64, Just(u64::MAX)];
    let one = (user, bytes, 0..20u64).prop_map(|(user, bytes, used)| weight(user, bytes, used));
    prop::collection::vec(one, 0..40)
}

fn budgets() -> impl Strategy<Value = Budget> {
    (0..40u32, 0..4_000u64, 0..2_000u64).prop_map(|(entries, total_bytes, user_bytes)| Budget {
        entries,
        total_bytes,
        user_bytes,
    })
}

type Placed<'a> = Vec<(usize, Weight<'a>)>;

/// What stays and what goes.
fn split<'a>(kept: &[Weight<'a>], gone: &[usize]) -> (Placed<'a>, Placed<'a>) {
    kept.iter()
        .copied()
        .enumerate()
        .partition(|(place, _)| !gone.contains(place))
}

proptest! {
    #[test]
    fn what_stays_is_within_every_budget(kept in weights(), budget in budgets()) {
        let (stays, _) = split(&kept, &budget.excess(&kept));
        prop_assert!(stays.len() <= budget.entries as usize);
        prop_assert!(stays.iter().map(|(_, each)| each.bytes).sum::<u64>() <= budget.total_bytes);
        for user in ["", "a", "b"] {
            let of_user = stays.iter().filter(|(_, each)| each.user == user);
            prop_assert!(of_user.map(|(_, each)| each.bytes).sum::<u64>() <= budget.user_bytes);
        }
    }

    #[test]
    fn of_one_user_nothing_goes_that_was_used_later_than_what_stays(kept in weights(), budget in budgets()) {
        let (stays, gone) = split(&kept, &budget.excess(&kept));
        let alone = budget.user_bytes.min(budget.total_bytes);
        for (_, left) in gone.iter().filter(|(_, each)| each.bytes <= alone - alone / 16) {
            let later = stays.iter().find(|(_, each)| each.user == left.user && each.used < left.used);
            prop_assert_eq!(later, None);
        }
    }

    #[test]
    fn nobody_pays_for_another_while_all_together_are_within_their_budget(kept in weights(), budget in budgets()) {
        let roomy = Budget { entries: u32::MAX, total_bytes: u64::MAX, ..budget };
        let alone: Vec<_> = kept.iter().copied().filter(|each| each.user == "a").collect();
        let gone = roomy.excess(&kept);
        let of_a = gone.iter().filter(|place| kept[**place].user == "a").count();
        // Where somebody is over, everybody is brought to a sixteenth below, and no further.
        let most = roomy.user_bytes - roomy.user_bytes / 16;
        if alone.iter().map(|each| u128::from(each.bytes)).sum::<u128>() <= u128::from(most) {
            prop_assert_eq!(of_a, 0);
        }
    }

    #[test]
    fn each_goes_once_and_the_oldest_first(kept in weights(), budget in budgets(), bytes in 0..3_000u64) {
        for gone in [budget.excess(&kept), oldest(&kept, bytes)] {
            let order: Vec<_> = gone.iter().map(|place| (kept[*place].used, *place)).collect();
            prop_assert!(order.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }

    #[test]
    fn swept_once_there_is_nothing_more_to_sweep(kept in weights(), budget in budgets()) {
        let (stays, _) = split(&kept, &budget.excess(&kept));
        let stays: Vec<_> = stays.into_iter().map(|(_, each)| each).collect();
        prop_assert!(budget.holds(&stays));
    }
}
