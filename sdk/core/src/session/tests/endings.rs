//! When it does not come back, and that there is one socket whatever happens.

use super::stage::Stage;
use crate::session::{Input, Protocol, SocketChange, SocketState};
use crate::testing::test;
use crate::{Instant, Millis};

#[test]
fn final_codes_are_final_until_somebody_asks() {
    for code in [1_008, 1_009, 3_500, 3_999, 4_500, 4_999] {
        let mut stage = Stage::open_raw();
        stage.drop_with(code);
        stage.pass(3_600_000);
        assert_eq!(stage.session.state(), SocketState::Stopped, "{code}");
        assert_eq!(stage.connects.len(), 1);
        // As it is not in libraries that are dead once they have given up.
        assert!(stage.session.reconnect(&mut stage.engine, stage.at));
        stage.run();
        assert_eq!(stage.connects.len(), 2, "{code}");
    }
}

#[test]
fn a_code_means_what_its_server_means() {
    let mut stage = Stage::with(Protocol::Raw, 1, |manner| {
        manner.codes.retry.push(4_500);
        manner.codes.stop.push(4_001);
        manner.codes.refresh.push(3_000);
    });
    stage.start();
    stage.open();
    stage.drop_with(4_500);
    stage.await_connect();
    stage.open();
    stage.drop_with(3_000);
    assert!(stage.resolves.last().unwrap().1);
    stage.open();
    stage.drop_with(4_001);
    assert_eq!(stage.session.state(), SocketState::Stopped);
}

#[test]
fn another_token_is_asked_for_once() {
    let mut stage = Stage::open_raw();
    stage.drop_with(4_401);
    assert_eq!(
        stage.resolves.last().map(|(_, refresh)| *refresh),
        Some(true)
    );
    stage.drop_with(4_401);
    assert_eq!(stage.session.state(), SocketState::Stopped);
    assert_eq!(stage.connects.len(), 2);
}

#[test]
fn a_token_that_was_not_to_be_had_is_asked_for_again() {
    let mut stage = Stage::open_raw();
    stage.provides = false;
    stage.drop_with(4_401);
    for _ in 0..3 {
        assert_eq!(
            stage.resolves.last().map(|(_, refresh)| *refresh),
            Some(true)
        );
        let link = stage.link();
        stage.say(Input::ProviderFailed { link });
        while stage.session.link().is_none() {
            stage.pass(100);
        }
    }
}

#[test]
fn a_token_that_lasted_may_be_asked_for_again() {
    let mut stage = Stage::open_raw();
    for _ in 0..3 {
        stage.pass(60_000);
        stage.drop_with(4_401);
        assert_eq!(stage.session.state(), SocketState::Connecting);
        stage.open();
    }
}

#[test]
fn a_url_that_is_not_to_be_had_is_tried_again() {
    let mut stage = Stage::new(Protocol::Raw);
    stage.provides = false;
    stage.start();
    for tried in 1..=5 {
        assert_eq!(stage.resolves.len(), tried);
        let link = stage.link();
        stage.say(Input::ProviderFailed { link });
        while stage.session.link().is_none() {
            stage.pass(100);
        }
    }
    let link = stage.link();
    stage.say(Input::Provided { link });
    stage.open();
    assert!(stage.session.is_open());
}

#[test]
fn a_provider_that_hangs_is_given_up_and_its_late_answer_heeded_by_nobody() {
    let mut stage = Stage::new(Protocol::Raw);
    stage.provides = false;
    stage.start();
    let late = stage.link();
    stage.pass(8_000 + 2_000);
    assert_ne!(stage.session.link(), Some(late));
    stage.say(Input::Provided { link: late });
    assert!(stage.connects.is_empty());
}

#[test]
fn asking_cuts_a_wait_short() {
    let mut stage = Stage::open_raw();
    for times in 1..=10 {
        stage.drop_with(1_006);
        stage.session.reconnect(&mut stage.engine, stage.at);
        stage.run();
        assert_eq!(stage.connects.len(), 1 + times);
        stage.open();
    }
}

#[test]
fn asking_while_open_or_connecting_leaves_one_socket() {
    let mut stage = Stage::open_raw();
    for _ in 0..5 {
        stage.session.reconnect(&mut stage.engine, stage.at);
        stage.run();
        assert_eq!(stage.sockets.len(), 1);
    }
    stage.open();
    assert!(stage.session.is_open());
}

