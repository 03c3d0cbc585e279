//! When it comes back, and when not.

use alloc::vec::Vec;

use super::stage::Stage;
use crate::session::{Cause, Hint, Input, Protocol, SocketState};
use crate::testing::test;
use crate::{Instant, Millis};

/// Waits after this happened to an open raw socket that has lasted, of many clients.
fn waits(happens: impl Fn(&mut Stage)) -> Vec<u64> {
    (0..300)
        .map(|seed| {
            let mut stage = Stage::with(Protocol::Raw, seed, |_| {});
            stage.start();
            stage.open();
            stage.pass(60_000);
            happens(&mut stage);
            stage.wait().1.unwrap()
        })
        .collect()
}

#[test]
fn a_fleet_that_is_dropped_comes_back_all_over_the_window() {
    for code in [1_000, 1_001, 1_006, 1_012, 1_013, 4_000] {
        let waits = waits(|stage| stage.drop_with(code));
        assert!(waits.iter().all(|wait| *wait <= 10_000), "{code}");
        for tenth in 0..10 {
            let share = waits.iter().filter(|wait| **wait / 1_000 == tenth).count();
            assert!(
                (10..=60).contains(&share),
                "{code}: {share} in second {tenth}"
            );
        }
    }
}

#[test]
fn a_server_that_names_a_window_gets_its_clients_within_it() {
    let told = Hint {
        min: Millis(5_000),
        window: Millis(100_000),
    };
    let waits = waits(|stage| {
        stage.say(Input::Hint(told));
        stage.drop_with(1_006);
    });
    assert!(waits.iter().all(|wait| (5_000..=105_000).contains(wait)));
    assert!(waits.iter().filter(|wait| **wait > 55_000).count() > 100);
}

#[test]
fn a_wrong_word_is_no_outage() {
    let told = Hint {
        min: Millis(u64::MAX),
        window: Millis(u64::MAX),
    };
    let waits = waits(|stage| {
        stage.say(Input::Hint(told));
        stage.drop_with(1_012);
    });
    assert!(waits.iter().all(|wait| *wait <= 1_800_000));
}

#[test]
fn ones_own_trouble_ends_within_half_a_second() {
    let waits = waits(|stage| {
        stage.say(Input::Online(false));
        stage.drop_with(1_006);
        stage.pass(30_000);
        stage.say(Input::Online(true));
        stage.told.clear();
        let back = stage.at.now;
        if stage.session.link().is_none() {
            stage.await_connect();
        }
        assert!(stage.at.now - back <= Millis(500));
        stage.open();
        stage.pass(60_000);
        stage.drop_with(1_006);
    });
    assert!(
        waits.iter().any(|wait| *wait > 5_000),
        "and what comes later is the fleet's"
    );
}

#[test]
fn no_attempt_is_made_or_counted_while_offline() {
    let mut stage = Stage::open_raw();
    stage.pass(60_000);
    stage.say(Input::Online(false));
    stage.drop_with(1_006);
    stage.pass(3_600_000);
    assert_eq!(stage.connects.len(), 1);
    assert_eq!(stage.session.health(stage.at).attempt, 0);
    assert_eq!(stage.wait().1, None, "nobody knows when");
}

#[test]
fn what_fails_because_the_network_goes_costs_no_attempt() {
    let mut stage = Stage::new(Protocol::Raw);
    stage.start();
    stage.say(Input::Online(false));
    stage.drop_with(1_006);
    assert_eq!(stage.session.health(stage.at).attempt, 0);
    stage.say(Input::Online(true));
    stage.pass(500);
    assert_eq!(stage.connects.len(), 2);
}

#[test]
fn what_was_lost_just_before_the_browser_noticed_was_the_network() {
    let mut stage = Stage::open_raw();
    stage.pass(60_000);
    stage.drop_with(1_006);
    stage.say(Input::Online(false));
    stage.pass(20_000);
    stage.say(Input::Online(true));
    stage.pass(500);
    assert_eq!(stage.connects.len(), 2);
}

