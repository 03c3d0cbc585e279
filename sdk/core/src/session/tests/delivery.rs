//! What is sent: bounded, honest, and acknowledged where somebody has to know.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::stage::{CHANNEL, Stage};
use crate::session::{
    Cause, DropReason, Frame, Input, Overflow, Protocol, SendState, Sent, SocketChange, Ticket,
};
use crate::testing::test;

fn send(stage: &mut Stage, text: &str) -> Sent {
    let frame = Frame::Text(text.into());
    let sent = stage.session.send(stage.at, frame, Overflow::DropOldest);
    stage.run();
    sent
}

fn publish(stage: &mut Stage, data: u64) -> Sent {
    let data = format!("{data}");
    let sent = stage
        .session
        .publish(stage.at, CHANNEL, &data, true, Overflow::RejectNew);
    stage.run();
    sent
}

/// What became of it last.
fn fate(stage: &Stage, ticket: Ticket) -> Option<(SendState, Option<DropReason>)> {
    let mut fates = stage.fates.iter().rev();
    fates
        .find(|sent| sent.ticket == ticket)
        .map(|sent| (sent.state, sent.why))
}

/// The numbered messages that were written, in order, with what they say.
fn written(stage: &Stage) -> Vec<(u64, String)> {
    let all = stage
        .sent
        .iter()
        .filter(|(_, text)| text.contains("\"seq\""));
    all.map(|(_, text)| {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        (
            json["seq"].as_u64().unwrap(),
            format!("{}", json["publish"]["data"]),
        )
    })
    .collect()
}

#[test]
fn what_is_sent_before_the_socket_is_open_goes_in_order_when_it_is() {
    let mut stage = Stage::new(Protocol::Raw);
    stage.start();
    for text in ["a", "b", "c"] {
        assert_eq!(send(&mut stage, text).state, SendState::Queued);
    }
    assert!(stage.sent.is_empty() && stage.fates.is_empty());
    stage.open();
    let texts: Vec<&str> = stage.sent.iter().map(|(_, text)| &**text).collect();
    assert_eq!(texts, ["a", "b", "c"]);
    assert!(
        stage
            .fates
            .iter()
            .all(|sent| sent.state == SendState::Written)
    );
}

#[test]
fn the_applications_first_word_goes_before_everything_else() {
    let mut stage = Stage::with(Protocol::Raw, 1, |manner| manner.hello = true);
    stage.start();
    send(&mut stage, "later");
    stage.open();
    assert!(stage.sent.is_empty());
    let link = stage.link();
    stage.say(Input::Ready { link });
    assert_eq!(stage.last_sent(), "later");
}

#[test]
fn a_first_word_that_could_not_be_said_is_another_attempt_after_a_wait() {
    let mut stage = Stage::with(Protocol::Raw, 1, |manner| manner.hello = true);
    stage.start();
    send(&mut stage, "later");
    let mut waits = 0;
    for tried in 1..=6 {
        stage.open();
        let link = stage.link();
        stage.say(Input::NotReady { link });
        assert_eq!(stage.closes.last(), Some(&(link, 4_499)));
        assert_eq!(stage.wait().0, Some(Cause::Hello));
        waits += stage.wait().1.unwrap();
        // A second word on it changes nothing.
        stage.say(Input::NotReady { link });
        stage.say(Input::Ready { link });
        stage.await_connect();
        assert_eq!(stage.connects.len(), tried + 1);
    }
    assert!(waits > 5_000, "ever longer: {waits}");
    assert!(stage.sent.is_empty());
    stage.open();
    let link = stage.link();
    stage.say(Input::Ready { link });
    assert_eq!(stage.last_sent(), "later");
    stage.say(Input::NotReady { link });
    assert!(stage.session.is_open(), "it has been said");
}

