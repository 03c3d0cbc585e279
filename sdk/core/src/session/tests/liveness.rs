//! Whether the other end is still there.

use super::stage::Stage;
use crate::Wall;
use crate::session::{Cause, Input, Protocol, SocketChange};
use crate::testing::test;

fn pinging() -> Stage {
    let mut stage = Stage::with(Protocol::Raw, 1, |manner| manner.ping = Some("ping".into()));
    stage.start();
    stage.open();
    stage
}

fn is_dead(stage: &Stage) -> bool {
    stage
        .told
        .iter()
        .any(|event| event.cause == Some(Cause::Dead))
}

#[test]
fn silence_is_pinged_and_what_does_not_answer_is_dead() {
    let mut stage = pinging();
    stage.pass(24_999);
    assert!(stage.sent.is_empty());
    stage.pass(1);
    assert_eq!(stage.last_sent(), "ping");
    stage.pass(9_999);
    assert!(!is_dead(&stage));
    stage.pass(1);
    assert!(is_dead(&stage));
    stage.pass(500);
    assert_eq!(stage.sockets.len(), 1, "replaced, without a close event");
}

#[test]
fn any_frame_says_that_somebody_is_there() {
    let mut stage = pinging();
    for _ in 0..100 {
        stage.pass(20_000);
        stage.hear("news");
    }
    assert!(stage.sent.is_empty());
    let link = stage.link();
    stage.pass(20_000);
    stage.say(Input::Heard { link });
    stage.pass(20_000);
    assert!(stage.sent.is_empty());
}

#[test]
fn a_server_that_pings_is_dead_ten_seconds_after_it_should_have() {
    let mut stage = Stage::greeted(0);
    for _ in 0..10 {
        stage.pass(25_000);
        stage.hear("{}");
        assert_eq!(stage.last_sent(), "{}", "pong");
    }
    stage.pass(34_999);
    assert!(!is_dead(&stage));
    stage.pass(1);
    assert!(is_dead(&stage));
}

#[test]
fn a_ping_that_carries_a_time_gets_it_back() {
    let mut stage = Stage::greeted(0);
    stage.hear(r#"{"ping":{"t":17}}"#);
    assert_eq!(stage.last_sent(), r#"{"pong":{"t":17}}"#);
}

#[test]
fn timers_that_run_once_a_minute_find_nobody_dead_who_is_not() {
    let mut stage = Stage::greeted(0);
    for _ in 0..60 {
        // Frames come in time, timers do not.
        for _ in 0..2 {
            stage.at.now = stage.at.now + crate::Millis(25_000);
            stage.at.wall = Wall(stage.at.wall.0 + 25_000);
            let link = stage.link();
            stage.on(Input::Frame {
                link,
                text: "{}".into(),
            });
        }
        stage.at.now = stage.at.now + crate::Millis(10_000);
        stage.at.wall = Wall(stage.at.wall.0 + 10_000);
        stage.run();
    }
    assert!(!is_dead(&stage) && stage.session.is_open());
}

#[test]
fn timers_that_run_once_a_minute_still_find_who_is_dead() {
    let mut stage = pinging();
    for _ in 0..3 {
        stage.at.now = stage.at.now + crate::Millis(60_000);
        stage.at.wall = Wall(stage.at.wall.0 + 60_000);
        stage.run();
    }
    assert!(is_dead(&stage));
}

#[test]
fn a_machine_that_slept_gives_the_other_end_a_moment() {
    let mut stage = Stage::greeted(0);
    stage.sleep(3_600_000);
    stage.run();
    assert!(stage.last_sent().contains("ping") && !is_dead(&stage));
    stage.pass(4_000);
    stage.hear(r#"{"id":9,"ping":{}}"#);
    stage.pass(20_000);
    assert!(!is_dead(&stage));
    stage.sleep(3_600_000);
    stage.run();
    stage.pass(5_000);
    assert!(is_dead(&stage));
}

#[test]
fn a_clock_that_is_set_kills_nobody() {
    let mut stage = pinging();
    stage.at.wall = Wall(stage.at.wall.0 + 86_400_000);
    stage.run();
    stage.hear("pong");
    stage.at.wall = Wall(0);
    stage.run();
    stage.pass(24_999);
    assert!(!is_dead(&stage));
    stage.pass(10_001);
    assert!(is_dead(&stage));
}

#[test]
fn a_socket_that_survived_another_network_or_the_browsers_cache_has_to_prove_it() {
    for input in [Input::Online(true), Input::Restored] {
        let mut stage = pinging();
        stage.say(input);
        assert_eq!(stage.last_sent(), "ping");
        stage.pass(5_000);
        assert!(is_dead(&stage));
    }
    let mut stage = pinging();
    stage.say(Input::Hidden(true));
    stage.pass(30_000);
    stage.hear("pong");
    stage.say(Input::Hidden(false));
    stage.pass(4_000);
    stage.hear("pong");
    stage.pass(20_000);
    assert!(!is_dead(&stage));
}

#[test]
fn a_socket_that_takes_nothing_any_more_is_replaced() {
    let mut stage = Stage::open_raw();
    let link = stage.link();
    for bytes in [5_000, 5_000, 6_000] {
        stage.say(Input::Buffered { link, bytes });
        stage.pass(9_000);
    }
    assert!(!is_dead(&stage));
    stage.pass(3_000);
    assert!(is_dead(&stage));
}

#[test]
fn a_slow_socket_is_not_replaced() {
    let mut stage = Stage::open_raw();
    let link = stage.link();
    for left in (0..20).rev() {
        stage.say(Input::Buffered {
            link,
            bytes: left * 1_000,
        });
        stage.pass(20_000);
    }
    assert!(!is_dead(&stage));
}

#[test]
fn what_knows_no_ping_is_never_found_dead() {
    let mut stage = Stage::open_raw();
    stage.say(Input::Online(true));
    stage.pass(3_600_000);
    assert!(stage.session.is_open());
    assert_eq!(
        stage
            .changes()
            .iter()
            .filter(|change| **change == SocketChange::Open)
            .count(),
        1
    );
}

#[test]
fn a_machine_that_slept_over_a_full_buffer_is_still_pinged_in_time() {
    let mut stage = pinging();
    let link = stage.link();
    stage.say(Input::Buffered { link, bytes: 1 });
    stage.sleep(5_000);
    stage.pass(25_000);
    assert_eq!(stage.last_sent(), "ping");
}