#[test]
fn a_page_that_comes_back_connects_at_once_and_a_frozen_one_never() {
    let mut stage = Stage::open_raw();
    stage.say(Input::Frozen);
    assert!(stage.sockets.is_empty(), "the browser would close it");
    stage.pass(3_600_000);
    assert_eq!(stage.connects.len(), 1);
    stage.say(Input::Restored);
    assert_eq!(stage.connects.len(), 2);
}

#[test]
fn what_the_server_has_said_holds_for_those_who_look_and_who_are_online_again() {
    let mut stage = Stage::open_raw();
    stage.say(Input::Hint(Hint {
        min: Millis(60_000),
        window: Millis(0),
    }));
    stage.pass(10_000);
    stage.drop_with(1_012);
    stage.say(Input::Hidden(true));
    stage.say(Input::Hidden(false));
    stage.say(Input::Online(false));
    stage.say(Input::Online(true));
    stage.pass(59_999);
    assert_eq!(stage.connects.len(), 1);
    stage.pass(1);
    assert_eq!(stage.connects.len(), 2);
}

#[test]
fn nobody_waits_longer_than_the_cap_and_not_all_wait_as_long() {
    let mut waits = Vec::new();
    for seed in 0..200 {
        let mut stage = Stage::with(Protocol::Raw, seed, |_| {});
        stage.start();
        for _ in 0..12 {
            stage.drop_with(1_006);
            stage.await_connect();
        }
        stage.drop_with(1_006);
        waits.push(stage.wait().1.unwrap());
    }
    // Without credit it is a cap more.
    assert!(waits.iter().all(|wait| *wait <= 120_000));
    let bins = |bin: u64| {
        waits
            .iter()
            .filter(|wait| **wait % 60_000 / 10_000 == bin)
            .count()
    };
    for bin in 0..6 {
        assert!((10..=70).contains(&bins(bin)), "{bin}: {}", bins(bin));
    }
}

#[test]
fn a_page_that_nobody_sees_waits_for_longer_and_comes_when_it_is_looked_at() {
    let mut longest = 0;
    for seed in 0..50 {
        let mut stage = Stage::with(Protocol::Raw, seed, |_| {});
        stage.say(Input::Hidden(true));
        stage.start();
        for _ in 0..12 {
            stage.drop_with(1_006);
            longest = longest.max(stage.wait().1.unwrap());
            stage.await_connect();
        }
        stage.drop_with(1_006);
        stage.say(Input::Hidden(false));
        let seen = stage.at.now;
        if stage.session.link().is_none() {
            stage.await_connect();
        }
        // Or when the breaker lets it through, after so many failures.
        assert!(stage.at.now - seen <= Millis(61_000));
    }
    assert!((200_000..=600_000).contains(&longest), "{longest}");
}

/// Connections to a server that accepts and drops.
fn accepted_and_dropped(protocol: Protocol, hint: Option<Hint>, millis: u64, code: u16) -> usize {
    let mut most = 0;
    for seed in 0..50 {
        let mut stage = Stage::with(protocol, seed, |_| {});
        stage.start();
        hint.into_iter().for_each(|it| stage.say(Input::Hint(it)));
        let end = stage.at.now + Millis(millis);
        while stage.at.now < end {
            if stage.session.state() == SocketState::Connecting {
                stage.open();
                stage.pass(5);
                stage.drop_with(code);
            }
            stage.pass(10);
        }
        most = most.max(stage.connects.len());
    }
    most
}

#[test]
fn a_server_that_accepts_and_drops_is_not_hammered() {
    // The second one drops before it has greeted.
    for protocol in [Protocol::Raw, Protocol::Tidegate] {
        for code in [1_000, 1_005, 1_006, 1_011, 1_012, 4_000] {
            let most = |millis| accepted_and_dropped(protocol, None, millis, code);
            assert!(most(5_000) <= 5, "{code} {protocol:?}");
            assert!(most(60_000) <= 10, "{code} {protocol:?}");
        }
    }
}