#[test]
fn what_an_earlier_socket_says_is_heeded_by_nobody() {
    let mut stage = Stage::open_raw();
    let old = stage.link();
    stage.session.reconnect(&mut stage.engine, stage.at);
    stage.run();
    stage.open();
    let told = stage.told.len();
    for input in [
        Input::Frame {
            link: old,
            text: "late".into(),
        },
        Input::Opened { link: old },
        Input::Closed {
            link: old,
            code: 1_006,
        },
    ] {
        stage.say(input);
    }
    assert!(stage.session.is_open() && stage.messages.is_empty());
    assert_eq!((stage.told.len(), stage.connects.len()), (told, 2));
}

#[test]
fn an_error_and_a_close_are_one_loss() {
    let mut stage = Stage::open_raw();
    let link = stage.link();
    stage.drop_with(1_006);
    let told = stage.told.len();
    stage.say(Input::Closed { link, code: 1_006 });
    assert_eq!(stage.told.len(), told);
    stage.await_connect();
    assert_eq!((stage.connects.len(), stage.sockets.len()), (2, 1));
}

#[test]
fn closing_is_final_wherever_it_is() {
    let idle = |_: &mut Stage| {};
    let resolving = |stage: &mut Stage| {
        stage.provides = false;
        stage.start();
    };
    let connecting = Stage::start;
    let open = |stage: &mut Stage| {
        stage.start();
        stage.open();
    };
    let waiting = |stage: &mut Stage| {
        stage.start();
        stage.drop_with(1_006);
    };
    let stopped = |stage: &mut Stage| {
        stage.start();
        stage.drop_with(1_008);
    };
    let all: [fn(&mut Stage); 6] = [idle, resolving, connecting, open, waiting, stopped];
    for (place, get_there) in all.into_iter().enumerate() {
        let mut stage = Stage::new(Protocol::Raw);
        get_there(&mut stage);
        let (connects, link) = (stage.connects.len(), stage.session.link());
        assert!(
            stage
                .session
                .close(&mut stage.engine, stage.at, 1_000, "over")
        );
        stage.run();
        assert_eq!(
            stage.changes().last(),
            Some(&SocketChange::Closed),
            "{place}"
        );
        assert_eq!(stage.wake, Instant::NEVER, "{place}: a timer is left");
        let told = stage.told.len();
        if let Some(link) = link {
            stage.say(Input::Provided { link });
            stage.say(Input::Opened { link });
            stage.say(Input::Closed { link, code: 1_006 });
        }
        stage.say(Input::Online(true));
        stage.say(Input::Restored);
        assert!(!stage.session.reconnect(&mut stage.engine, stage.at));
        stage.pass(3_600_000);
        assert_eq!((stage.connects.len(), stage.told.len()), (connects, told));
        assert!(stage.sockets.is_empty(), "{place}");
    }
}

#[test]
fn a_code_that_no_browser_takes_closes_nothing() {
    let mut stage = Stage::open_raw();
    for code in [0, 1_001, 1_005, 1_006, 2_999, 5_000] {
        assert!(!stage.session.close(&mut stage.engine, stage.at, code, ""));
    }
    assert!(stage.session.is_open());
}

#[test]
fn the_third_loss_is_like_the_first() {
    let mut stage = Stage::open_raw();
    for _ in 0..200 {
        stage.pass(15_000);
        stage.drop_with(1_006);
        stage.await_connect();
        stage.open();
        assert!(stage.session.is_open());
    }
}

#[test]
fn nobody_is_lost_however_long_it_lasts() {
    let mut stage = Stage::new(Protocol::Raw);
    stage.start();
    for _ in 0..1_000 {
        stage.drop_with(1_006);
        let before = stage.at.now;
        stage.await_connect();
        assert!(stage.at.now - before <= Millis(181_000));
    }
    stage.open();
    assert!(stage.session.is_open());
}

#[test]
fn without_reconnection_a_loss_is_the_end() {
    let mut stage = Stage::with(Protocol::Raw, 1, |manner| manner.reconnects = false);
    stage.start();
    stage.open();
    stage.drop_with(1_006);
    assert_eq!(stage.session.state(), SocketState::Stopped);
}
