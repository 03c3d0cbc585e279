use alloc::vec::Vec;

use super::*;
use crate::testing::test;

const PATIENCE: Millis = Millis(3_000);
const STRATEGIES: [Strategy; 6] = [
    Strategy::CacheFirst,
    Strategy::CacheOnly,
    Strategy::NetworkFirst { patience: PATIENCE },
    Strategy::NetworkOnly,
    Strategy::StaleIfError,
    Strategy::StaleWhileRevalidate,
];
const CONNECTIONS: [Connection; 3] = [Connection::Open, Connection::Offline, Connection::Broken];
const STALE: Usability = Usability::Stale { by: Millis(5) };

const FRESH: Option<KeptCopy> = copy(Usability::Fresh, Usability::Fresh);
/// Stale, and to be shown only when the network fails.
const HELPS: Option<KeptCopy> = copy(Usability::MustRevalidate, STALE);
/// Stale, and the server or the request lets it be shown now.
const SHOWABLE: Option<KeptCopy> = copy(STALE, STALE);
/// To be confirmed whatever happens.
const BOUND: Option<KeptCopy> = copy(Usability::MustRevalidate, Usability::MustRevalidate);
const FORBIDDEN: Option<KeptCopy> = copy(Usability::Forbidden, Usability::Forbidden);

const SERVE: &[Move] = &[Move::Serve];
const FAIL: &[Move] = &[Move::Fail];
const REFRESH: &[Move] = &[Move::Serve, Move::Revalidate];
const ASK: &[Move] = &[Move::Ask { patience: None }, Move::Fail];
const ASK_OR_SERVE: &[Move] = &[Move::Ask { patience: None }, Move::Serve];
const TRY_OR_SERVE: &[Move] = &[
    Move::Ask {
        patience: Some(PATIENCE),
    },
    Move::Serve,
];

const fn copy(now: Usability, after_failure: Usability) -> Option<KeptCopy> {
    Some(KeptCopy { now, after_failure })
}

/// The plans of all strategies, in their order.
fn check(copy: Option<KeptCopy>, connection: Connection, expected: [&[Move]; 6]) {
    for (strategy, expected) in STRATEGIES.into_iter().zip(expected) {
        let moves: Vec<_> = Plan::of(strategy, copy, connection).moves().collect();
        assert_eq!(moves, expected, "{strategy:?} {copy:?} {connection:?}");
    }
}

#[test]
fn a_fresh_copy_spares_the_network_unless_that_comes_first() {
    let expected = [SERVE, SERVE, TRY_OR_SERVE, ASK, SERVE, SERVE];
    check(FRESH, Connection::Open, expected);
    let expected = [SERVE, SERVE, SERVE, ASK, SERVE, SERVE];
    check(FRESH, Connection::Offline, expected);
    let expected = [SERVE, SERVE, SERVE, FAIL, SERVE, SERVE];
    check(FRESH, Connection::Broken, expected);
}

#[test]
fn a_stale_copy_stands_in_for_a_network_that_fails() {
    let expected = [SERVE, SERVE, TRY_OR_SERVE, ASK, ASK_OR_SERVE, REFRESH];
    check(HELPS, Connection::Open, expected);
    let expected = [SERVE, SERVE, SERVE, ASK, SERVE, SERVE];
    check(HELPS, Connection::Offline, expected);
    let expected = [SERVE, SERVE, SERVE, FAIL, SERVE, SERVE];
    check(HELPS, Connection::Broken, expected);
}

#[test]
fn a_copy_that_may_be_shown_while_it_is_asked_for_is() {
    let expected = [SERVE, SERVE, TRY_OR_SERVE, ASK, REFRESH, REFRESH];
    check(SHOWABLE, Connection::Open, expected);
    let expected = [SERVE, SERVE, SERVE, ASK, SERVE, SERVE];
    check(SHOWABLE, Connection::Offline, expected);
}

#[test]
fn a_copy_that_must_be_confirmed_is_no_copy_to_any_strategy() {
    for copy in [BOUND, FORBIDDEN, None] {
        let expected = [ASK, FAIL, ASK, ASK, ASK, ASK];
        check(copy, Connection::Open, expected);
        // That there is no network is a hint; somebody who has nothing tries all the same.
        check(copy, Connection::Offline, expected);
        check(copy, Connection::Broken, [FAIL; 6]);
    }
}

#[test]
fn a_request_may_choose_the_cache_alone_or_leave_it_out() {
    let asked = |only_if_cached, no_store| RequestDirectives {
        only_if_cached,
        no_store,
        ..RequestDirectives::default()
    };
    for strategy in STRATEGIES {
        assert_eq!(strategy.heeding(&asked(false, false)), strategy);
        assert_eq!(strategy.heeding(&asked(true, false)), Strategy::CacheOnly);
        assert_eq!(strategy.heeding(&asked(false, true)), Strategy::NetworkOnly);
    }
}

#[test]
fn every_plan_gives_an_answer_or_says_that_there_is_none() {
    let usabilities = [
        Usability::Fresh,
        STALE,
        Usability::MustRevalidate,
        Usability::Forbidden,
    ];
    let copies = usabilities.into_iter().flat_map(|now| {
        let pairs = usabilities.into_iter().map(move |after| copy(now, after));
        pairs.chain([None])
    });
    for copy in copies {
        for (strategy, connection) in STRATEGIES
            .into_iter()
            .flat_map(|strategy| CONNECTIONS.map(|connection| (strategy, connection)))
        {
            let moves: Vec<_> = Plan::of(strategy, copy, connection).moves().collect();
            let told = format_args!("{strategy:?} {copy:?} {connection:?} {moves:?}");
            let gives = |step: &Move| matches!(step, Move::Serve | Move::Fail);
            assert_eq!(moves.iter().filter(|step| gives(step)).count(), 1, "{told}");

            let servable =
                copy.is_some_and(|copy| copy.now.servable() || copy.after_failure.servable());
            assert!(servable || !moves.contains(&Move::Serve), "{told}");

            let asks = |step: &Move| matches!(step, Move::Ask { .. } | Move::Revalidate);
            if connection == Connection::Broken || strategy == Strategy::CacheOnly {
                assert!(!moves.iter().any(asks), "{told}");
            }
            // A wait that ends early needs something to end with.
            if matches!(moves.first(), Some(Move::Ask { patience: Some(_) })) {
                assert_eq!(moves.get(1), Some(&Move::Serve), "{told}");
            }
        }
    }
}
