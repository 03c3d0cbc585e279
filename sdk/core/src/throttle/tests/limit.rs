use alloc::vec;
use alloc::vec::Vec;

use crate::testing::test;
use crate::throttle::{Limit, LimitSettings, Priority, QueueOrder, Request, Turn};
use crate::{CallId, Instant};

const ONE_AT_A_TIME: LimitSettings = LimitSettings {
    limit: 1,
    queue: 2,
    order: QueueOrder::OldestFirst,
    ageing_ms: 1_000,
    abandoned_ms: 5_000,
};

const NOW: Instant = Instant::START;

fn call(number: u64) -> CallId {
    CallId(number)
}

fn at(millis: u64) -> Instant {
    Instant::from_millis(millis)
}

fn weighing(number: u64, weight: u32) -> Request {
    Request {
        call: call(number),
        weight,
        priority: Priority::Normal,
        deadline: Instant::NEVER,
    }
}

fn plain(number: u64) -> Request {
    weighing(number, 1)
}

/// Asks where nobody else is to be woken by it.
fn ask(limit: &mut Limit, request: &Request, settings: &LimitSettings) -> Turn {
    let (turn, wake) = limit.request(NOW, request, settings);
    assert_eq!(wake, []);
    turn
}

#[test]
fn turns_come_in_order_of_arrival_even_for_a_call_made_at_the_very_moment() {
    let mut limit = Limit::default();
    let turns: Vec<Turn> = (1..=4)
        .map(|n| ask(&mut limit, &plain(n), &ONE_AT_A_TIME))
        .collect();
    assert_eq!(
        turns,
        [Turn::Granted, Turn::Queued, Turn::Queued, Turn::Refused]
    );
    assert_eq!(limit.release(NOW, call(1), &ONE_AT_A_TIME), [call(2)]);
    assert_eq!(ask(&mut limit, &plain(5), &ONE_AT_A_TIME), Turn::Queued);
    assert_eq!(ask(&mut limit, &plain(3), &ONE_AT_A_TIME), Turn::Queued);
    assert_eq!(ask(&mut limit, &plain(2), &ONE_AT_A_TIME), Turn::Granted);
    assert_eq!(limit.release(NOW, call(2), &ONE_AT_A_TIME), [call(3)]);
}

#[test]
fn a_call_that_leaves_the_queue_passes_its_turn_on() {
    let mut limit = Limit::default();
    for n in 1..=3 {
        ask(&mut limit, &plain(n), &ONE_AT_A_TIME);
    }
    assert_eq!(limit.release(NOW, call(1), &ONE_AT_A_TIME), [call(2)]);
    assert_eq!(limit.leave(NOW, call(2), &ONE_AT_A_TIME), [call(3)]);
    assert_eq!(ask(&mut limit, &plain(3), &ONE_AT_A_TIME), Turn::Granted);
    assert_eq!((limit.in_flight(), limit.waiting().count()), (1, 0));
}

#[test]
fn asking_again_gives_no_second_permit_and_releasing_again_frees_no_second() {
    let settings = LimitSettings {
        limit: 2,
        ..ONE_AT_A_TIME
    };
    let mut limit = Limit::default();
    for _ in 0..3 {
        assert_eq!(ask(&mut limit, &plain(1), &settings), Turn::Granted);
    }
    assert_eq!(ask(&mut limit, &plain(2), &settings), Turn::Granted);
    assert_eq!(ask(&mut limit, &plain(3), &settings), Turn::Queued);
    assert_eq!(limit.release(NOW, call(1), &settings), [call(3)]);
    assert_eq!(limit.release(NOW, call(1), &settings), []);
    assert_eq!(limit.in_flight(), 2);
}

#[test]
fn a_queue_of_none_refuses_what_cannot_go_at_once() {
    let settings = LimitSettings {
        queue: 0,
        ..ONE_AT_A_TIME
    };
    let mut limit = Limit::default();
    assert_eq!(ask(&mut limit, &plain(1), &settings), Turn::Granted);
    assert_eq!(ask(&mut limit, &plain(2), &settings), Turn::Refused);
    assert_eq!(limit.release(NOW, call(1), &settings), []);
    assert!(limit.is_idle());
}

#[test]
fn a_heavy_call_is_not_passed_by_light_ones_and_several_go_when_it_is_over() {
    let settings = LimitSettings {
        limit: 3,
        queue: 9,
        ..ONE_AT_A_TIME
    };
    let mut limit = Limit::default();
    assert_eq!(ask(&mut limit, &plain(1), &settings), Turn::Granted);
    assert_eq!(ask(&mut limit, &weighing(2, 3), &settings), Turn::Queued);
    for n in 3..=6 {
        assert_eq!(ask(&mut limit, &plain(n), &settings), Turn::Queued);
    }
    assert_eq!(limit.release(NOW, call(1), &settings), [call(2)]);
    assert_eq!(ask(&mut limit, &weighing(2, 3), &settings), Turn::Granted);
    assert_eq!(
        limit.release(NOW, call(2), &settings),
        [call(3), call(4), call(5)]
    );
}