#[test]
fn a_first_word_has_as_long_as_a_connection_has() {
    let mut stage = Stage::with(Protocol::Raw, 1, |manner| manner.hello = true);
    stage.start();
    stage.pass(3_000);
    stage.open();
    stage.pass(4_999);
    assert_eq!(stage.sockets.len(), 1);
    let link = stage.link();
    stage.pass(1);
    assert_eq!(stage.closes, [(link, 4_499)]);
    assert_eq!(stage.wait().0, Some(Cause::TimedOut));
    stage.say(Input::Ready { link });
    assert!(!stage.session.is_open());
}

#[test]
fn the_queue_is_bounded_and_every_drop_is_told() {
    let mut stage = Stage::with(Protocol::Raw, 1, |manner| manner.settings.queue_entries = 3);
    stage.start();
    let tickets: Vec<Ticket> = (0..5)
        .map(|n| send(&mut stage, &format!("{n}")).ticket)
        .collect();
    for ticket in &tickets[..2] {
        let full = (SendState::Dropped, Some(DropReason::Full));
        assert_eq!(fate(&stage, *ticket), Some(full));
    }
    let reject = Frame::Text("new".into());
    let refused = stage.session.send(stage.at, reject, Overflow::RejectNew);
    assert_eq!(
        (refused.state, refused.why),
        (SendState::Dropped, Some(DropReason::Full))
    );
    stage.open();
    assert_eq!(stage.sent.len(), 3);
    assert_eq!(stage.session.health(stage.at).dropped, 3);
}

#[test]
fn the_queue_is_bounded_in_bytes_and_not_in_letters() {
    let mut stage = Stage::with(Protocol::Raw, 1, |manner| manner.settings.queue_bytes = 10);
    stage.start();
    assert_eq!(send(&mut stage, "ééé").state, SendState::Queued);
    assert_eq!(stage.session.health(stage.at).queued_bytes, 6);
    assert_eq!(send(&mut stage, "12345678901").state, SendState::Dropped);
    assert_eq!(
        stage.session.health(stage.at).queued,
        1,
        "nothing was dropped for what never fits"
    );
    let handle = Frame::Handle { id: 7, bytes: 4 };
    stage.session.send(stage.at, handle, Overflow::DropOldest);
    stage.open();
    assert_eq!(stage.last_sent(), "#7");
    assert_eq!(stage.session.health(stage.at).queued_bytes, 0);
}

#[test]
fn nothing_waits_for_longer_than_it_is_good_for() {
    let mut stage = Stage::new(Protocol::Raw);
    stage.say(Input::Online(false));
    stage.start();
    let ticket = send(&mut stage, "a").ticket;
    stage.pass(299_999);
    assert_eq!(fate(&stage, ticket), None);
    stage.pass(1);
    assert_eq!(
        fate(&stage, ticket),
        Some((SendState::Dropped, Some(DropReason::Age)))
    );
}

#[test]
fn a_browser_that_holds_too_much_gets_no_more_until_it_has_sent_most_of_it() {
    let mut stage = Stage::open_raw();
    let link = stage.link();
    stage.say(Input::Buffered {
        link,
        bytes: 2_000_000,
    });
    assert!(stage.session.is_full());
    send(&mut stage, "a");
    stage.say(Input::Buffered {
        link,
        bytes: 300_000,
    });
    assert!(stage.sent.is_empty() && stage.session.is_full());
    stage.say(Input::Buffered {
        link,
        bytes: 262_144,
    });
    assert_eq!(stage.last_sent(), "a");
    assert!(stage.changes().contains(&SocketChange::Drain) && !stage.session.is_full());
}