#[test]
fn nor_is_one_that_has_said_to_come_back_at_once() {
    let at_once = Hint {
        min: Millis::ZERO,
        window: Millis::ZERO,
    };
    for protocol in [Protocol::Raw, Protocol::Tidegate] {
        for code in [1_006, 1_012] {
            let most = |millis| accepted_and_dropped(protocol, Some(at_once), millis, code);
            assert!(most(5_000) <= 8, "{code} {protocol:?} {}", most(5_000));
            assert!(most(60_000) <= 14, "{code} {protocol:?} {}", most(60_000));
        }
    }
}

#[test]
fn a_connection_that_lasts_ends_the_series() {
    let mut stage = Stage::new(Protocol::Raw);
    stage.start();
    for _ in 0..5 {
        stage.drop_with(1_006);
        stage.await_connect();
    }
    stage.open();
    assert_eq!(stage.session.health(stage.at).attempt, 6);
    stage.pass(10_000);
    assert_eq!(stage.session.health(stage.at).attempt, 0);
}

#[test]
fn only_a_time_out_doubles_the_time_that_a_connection_has() {
    let mut stage = Stage::new(Protocol::Raw);
    stage.start();
    let mut took = Vec::new();
    for _ in 0..6 {
        let began = stage.at.now;
        while stage.session.state() == SocketState::Connecting {
            stage.pass(100);
        }
        took.push((stage.at.now - began).0 / 1_000);
        stage.session.reconnect(&mut stage.engine, stage.at);
        stage.run();
    }
    assert_eq!(took, [8, 16, 32, 60, 60, 60]);
    let mut stage = Stage::new(Protocol::Raw);
    stage.start();
    for _ in 0..5 {
        stage.drop_with(1_006);
        stage.session.reconnect(&mut stage.engine, stage.at);
        stage.run();
    }
    stage.pass(8_000);
    assert_eq!(stage.wait().0, Some(Cause::TimedOut));
}

#[test]
fn every_wait_is_told_with_its_cause_and_length() {
    let mut stage = Stage::open_raw();
    stage.pass(60_000);
    stage.drop_with(1_012);
    let (cause, wait) = stage.wait();
    assert_eq!(cause, Some(Cause::Restart));
    assert_eq!(stage.session.health(stage.at).retry_in_ms, wait);
    stage.await_connect();
    stage.pass(1_000);
    stage.open();
    let open = stage.told.last().unwrap();
    assert_eq!(open.downtime_ms, wait.map(|wait| wait + 1_000));
}

#[test]
fn a_breaker_that_is_open_for_fetch_is_open_for_sockets() {
    let mut stage = Stage::new(Protocol::Raw);
    let (now, scope) = (stage.at.now, "https://a.example/feed");
    assert!(stage.engine.isolate(now, scope));
    stage.start();
    stage.pass(600_000);
    assert!(stage.connects.is_empty());
    assert_eq!(stage.wait().0, Some(Cause::Refused));
    assert!(stage.engine.release_scope(stage.at.now, scope));
    let released = stage.at.now;
    stage.await_connect();
    assert!(stage.at.now - released <= Millis(62_000));
}

#[test]
fn connections_that_fail_open_the_breaker_of_their_scope() {
    let mut stage = Stage::new(Protocol::Raw);
    stage.start();
    for _ in 0..8 {
        if stage.session.state() == SocketState::Connecting {
            stage.drop_with(1_006);
        }
        stage.session.reconnect(&mut stage.engine, stage.at);
        stage.run();
    }
    assert_eq!(stage.wait().0, Some(Cause::Refused));
    assert_eq!(stage.connects.len(), 6);
}

#[test]
fn nobody_probes_what_a_socket_gave_up() {
    let mut stage = Stage::new(Protocol::Raw);
    stage.start();
    stage.session.reconnect(&mut stage.engine, stage.at);
    stage.run();
    stage.session.close(&mut stage.engine, stage.at, 1_000, "");
    stage.run();
    assert_eq!(stage.engine.next_probe(), Instant::NEVER);
}