#[test]
fn a_call_heavier_than_the_limit_runs_alone() {
    let mut limit = Limit::default();
    assert_eq!(ask(&mut limit, &plain(1), &ONE_AT_A_TIME), Turn::Granted);
    let heavy = weighing(2, u32::MAX);
    assert_eq!(ask(&mut limit, &heavy, &ONE_AT_A_TIME), Turn::Queued);
    assert_eq!(ask(&mut limit, &plain(3), &ONE_AT_A_TIME), Turn::Queued);
    assert_eq!(limit.release(NOW, call(1), &ONE_AT_A_TIME), [call(2)]);
    assert_eq!(limit.cancel(NOW, call(2), &ONE_AT_A_TIME), [call(3)]);
}

#[test]
fn a_limit_that_is_raised_wakes_as_many_as_fit() {
    let mut limit = Limit::default();
    for n in 1..=3 {
        ask(&mut limit, &plain(n), &ONE_AT_A_TIME);
    }
    let raised = LimitSettings {
        limit: 9,
        ..ONE_AT_A_TIME
    };
    assert_eq!(limit.poll(NOW, &raised), [call(2), call(3)]);
    assert_eq!(limit.poll(NOW, &raised), []);
}

#[test]
fn a_limit_that_is_lowered_takes_nothing_back_and_grants_nothing_until_it_is_met() {
    let three = LimitSettings {
        limit: 3,
        ..ONE_AT_A_TIME
    };
    let mut limit = Limit::default();
    for n in 1..=4 {
        ask(&mut limit, &plain(n), &three);
    }
    assert_eq!(limit.release(NOW, call(1), &ONE_AT_A_TIME), []);
    assert_eq!(limit.release(NOW, call(2), &ONE_AT_A_TIME), []);
    assert_eq!(limit.release(NOW, call(3), &ONE_AT_A_TIME), [call(4)]);
}

#[test]
fn a_call_that_was_given_up_counts_until_it_is_really_over() {
    let mut limit = Limit::default();
    ask(&mut limit, &plain(1), &ONE_AT_A_TIME);
    ask(&mut limit, &plain(2), &ONE_AT_A_TIME);
    assert_eq!(limit.abandon(NOW, call(1), &ONE_AT_A_TIME), []);
    assert_eq!((limit.in_flight(), limit.abandoned()), (1, 1));
    // Neither a release nor the end of its call ends the work.
    assert_eq!(limit.release(at(1), call(1), &ONE_AT_A_TIME), []);
    assert_eq!(limit.cancel(at(1), call(1), &ONE_AT_A_TIME), []);
    assert_eq!(limit.settle(at(2), call(1), &ONE_AT_A_TIME), [call(2)]);
    assert_eq!(limit.settle(at(2), call(1), &ONE_AT_A_TIME), []);
    assert_eq!((limit.in_flight(), limit.abandoned()), (1, 0));
}

#[test]
fn work_whose_end_nobody_tells_counts_until_its_bound() {
    let mut limit = Limit::default();
    ask(&mut limit, &plain(1), &ONE_AT_A_TIME);
    ask(&mut limit, &plain(2), &ONE_AT_A_TIME);
    assert_eq!(limit.abandon(NOW, call(1), &ONE_AT_A_TIME), []);
    assert_eq!(limit.deadline(), at(5_000));
    assert_eq!(limit.poll(at(4_999), &ONE_AT_A_TIME), []);
    assert_eq!(limit.poll(at(5_000), &ONE_AT_A_TIME), [call(2)]);
}

#[test]
fn the_next_attempt_of_a_call_waits_for_its_abandoned_one() {
    let mut limit = Limit::default();
    ask(&mut limit, &plain(1), &ONE_AT_A_TIME);
    assert_eq!(limit.abandon(NOW, call(1), &ONE_AT_A_TIME), []);
    assert_eq!(ask(&mut limit, &plain(1), &ONE_AT_A_TIME), Turn::Queued);
    assert_eq!(limit.settle(NOW, call(1), &ONE_AT_A_TIME), [call(1)]);
    assert_eq!(ask(&mut limit, &plain(1), &ONE_AT_A_TIME), Turn::Granted);
    assert_eq!(limit.release(NOW, call(1), &ONE_AT_A_TIME), []);
    assert!(limit.is_idle());
}