#[test]
fn written_is_not_acknowledged() {
    let mut stage = Stage::greeted(0);
    let ticket = publish(&mut stage, 1).ticket;
    assert_eq!(fate(&stage, ticket), Some((SendState::Written, None)));
    stage.hear(r#"{"ack":1}"#);
    assert_eq!(fate(&stage, ticket), Some((SendState::Acknowledged, None)));
    assert_eq!(stage.session.health(stage.at).unacknowledged, 0);
}

#[test]
fn what_was_written_into_a_black_hole_is_written_again_with_its_number() {
    let mut stage = Stage::greeted(0);
    for n in 0..5 {
        publish(&mut stage, n);
    }
    stage.hear(r#"{"ack":2}"#);
    stage.drop_with(1_006);
    publish(&mut stage, 5);
    stage.await_connect();
    stage.sent.clear();
    stage.open();
    stage.hear(r#"{"id":9,"ack":2,"connect":{"session":"s","ping":25}}"#);
    let all: Vec<u64> = written(&stage).iter().map(|(seq, _)| *seq).collect();
    assert_eq!(all, [3, 4, 5, 6]);
}

#[test]
fn what_the_greeting_acknowledges_is_not_written_again() {
    let mut stage = Stage::greeted(0);
    for n in 0..3 {
        publish(&mut stage, n);
    }
    stage.drop_with(1_006);
    stage.await_connect();
    stage.sent.clear();
    stage.open();
    stage.hear(r#"{"id":9,"ack":3,"connect":{"session":"s","ping":25}}"#);
    assert!(written(&stage).is_empty());
    assert_eq!(stage.session.health(stage.at).unacknowledged, 0);
}

#[test]
fn an_acknowledgement_that_is_lost_is_asked_for_with_one_repetition() {
    let mut stage = Stage::greeted(0);
    for n in 0..3 {
        publish(&mut stage, n);
    }
    stage.sent.clear();
    stage.pass(10_000);
    assert_eq!(written(&stage), [(1, "0".into())]);
    stage.hear(r#"{"ack":3}"#);
    stage.sent.clear();
    stage.pass(20_000);
    assert!(written(&stage).is_empty());
}

#[test]
fn no_more_are_out_than_may_be() {
    let mut stage = Stage::greeted(0);
    for n in 0..100 {
        publish(&mut stage, n);
    }
    assert_eq!(written(&stage).len(), 64);
    stage.hear(r#"{"ack":10}"#);
    assert_eq!(written(&stage).len(), 74);
}

#[test]
fn what_the_server_will_not_have_is_told_and_holds_nobody_up() {
    let mut stage = Stage::greeted(0);
    let (bad, good) = (publish(&mut stage, 1).ticket, publish(&mut stage, 2).ticket);
    let json: serde_json::Value = {
        let (_, text) = &stage.sent[stage.sent.len() - 2];
        serde_json::from_str(text).unwrap()
    };
    stage.hear(&format!(
        r#"{{"id":{},"ack":1,"error":{{"code":102,"message":"unknown channel"}}}}"#,
        json["id"]
    ));
    stage.hear(r#"{"ack":2}"#);
    assert_eq!(
        fate(&stage, bad),
        Some((SendState::Dropped, Some(DropReason::Refused)))
    );
    assert_eq!(fate(&stage, good), Some((SendState::Acknowledged, None)));
}

#[test]
fn a_server_that_has_forgotten_the_session_is_met_under_another_name() {
    let mut stage = Stage::greeted(0);
    for n in 0..3 {
        publish(&mut stage, n);
    }
    stage.hear(r#"{"ack":1}"#);
    stage.drop_with(1_012);
    stage.await_connect();
    stage.open();
    stage.sent.clear();
    stage.hear(r#"{"id":9,"connect":{"session":"s","ping":25}}"#);
    assert!(stage.changes().contains(&SocketChange::SessionLost));
    stage.await_connect();
    stage.open();
    assert!(stage.last_sent().contains(r#""session":"s.1""#));
    stage.hear(r#"{"id":9,"connect":{"session":"s.1","ping":25}}"#);
    assert_eq!(written(&stage), [(1, "1".into()), (2, "2".into())]);
}

#[test]
fn a_server_without_numbers_acknowledges_by_its_answers() {
    let mut stage = Stage::new(Protocol::Centrifugo);
    stage.start();
    stage.open();
    stage.hear(r#"{"id":1,"connect":{"ping":25,"pong":true}}"#);
    let ticket = publish(&mut stage, 1).ticket;
    let json: serde_json::Value = serde_json::from_str(stage.last_sent()).unwrap();
    assert!(json.get("seq").is_none());
    stage.hear(&format!(r#"{{"id":{},"publish":{{}}}}"#, json["id"]));
    assert_eq!(fate(&stage, ticket), Some((SendState::Acknowledged, None)));
}

/// A centrifugo connection that is live.
fn numberless() -> Stage {
    let mut stage = Stage::new(Protocol::Centrifugo);
    stage.start();
    stage.open();
    stage.hear(r#"{"id":1,"connect":{"ping":60,"pong":true}}"#);
    stage.sent.clear();
    stage
}

fn answer(stage: &mut Stage, place: usize) {
    let json: serde_json::Value = serde_json::from_str(&stage.sent[place].1).unwrap();
    stage.hear(&format!(r#"{{"id":{},"publish":{{}}}}"#, json["id"]));
}

#[test]
fn an_answer_gives_what_is_out_still_as_long_again() {
    let mut stage = numberless();
    publish(&mut stage, 1);
    stage.pass(100);
    answer(&mut stage, 0);
    stage.pass(9_850);
    publish(&mut stage, 2);
    stage.pass(9_000);
    assert_eq!(stage.sent.len(), 2, "nothing of it is late");
    stage.pass(1_000);
    assert_eq!(stage.sent.len(), 3);
}

#[test]
fn what_is_never_answered_is_repeated_though_later_ones_are() {
    let mut stage = numberless();
    publish(&mut stage, 0);
    for place in 1..5 {
        stage.pass(3_000);
        publish(&mut stage, place as u64);
        answer(&mut stage, place);
    }
    let first = stage.sent[0].1.clone();
    let repeated = stage.sent.iter().filter(|(_, text)| *text == first);
    assert_eq!(repeated.count(), 2);
}

#[test]
fn an_answer_that_is_late_is_known_for_what_it_is() {
    let mut stage = numberless();
    let ticket = publish(&mut stage, 1).ticket;
    stage.pass(10_000);
    assert_eq!(stage.sent.len(), 2, "it is repeated");
    assert_eq!(stage.sent[0].1, stage.sent[1].1);
    answer(&mut stage, 0);
    assert_eq!(fate(&stage, ticket), Some((SendState::Acknowledged, None)));
    stage.pass(20_000);
    assert_eq!(stage.sent.len(), 2);
}

#[test]
fn who_waits_for_room_hears_of_it_on_the_next_connection_too() {
    let mut stage = Stage::open_raw();
    let link = stage.link();
    stage.say(Input::Buffered {
        link,
        bytes: 2_000_000,
    });
    stage.drop_with(1_006);
    stage.await_connect();
    assert!(!stage.changes().contains(&SocketChange::Drain));
    stage.open();
    assert!(stage.changes().contains(&SocketChange::Drain));
}

#[test]
fn what_is_left_when_it_is_closed_is_told() {
    let mut stage = Stage::greeted(0);
    let out = publish(&mut stage, 1).ticket;
    stage.drop_with(1_006);
    let queued = publish(&mut stage, 2).ticket;
    stage.session.close(&mut stage.engine, stage.at, 1_000, "");
    stage.run();
    assert_eq!(
        fate(&stage, out),
        Some((SendState::Dropped, Some(DropReason::Unconfirmed)))
    );
    assert_eq!(
        fate(&stage, queued),
        Some((SendState::Dropped, Some(DropReason::Closed)))
    );
    assert_eq!(send(&mut stage, "late").why, Some(DropReason::Closed));
    assert_eq!(stage.changes().last(), Some(&SocketChange::Closed));
}

#[test]
fn what_is_no_json_is_not_sent() {
    let mut stage = Stage::greeted(0);
    for data in ["", "{", "[1,", "nul", "1 2", "\"a\nb\"", "[1,\n2]"] {
        let sent = stage
            .session
            .publish(stage.at, CHANNEL, data, true, Overflow::RejectNew);
        assert_eq!(sent.why, Some(DropReason::Malformed), "{data:?}");
    }
}
