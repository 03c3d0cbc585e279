//! A server that goes, or says goodbye, or never says hello.

use alloc::format;

use super::stage::{CHANNEL, Stage};
use crate::session::{
    Cause, Input, LinkId, Overflow, Protocol, SendState, SocketChange, SocketState,
};
use crate::testing::test;

fn count(stage: &Stage, change: SocketChange) -> usize {
    let changes = stage.changes();
    changes.iter().filter(|each| **each == change).count()
}

#[test]
fn a_server_that_goes_is_left_for_another_before_it_is_gone() {
    let mut stage = Stage::greeted(0);
    stage.publish(1);
    stage.hear(r#"{"drain":{"by_ms":20000,"window_ms":10000}}"#);
    let old = stage.link();
    stage.await_connect();
    assert_eq!(
        (stage.sockets.len(), stage.session.link()),
        (2, Some(old)),
        "the old one is in use still"
    );
    stage.publish(2);
    let new = stage.sockets[1];
    stage.say(Input::Opened { link: new });
    assert!(stage.last_sent().contains(r#""offset":2"#));
    stage.publish(3);
    stage.say(Input::Frame {
        link: new,
        text: r#"{"id":1,"connect":{"ping":25,"session":"s","subs":{"governance":{"positioned":true,"recovered":true,"epoch":"e","offset":2}}}}"#.into(),
    });
    assert_eq!(
        (stage.sockets.as_slice(), stage.session.link()),
        (&[new][..], Some(new))
    );
    assert_eq!(count(&stage, SocketChange::Moved), 1);
    stage.publish(3);
    stage.publish(4);
    assert_eq!(stage.offsets(), [1, 2, 3, 4]);
    assert_eq!(count(&stage, SocketChange::Snapshot), 0);
    let open = stage
        .told
        .iter()
        .rev()
        .find(|event| event.change == SocketChange::Moved);
    assert_eq!(open.unwrap().downtime_ms, None);
}

#[test]
fn a_move_that_fails_is_tried_again_and_a_loss_meanwhile_is_taken_over() {
    let mut stage = Stage::greeted(0);
    stage.hear(r#"{"drain":{"by_ms":20000,"window_ms":1000}}"#);
    stage.await_connect();
    let failed = stage.sockets[1];
    stage.sockets.truncate(1);
    stage.say(Input::Closed {
        link: failed,
        code: 1_006,
    });
    assert!(stage.session.is_open());
    stage.await_connect();
    let next = stage.sockets[1];
    stage.drop_with(1_012);
    assert_eq!(stage.session.link(), Some(next), "it is under way already");
    stage.open();
    stage.greet(0, "");
    assert!(stage.session.is_open() && stage.connects.len() == 3);
}

#[test]
fn a_server_that_ends_it_for_good_while_it_moves_leaves_no_socket_behind() {
    for (code, state) in [
        (3_500, SocketState::Stopped),
        (3_005, SocketState::Connecting),
    ] {
        let mut stage = Stage::greeted(0);
        stage.hear(r#"{"drain":{"by_ms":20000,"window_ms":1000}}"#);
        stage.await_connect();
        let next = stage.sockets[1];
        stage.hear(&format!(
            r#"{{"push":{{"disconnect":{{"code":{code},"reconnect":true}}}}}}"#
        ));
        assert!(!stage.sockets.contains(&next), "{code}");
        assert_eq!(stage.session.state(), state);
    }
}

#[test]
fn where_it_is_not_said_the_code_says_whether_to_come_back() {
    for (said, state) in [
        (r#""code":3001"#, SocketState::Waiting),
        (r#""code":3001,"reconnect":false"#, SocketState::Stopped),
        (r#""code":3503"#, SocketState::Stopped),
    ] {
        let mut stage = Stage::greeted(0);
        stage.hear(&format!(r#"{{"push":{{"disconnect":{{{said}}}}}}}"#));
        assert_eq!(stage.session.state(), state, "{said}");
    }
}

#[test]
fn a_server_that_says_goodbye_is_believed() {
    let mut stage = Stage::greeted(0);
    stage.pass(20_000);
    stage.hear(r#"{"push":{"disconnect":{"code":1012,"reason":"restart","reconnect":true,"min_ms":30000,"window_ms":5000}}}"#);
    assert!(stage.sockets.is_empty());
    assert!((30_000..=35_000).contains(&stage.wait().1.unwrap()));
    let mut stage = Stage::greeted(0);
    stage.hear(r#"{"push":{"disconnect":{"code":3503,"reason":"force"}}}"#);
    assert_eq!(stage.changes().last(), Some(&SocketChange::Stopped));
}

#[test]
fn a_greeting_that_is_refused_for_its_token_asks_for_another_one() {
    let mut stage = Stage::new(Protocol::Tidegate);
    stage.start();
    stage.open();
    stage.hear(r#"{"id":1,"error":{"code":109,"message":"token expired"}}"#);
    assert_eq!(
        stage.resolves.last().map(|(_, refresh)| *refresh),
        Some(true)
    );
}

#[test]
fn who_never_greets_took_too_long() {
    let mut stage = Stage::new(Protocol::Tidegate);
    stage.start();
    stage.open();
    stage.pass(8_000);
    assert_eq!(stage.wait().0, Some(Cause::TimedOut));
}

#[test]
fn what_is_none_of_the_protocol_is_passed_over_and_told() {
    let mut stage = Stage::greeted(0);
    for text in [
        "",
        "{",
        "nonsense",
        "[]",
        "{\"push\":[]}",
        "{\"push\":{\"pub\":7}}",
        "\u{feff}{}",
    ] {
        stage.hear(text);
    }
    assert!(stage.session.is_open());
    assert_eq!(stage.session.health(stage.at).nonsense, 4);
}

/// One that moves, with a message that was acknowledged on the old connection after the new one had said hello.
fn moves_while_something_is_acknowledged() -> (Stage, LinkId) {
    let mut stage = Stage::greeted(0);
    stage.hear(r#"{"drain":{"by_ms":20000,"window_ms":10000}}"#);
    stage.await_connect();
    let new = stage.sockets[1];
    publish(&mut stage, 1);
    stage.hear(r#"{"id":2,"ack":1,"publish":{}}"#);
    stage.say(Input::Opened { link: new });
    publish(&mut stage, 2);
    stage.hear(r#"{"id":3,"ack":2,"publish":{}}"#);
    (stage, new)
}

fn publish(stage: &mut Stage, data: u64) {
    let (at, data) = (stage.at, format!("{data}"));
    let sent = stage
        .session
        .publish(at, CHANNEL, &data, true, Overflow::RejectNew);
    assert_eq!(sent.state, SendState::Queued);
    stage.run();
}

fn greeting(stage: &mut Stage, link: LinkId, acked: u64) {
    let text = format!(
        r#"{{"id":1,"ack":{acked},"connect":{{"ping":25,"session":"s","subs":{{"governance":{{"positioned":true,"recovered":true,"epoch":"e","offset":0}}}}}}}}"#
    );
    stage.say(Input::Frame { link, text });
}

#[test]
fn a_greeting_that_an_acknowledgement_has_overtaken_is_no_lost_session() {
    let (mut stage, new) = moves_while_something_is_acknowledged();
    greeting(&mut stage, new, 1);
    assert_eq!(count(&stage, SocketChange::SessionLost), 0);
    assert_eq!(stage.session.link(), Some(new));
    assert_eq!(count(&stage, SocketChange::Moved), 1);
}

#[test]
fn a_session_that_is_lost_on_the_move_is_numbered_anew_on_a_new_connection() {
    let (mut stage, new) = moves_while_something_is_acknowledged();
    greeting(&mut stage, new, 0);
    assert_eq!(count(&stage, SocketChange::SessionLost), 1);
    assert!(
        stage.sockets.iter().all(|link| *link > new),
        "neither of the two goes on under the old name"
    );
}