#[test]
fn a_second_abandoned_attempt_does_not_prolong_the_first() {
    let two = LimitSettings {
        limit: 2,
        ..ONE_AT_A_TIME
    };
    let mut limit = Limit::default();
    for begun in [0, 3_000] {
        let (turn, _) = limit.request(at(begun), &plain(1), &two);
        assert_eq!(turn, Turn::Granted);
        assert_eq!(limit.abandon(at(begun), call(1), &two), []);
    }
    assert_eq!((limit.abandoned(), limit.deadline()), (2, at(5_000)));
    assert_eq!(limit.poll(at(5_000), &two), []);
    assert_eq!((limit.abandoned(), limit.deadline()), (1, at(8_000)));
}

#[test]
fn a_turn_that_was_not_taken_cannot_be_abandoned() {
    let mut limit = Limit::default();
    ask(&mut limit, &plain(1), &ONE_AT_A_TIME);
    ask(&mut limit, &plain(2), &ONE_AT_A_TIME);
    assert_eq!(limit.release(NOW, call(1), &ONE_AT_A_TIME), [call(2)]);
    assert_eq!(limit.abandon(NOW, call(2), &ONE_AT_A_TIME), []);
    assert_eq!(limit.abandoned(), 0);
    assert_eq!(limit.leave(NOW, call(2), &ONE_AT_A_TIME), []);
    assert!(limit.is_idle());
}

#[test]
fn a_lapsed_call_is_skipped_and_told_and_its_place_is_free_at_once() {
    let mut limit = Limit::default();
    let hasty = Request {
        deadline: at(10),
        ..plain(2)
    };
    ask(&mut limit, &plain(1), &ONE_AT_A_TIME);
    ask(&mut limit, &hasty, &ONE_AT_A_TIME);
    ask(&mut limit, &plain(3), &ONE_AT_A_TIME);
    assert_eq!(limit.deadline(), at(10));
    let (turn, wake) = limit.request(at(10), &plain(4), &ONE_AT_A_TIME);
    assert_eq!((turn, wake), (Turn::Queued, vec![call(2)]));
    assert_eq!(limit.release(at(11), call(1), &ONE_AT_A_TIME), [call(3)]);
    assert_eq!(ask(&mut limit, &hasty, &ONE_AT_A_TIME), Turn::Lapsed);
}

#[test]
fn a_turn_that_nobody_takes_passes_on_at_its_deadline() {
    let mut limit = Limit::default();
    let lost = Request {
        deadline: at(10),
        ..plain(2)
    };
    ask(&mut limit, &plain(1), &ONE_AT_A_TIME);
    ask(&mut limit, &lost, &ONE_AT_A_TIME);
    ask(&mut limit, &plain(3), &ONE_AT_A_TIME);
    assert_eq!(limit.release(NOW, call(1), &ONE_AT_A_TIME), [call(2)]);
    assert_eq!(limit.deadline(), at(10));
    assert_eq!(limit.poll(at(10), &ONE_AT_A_TIME), [call(2), call(3)]);
    let (turn, _) = limit.request(at(10), &lost, &ONE_AT_A_TIME);
    assert_eq!(turn, Turn::Lapsed);
}

#[test]
fn newest_first_sends_the_oldest_away_and_tells_it() {
    let settings = LimitSettings {
        order: QueueOrder::NewestFirst,
        ..ONE_AT_A_TIME
    };
    let mut limit = Limit::default();
    for n in 1..=3 {
        ask(&mut limit, &plain(n), &settings);
    }
    let (turn, wake) = limit.request(NOW, &plain(4), &settings);
    assert_eq!((turn, wake), (Turn::Queued, vec![call(2)]));
    assert_eq!(ask(&mut limit, &plain(2), &settings), Turn::Evicted);
    assert_eq!(limit.release(NOW, call(1), &settings), [call(4)]);
    assert_eq!(limit.release(NOW, call(1), &settings), []);
    assert_eq!(limit.leave(NOW, call(4), &settings), [call(3)]);
}

#[test]
fn a_heavy_call_holds_back_neither_the_more_urgent_nor_newest_first_the_newer() {
    let settings = LimitSettings {
        limit: 2,
        queue: 1,
        order: QueueOrder::NewestFirst,
        ..ONE_AT_A_TIME
    };
    let background = Request {
        priority: Priority::Background,
        ..weighing(2, 2)
    };
    let mut limit = Limit::default();
    assert_eq!(ask(&mut limit, &plain(1), &settings), Turn::Granted);
    assert_eq!(ask(&mut limit, &background, &settings), Turn::Queued);
    // It is the more urgent one, and fits.
    assert_eq!(ask(&mut limit, &plain(3), &settings), Turn::Granted);
    assert_eq!(limit.release(NOW, call(1), &settings), []);
    let light = Request {
        weight: 1,
        call: call(4),
        ..background
    };
    let (turn, wake) = limit.request(NOW, &light, &settings);
    assert_eq!((turn, wake), (Turn::Granted, vec![]));
    assert_eq!(limit.release(NOW, call(3), &settings), []);
    assert_eq!(limit.release(NOW, call(4), &settings), [call(2)]);
}
