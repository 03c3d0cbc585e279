use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use crate::testing::test;
use crate::throttle::{Limit, LimitSettings, Priority, QueueOrder, Request, Turn};
use crate::{CallId, Instant, Millis, Rng};

const SETTINGS: LimitSettings = LimitSettings {
    limit: 1,
    queue: 4,
    order: QueueOrder::OldestFirst,
    ageing_ms: 1_000,
    abandoned_ms: 0,
};

fn at(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn of(priority: Priority, number: u64) -> Request {
    Request {
        call: CallId(number),
        weight: 1,
        priority,
        deadline: Instant::NEVER,
    }
}

/// A limit whose one permit is out.
fn busy(settings: &LimitSettings) -> Limit {
    let mut limit = Limit::default();
    let (turn, _) = limit.request(Instant::START, &of(Priority::Urgent, 0), settings);
    assert_eq!(turn, Turn::Granted);
    limit
}

/// Lets one after another go at an instant, until nobody waits.
fn run_dry(limit: &mut Limit, now: Instant, settings: &LimitSettings) -> Vec<u64> {
    let mut order = vec![];
    let mut out = CallId(0);
    loop {
        match limit.cancel(now, out, settings).as_slice() {
            [next] => {
                out = *next;
                order.push(next.0);
            }
            none => {
                assert_eq!(none, []);
                return order;
            }
        }
    }
}

#[test]
fn the_more_urgent_go_first_and_equals_in_order_of_arrival() {
    let mut limit = busy(&SETTINGS);
    for (number, priority) in [
        (1, Priority::Background),
        (2, Priority::Normal),
        (3, Priority::Urgent),
        (4, Priority::Normal),
    ] {
        let (turn, _) = limit.request(at(number), &of(priority, number), &SETTINGS);
        assert_eq!(turn, Turn::Queued);
    }
    assert_eq!(run_dry(&mut limit, at(5), &SETTINGS), [3, 2, 4, 1]);
}

#[test]
fn a_class_that_has_stood_still_for_its_share_of_ageing_is_next() {
    let mut limit = busy(&SETTINGS);
    limit.request(at(0), &of(Priority::Background, 1), &SETTINGS);
    limit.request(at(1_999), &of(Priority::Urgent, 2), &SETTINGS);
    limit.request(at(1_999), &of(Priority::Urgent, 3), &SETTINGS);
    // Urgent is due since 1,999; background from 2,000 on, and before what urgent moves at then.
    assert_eq!(run_dry(&mut limit, at(2_000), &SETTINGS), [2, 1, 3]);
}

#[test]
fn a_class_does_not_age_while_nobody_of_it_waits() {
    let mut limit = busy(&SETTINGS);
    let ask = |limit: &mut Limit, priority, number| {
        let (turn, _) = limit.request(at(10_000), &of(priority, number), &SETTINGS);
        assert_eq!(turn, Turn::Queued);
    };
    ask(&mut limit, Priority::Urgent, 1);
    ask(&mut limit, Priority::Urgent, 2);
    assert_eq!(limit.cancel(at(10_000), CallId(0), &SETTINGS), [CallId(1)]);
    ask(&mut limit, Priority::Background, 3);
    assert_eq!(limit.cancel(at(10_001), CallId(1), &SETTINGS), [CallId(2)]);
}

#[test]
fn a_full_queue_takes_the_place_of_the_newest_of_a_lower_class_but_never_of_its_last() {
    let mut limit = busy(&SETTINGS);
    for (number, priority) in [
        (1, Priority::Background),
        (2, Priority::Background),
        (3, Priority::Normal),
        (4, Priority::Normal),
    ] {
        limit.request(at(0), &of(priority, number), &SETTINGS);
    }
    let mut ask = |priority, number| limit.request(at(0), &of(priority, number), &SETTINGS);
    assert_eq!(ask(Priority::Background, 5).0, Turn::Refused);
    assert_eq!(ask(Priority::Urgent, 6), (Turn::Queued, vec![CallId(2)]));
    assert_eq!(ask(Priority::Urgent, 7), (Turn::Queued, vec![CallId(4)]));
    assert_eq!(ask(Priority::Urgent, 8).0, Turn::Refused);
    assert_eq!(ask(Priority::Background, 2).0, Turn::Evicted);
}

#[test]
fn the_first_of_a_class_finds_a_place_in_a_queue_full_of_others() {
    let mut limit = busy(&SETTINGS);
    for number in 1..=5 {
        limit.request(at(0), &of(Priority::Urgent, number), &SETTINGS);
    }
    for (priority, number) in [(Priority::Background, 6), (Priority::Normal, 7)] {
        let (turn, wake) = limit.request(at(0), &of(priority, number), &SETTINGS);
        assert_eq!((turn, wake), (Turn::Queued, vec![]));
        let (turn, _) = limit.request(at(0), &of(priority, number + 10), &SETTINGS);
        assert_eq!(turn, Turn::Refused);
    }
    assert_eq!(limit.waiting().count(), 6);
}

#[test]
fn newest_first_holds_within_a_class_and_not_between_classes() {
    let settings = LimitSettings {
        order: QueueOrder::NewestFirst,
        ..SETTINGS
    };
    let mut limit = busy(&settings);
    for (number, priority) in [
        (1, Priority::Urgent),
        (2, Priority::Urgent),
        (3, Priority::Normal),
        (4, Priority::Normal),
    ] {
        limit.request(at(0), &of(priority, number), &settings);
    }
    assert_eq!(run_dry(&mut limit, at(1), &settings), [2, 1, 4, 3]);
}

const STEPS: u64 = 1_000;

/// Saturates the classes that are named for a while; the longest time that `watched` waited without one of it being let go.
fn longest_standstill(
    settings: &LimitSettings,
    service: u64,
    saturating: &[Priority],
    watched: Priority,
    seed: u64,
) -> Millis {
    let mut rng = Rng::new(seed);
    let mut limit = busy(settings);
    let mut priorities = vec![Priority::Urgent];
    let (mut since, mut longest) = (Instant::START, Millis::ZERO);
    let mut out = vec![(CallId(0), Instant::START)];
    for step in 0..STEPS {
        let now = at(step * 5);
        // One of the class that is watched comes, among others that are more than could wait.
        let place = rng.below(4);
        for arrival in 0..4 {
            let all = saturating.len() as u64 + 1;
            let drawn = saturating.get(rng.below(all) as usize).copied();
            let other = drawn.filter(|_| arrival != place);
            let priority = other.unwrap_or(watched);
            let number = priorities.len() as u64;
            priorities.push(priority);
            let (turn, _) = limit.request(now, &of(priority, number), settings);
            if turn == Turn::Granted {
                out.push((CallId(number), now));
            }
        }
        let over: Vec<CallId> = out
            .iter()
            .filter(|(_, from)| now - *from >= Millis(service))
            .map(|(call, _)| *call)
            .collect();
        out.retain(|(call, _)| !over.contains(call));
        for call in over {
            for woken in limit.release(now, call, settings) {
                let priority = priorities[woken.0 as usize];
                let (turn, _) = limit.request(now, &of(priority, woken.0), settings);
                if turn == Turn::Granted {
                    out.push((woken, now));
                    if priority == watched {
                        longest = longest.max(now - since);
                        since = now;
                    }
                }
            }
        }
    }
    longest.max(at(STEPS * 5) - since)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// However much of the more urgent comes, the lowest class moves at least once per ageing bound: its two shares of `ageing`, and
    /// the time that three permits take to come free.
    #[test]
    fn no_class_starves(
        limit in 1_u32..4, queue in 1_u32..12, ageing_ms in 1_u32..600, service in 1_u64..80, newest in any::<bool>(), seed in any::<u64>(),
    ) {
        let order = if newest { QueueOrder::NewestFirst } else { QueueOrder::OldestFirst };
        let settings = LimitSettings { limit, queue, order, ageing_ms, ..SETTINGS };
        // Time moves in steps of 5 ms, and it takes up to one until the first of the class has come in.
        let permits = 3 * (service + 5) + 10;
        for (watched, shares) in [(Priority::Background, 2), (Priority::Normal, 1)] {
            let others: Vec<Priority> = Priority::ALL.iter().copied().filter(|other| *other != watched).collect();
            let longest = longest_standstill(&settings, service, &others, watched, seed);
            let bound = Millis(shares * u64::from(ageing_ms) + permits);
            prop_assert!(longest <= bound, "{watched}: {longest}, bound {bound}");
        }
    }
}

#[test]
fn urgent_work_is_hardly_slowed_by_what_ages() {
    let settings = LimitSettings {
        queue: 8,
        ..SETTINGS
    };
    let standstill =
        longest_standstill(&settings, 20, &[Priority::Background], Priority::Urgent, 1);
    assert!(standstill <= Millis(45), "{standstill}");
}
