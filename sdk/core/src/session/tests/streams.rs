//! Event streams where no WebSocket is to be had: the same laws, and what was read is read once.

use alloc::format;
use alloc::string::{String, ToString};

use super::stage::{CHANNEL, Listened, Stage};
use crate::session::{
    Cause, DropReason, Frame, Input, Manner, Overflow, Protocol, RpcFailure, RpcWish, SendState,
    SocketChange, SocketState, StreamId, Transport, Wish,
};
use crate::testing::test;
use crate::{Millis, Wall};

fn falls_back(manner: &mut Manner) {
    manner.fallback = true;
}

/// One that may fall back, with a channel.
fn fallback() -> Stage {
    let mut stage = Stage::with(Protocol::Tidegate, 1, falls_back);
    stage.session.subscribe(CHANNEL, Wish::default());
    stage.start();
    stage
}

/// One that has event streams only, and is asked for one.
fn only() -> Stage {
    let mut stage = Stage::new(Protocol::Sse);
    stage.session.subscribe(CHANNEL, Wish::default());
    stage.start();
    stage
}

/// The same, open, at this offset.
fn listening(offset: u64) -> Stage {
    let mut stage = only();
    open(&mut stage);
    said(&mut stage, &format!("retry: 3000\nid: e:{offset}\n\n"));
    stage
}

fn last(stage: &Stage) -> &Listened {
    stage.listens.last().unwrap()
}

fn answered(stage: &mut Stage, stream: StreamId, status: u16, retry_after: Option<u64>) {
    stage.say(Input::StreamAnswered {
        stream,
        status,
        events: status == 200,
        retry_after: retry_after.map(Millis),
    });
}

fn refused(stage: &mut Stage, status: u16) {
    let stream = last(stage).stream;
    answered(stage, stream, status, None);
}

fn open(stage: &mut Stage) {
    refused(stage, 200);
}

fn said(stage: &mut Stage, text: &str) {
    let stream = last(stage).stream;
    stage.say(Input::StreamSaid {
        stream,
        text: text.into(),
    });
}

fn ended(stage: &mut Stage) {
    let stream = last(stage).stream;
    stage.say(Input::StreamEnded { stream });
}

fn message(offset: u64) -> String {
    format!("id: e:{offset}\ndata: {offset}\n\n")
}

fn says(stage: &mut Stage, offsets: &[u64]) {
    for offset in offsets {
        said(stage, &message(*offset));
    }
}

/// Time passes until the next stream is asked for, which is open then.
fn again(stage: &mut Stage) {
    stage.await_connect();
    open(stage);
}

fn transport(stage: &Stage) -> Transport {
    stage.session.health(stage.at).transport
}

fn position(stage: &Stage) -> Option<(&str, u64)> {
    let position = stage.session.position(CHANNEL)?;
    Some((&position.epoch, position.offset))
}

fn count(stage: &Stage, change: SocketChange) -> usize {
    let told = stage.told.iter();
    told.filter(|event| event.change == change).count()
}

/// WebSockets come to nothing until event streams are asked for.
fn proxied(stage: &mut Stage) -> usize {
    let before = stage.connects.len();
    while transport(stage) == Transport::Websocket {
        stage.drop_with(1_006);
        if transport(stage) == Transport::Websocket {
            stage.await_connect();
        }
    }
    stage.connects.len() - before
}

#[test]
fn three_websockets_that_cannot_be_opened_lead_to_event_streams() {
    let mut stage = fallback();
    assert_eq!(proxied(&mut stage), 2, "and the first one");
    stage.await_connect();
    assert_eq!(last(&stage).channel, CHANNEL);
    assert_eq!(stage.session.state(), SocketState::Connecting);
    open(&mut stage);
    said(&mut stage, "id: e:4\n\n");
    says(&mut stage, &[5, 6]);
    assert_eq!(stage.offsets(), [5, 6]);
    assert_eq!(stage.session.state(), SocketState::Open);
    let told = stage.told.iter().rev();
    let mut opened = told.filter(|event| event.change == SocketChange::Open);
    assert_eq!(opened.next().unwrap().transport, Transport::Sse);
}

#[test]
fn where_a_websocket_has_been_open_the_server_is_in_trouble_and_not_the_way() {
    let mut stage = fallback();
    stage.open();
    stage.greet(0, "");
    for _ in 0..10 {
        stage.drop_with(1_006);
        stage.await_connect();
    }
    assert!(stage.listens.is_empty());
}

#[test]
fn without_a_network_nothing_is_known_of_the_way() {
    let mut stage = fallback();
    for _ in 0..5 {
        stage.say(Input::Online(false));
        stage.drop_with(1_006);
        stage.say(Input::Online(true));
        stage.await_connect();
    }
    assert!(stage.listens.is_empty());
}

#[test]
fn without_event_streams_there_is_nothing_to_fall_back_to() {
    let mut stage = Stage::new(Protocol::Tidegate);
    stage.session.subscribe(CHANNEL, Wish::default());
    stage.start();
    for _ in 0..6 {
        stage.drop_with(1_006);
        stage.await_connect();
    }
    assert!(stage.listens.is_empty());
}

#[test]
fn in_an_outage_both_ways_are_tried_in_turn() {
    let mut stage = fallback();
    proxied(&mut stage);
    for _ in 0..4 {
        stage.await_connect();
        assert_eq!(transport(&stage), Transport::Sse);
        ended(&mut stage);
        stage.await_connect();
        assert_eq!(transport(&stage), Transport::Websocket);
        stage.drop_with(1_006);
    }
    let health = stage.session.health(stage.at);
    assert_eq!(health.attempts, stage.connects.len() as u64);
    assert_eq!(stage.sockets.len(), 0);
}

#[test]
fn a_stream_that_is_cut_goes_on_where_it_was_and_what_comes_twice_is_read_once() {
    let mut stage = listening(3);
    says(&mut stage, &[4, 5]);
    ended(&mut stage);
    assert_eq!(stage.wait().0, Some(Cause::Lost));
    again(&mut stage);
    assert_eq!(last(&stage).since.as_deref(), Some("e:5"));
    said(&mut stage, "retry: 3000\n\n");
    assert_eq!(count(&stage, SocketChange::Resumed), 1);
    says(&mut stage, &[5, 6, 6, 7]);
    assert_eq!(stage.offsets(), [4, 5, 6, 7]);
    let health = stage.session.health(stage.at);
    assert_eq!((health.duplicates, health.gaps), (2, 0));
}

#[test]
fn the_position_moves_when_the_handler_has_succeeded() {
    let mut stage = listening(3);
    stage.handles = false;
    says(&mut stage, &[4, 5]);
    assert_eq!(position(&stage), Some(("e", 3)));
    let delivery = stage.delivered[0].id;
    stage.say(Input::Handled { delivery, ok: true });
    assert_eq!(position(&stage), Some(("e", 4)));
}

#[test]
fn a_gap_is_closed_by_another_request_from_the_same_place() {
    let mut stage = listening(3);
    says(&mut stage, &[4, 7]);
    assert_eq!(stage.offsets(), [4]);
    assert_eq!(count(&stage, SocketChange::Gap), 1);
    let first = last(&stage).stream;
    stage.pass(500);
    assert_eq!(stage.leaves, [first]);
    assert_eq!(last(&stage).since.as_deref(), Some("e:4"));
    assert_eq!(stage.session.state(), SocketState::Open, "it is no loss");
    open(&mut stage);
    says(&mut stage, &[5, 6, 7, 8]);
    assert_eq!(stage.offsets(), [4, 5, 6, 7, 8]);
    assert!(stage.snapshots.is_empty());
}

#[test]
fn what_the_server_does_not_have_any_more_is_read_anew() {
    let gone = [
        message(9),
        "event: snapshot\nid: e:9\ndata: {\"channel\":\"governance\",\"url\":\"/api/assets\"}\n\n"
            .to_string(),
        "id: f:9\ndata: 9\n\n".to_string(),
    ];
    for text in gone {
        let mut stage = listening(3);
        ended(&mut stage);
        again(&mut stage);
        said(&mut stage, "retry: 10\n\n");
        said(&mut stage, &text);
        stage.pass(5_000);
        let snapshot = stage.snapshots.last().unwrap();
        assert_eq!(snapshot.position.offset, 9, "{text}");
        assert_eq!(
            snapshot.url.as_deref(),
            text.contains("url").then_some("/api/assets")
        );
        let epoch = snapshot.position.epoch.clone();
        said(&mut stage, &format!("id: {epoch}:10\ndata: 10\n\n"));
        assert!(stage.offsets().is_empty(), "nothing before the snapshot");
        let snapshot = stage.snapshots.last().unwrap().id;
        stage.say(Input::Snapshot { snapshot, ok: true });
        assert_eq!(stage.offsets(), [10]);
        assert_eq!(position(&stage), Some((&*epoch, 10)));
    }
}

#[test]
fn a_channel_that_is_to_be_read_anew_first_is() {
    let mut stage = Stage::new(Protocol::Sse);
    let anew = Wish {
        anew: true,
        ..Wish::default()
    };
    stage.session.subscribe(CHANNEL, anew);
    stage.start();
    open(&mut stage);
    said(&mut stage, "id: e:4\n\n");
    assert_eq!(stage.snapshots[0].position.offset, 4);
    let snapshot = stage.snapshots[0].id;
    stage.say(Input::Snapshot { snapshot, ok: true });
    says(&mut stage, &[5]);
    assert_eq!(stage.offsets(), [5]);
}

#[test]
fn positions_of_an_earlier_life_are_where_it_begins() {
    let mut stage = Stage::new(Protocol::Sse);
    stage
        .session
        .restore(r#"{"governance":{"epoch":"a:b","offset":9007199254740993}}"#);
    stage.session.subscribe(CHANNEL, Wish::default());
    stage.start();
    assert_eq!(last(&stage).since.as_deref(), Some("a:b:9007199254740993"));
}

#[test]
fn what_has_no_number_moves_no_position() {
    let mut stage = listening(3);
    said(&mut stage, "data: \"now\"\n\n");
    assert_eq!(stage.offsets(), [0]);
    assert_eq!(position(&stage), Some(("e", 3)));
}

#[test]
fn another_kind_of_event_and_a_bare_id_are_numbers_without_a_message() {
    let mut stage = listening(3);
    said(&mut stage, "event: other\nid: e:4\ndata: x\n\nid: e:6\n\n");
    says(&mut stage, &[7]);
    assert_eq!(stage.offsets(), [7]);
    assert_eq!(stage.session.health(stage.at).gaps, 0);
}

#[test]
fn what_a_handler_has_no_room_for_waits_with_the_server() {
    let mut stage = listening(0);
    stage.handles = false;
    let all: String = (1..=1_000).map(message).collect();
    said(&mut stage, &all);
    let stream = last(&stage).stream;
    for done in 1..=1_000 {
        assert_eq!(stage.offsets().len(), done);
        assert_eq!(stage.session.holds(stream), done + 256 <= 1_000, "{done}");
        // A slow one: silence that is ours is none.
        if stage.session.holds(stream) {
            stage.pass(if done % 100 == 0 { 60_000 } else { 10 });
        }
        let delivery = stage.delivered[done - 1].id;
        stage.say(Input::Handled { delivery, ok: true });
    }
    assert_eq!(
        (stage.listens.len(), position(&stage)),
        (1, Some(("e", 1_000)))
    );
    assert_eq!(stage.session.health(stage.at).gaps, 0);
}

#[test]
fn nonsense_is_counted_and_passed_over() {
    let mut stage = listening(3);
    said(&mut stage, "data: {]garbage\n\nid: what\ndata: 1\n\n");
    says(&mut stage, &[4]);
    assert_eq!(stage.offsets(), [4]);
    assert_eq!(count(&stage, SocketChange::Nonsense), 2);
}

#[test]
fn nothing_of_what_is_conflated_is_left_out_for_want_of_a_key() {
    let mut stage = Stage::new(Protocol::Sse);
    let rare = Wish {
        every: Some(Millis(1_000)),
        ..Wish::default()
    };
    stage.session.subscribe(CHANNEL, rare);
    stage.start();
    open(&mut stage);
    says(&mut stage, &[1, 2, 3]);
    stage.pass(2_000);
    assert_eq!(stage.offsets(), [1, 2, 3]);
}

#[test]
fn silence_ends_it_and_comments_are_no_silence() {
    let mut stage = listening(3);
    for _ in 0..5 {
        stage.pass(30_000);
        said(&mut stage, ":\n\n");
    }
    assert_eq!(stage.listens.len(), 1);
    stage.pass(34_000);
    assert_eq!(stage.session.state(), SocketState::Open);
    stage.pass(2_000);
    assert!(stage.changes().contains(&SocketChange::Waiting));
    assert_eq!(stage.wait().0, Some(Cause::Dead));
    assert_eq!(last(&stage).since.as_deref(), Some("e:3"));
}

#[test]
fn after_sleep_it_has_a_moment_to_say_something() {
    let mut stage = listening(3);
    stage.sleep(600_000);
    stage.run();
    assert_eq!(stage.session.state(), SocketState::Open);
    said(&mut stage, ":\n\n");
    stage.pass(20_000);
    assert_eq!(stage.listens.len(), 1);
    stage.at.wall = Wall(stage.at.wall.0 + 600_000);
    stage.run();
    stage.pass(6_000);
    assert_eq!(stage.wait().0, Some(Cause::Dead));
}

#[test]
fn one_of_several_that_falls_silent_is_found() {
    let mut stage = listening(3);
    stage.session.subscribe("other", Wish::default());
    stage.run();
    open(&mut stage);
    for _ in 0..4 {
        said(&mut stage, ":\n\n");
        stage.pass(10_000);
    }
    assert_eq!(stage.wait().0, Some(Cause::Dead));
}

#[test]
fn a_token_is_asked_for_once() {
    let mut stage = only();
    assert!(!last(&stage).refresh);
    refused(&mut stage, 401);
    assert_eq!(stage.wait().0, Some(Cause::Refresh));
    stage.await_connect();
    assert!(last(&stage).refresh);
    refused(&mut stage, 401);
    assert_eq!(stage.session.state(), SocketState::Stopped);
    assert_eq!(stage.told.last().unwrap().code, Some(401));
    assert!(stage.sockets.is_empty());
}

#[test]
fn a_token_that_was_taken_is_not_asked_for_again() {
    let mut stage = only();
    refused(&mut stage, 401);
    again(&mut stage);
    stage.pass(11_000);
    ended(&mut stage);
    stage.await_connect();
    assert!(!last(&stage).refresh);
    refused(&mut stage, 401);
    stage.await_connect();
    assert!(last(&stage).refresh);
}

#[test]
fn what_is_answered_204_or_404_is_over_and_asked_for_by_hand_only() {
    for status in [204, 404] {
        let mut stage = only();
        refused(&mut stage, status);
        assert_eq!(stage.session.state(), SocketState::Stopped);
        assert_eq!(stage.told.last().unwrap().code, Some(status));
        stage.pass(3_600_000);
        assert_eq!(stage.listens.len(), 1);
        stage.start();
        assert_eq!(stage.listens.len(), 2);
    }
}

#[test]
fn one_channel_that_is_refused_leaves_the_others_alone() {
    let mut stage = listening(3);
    stage.session.subscribe("other", Wish::default());
    stage.run();
    refused(&mut stage, 404);
    stage.pass(60_000 - 35_000);
    let refusal = stage
        .told
        .iter()
        .find(|event| event.channel.as_deref() == Some("other"));
    assert_eq!(refusal.unwrap().change, SocketChange::SubscriptionRefused);
    assert_eq!(stage.session.state(), SocketState::Open);
    assert_eq!(stage.listens.len(), 2);
}

#[test]
fn one_channel_that_is_not_to_be_had_now_is_asked_for_later() {
    let mut stage = listening(3);
    let first = last(&stage).stream;
    stage.session.subscribe("other", Wish::default());
    stage.run();
    refused(&mut stage, 503);
    for _ in 0..2 {
        stage.pass(9_000);
        let text = ":\n\n".into();
        stage.say(Input::StreamSaid {
            stream: first,
            text,
        });
    }
    stage.pass(3_000);
    assert_eq!(stage.session.state(), SocketState::Open);
    assert_eq!(stage.listens.len(), 3);
}

#[test]
fn retry_after_is_the_servers_word() {
    for seed in 0..50 {
        let mut stage = Stage::with(Protocol::Sse, seed, |_| {});
        stage.session.subscribe(CHANNEL, Wish::default());
        stage.start();
        let stream = last(&stage).stream;
        answered(&mut stage, stream, 503, Some(20_000));
        let (cause, wait) = stage.wait();
        assert_eq!(cause, Some(Cause::Restart));
        assert!((20_000..=40_000).contains(&wait.unwrap()), "{wait:?}");
    }
}

#[test]
fn retry_is_the_servers_word_as_well() {
    for seed in 0..50 {
        let mut stage = Stage::with(Protocol::Sse, seed, |_| {});
        stage.session.subscribe(CHANNEL, Wish::default());
        stage.start();
        open(&mut stage);
        said(&mut stage, "retry: 7000\n\n");
        stage.pass(10_000);
        ended(&mut stage);
        let wait = stage.wait().1.unwrap();
        assert!((7_000..=17_000).contains(&wait), "{wait}");
    }
}

#[test]
fn an_answer_of_another_kind_is_no_stream() {
    let mut stage = only();
    let stream = last(&stage).stream;
    stage.say(Input::StreamAnswered {
        stream,
        status: 200,
        events: false,
        retry_after: None,
    });
    assert_eq!(stage.wait().0, Some(Cause::Failed));
    assert_eq!(count(&stage, SocketChange::Nonsense), 1);
}

#[test]
fn a_place_that_nobody_says_costs_the_backend_nothing() {
    let mut stage = only();
    for _ in 0..20 {
        let stream = last(&stage).stream;
        stage.say(Input::StreamNotProvided { stream });
        assert_eq!(stage.wait().0, Some(Cause::Provider));
        stage.await_connect();
    }
    let scope = stage.session.guard();
    let health = stage.engine.health(stage.at.now);
    assert!(
        !format!("{health:?}").contains("open_ms: Some"),
        "{scope:?}"
    );
}

#[test]
fn a_message_beyond_the_limit_ends_its_channel() {
    let mut stage = Stage::with(Protocol::Sse, 1, |manner| manner.settings.sse_bytes = 256);
    stage.session.subscribe(CHANNEL, Wish::default());
    stage.start();
    open(&mut stage);
    said(&mut stage, &format!("data: {}", "x".repeat(300)));
    assert_eq!(stage.session.state(), SocketState::Stopped);
    assert_eq!(stage.told.last().unwrap().code, Some(1_009));
}

#[test]
fn what_is_sent_waits_for_a_websocket_or_is_refused_where_there_is_none() {
    let mut stage = only();
    let sent = stage
        .session
        .publish(stage.at, CHANNEL, "1", true, Overflow::RejectNew);
    assert_eq!(
        (sent.state, sent.why),
        (SendState::Dropped, Some(DropReason::ReceiveOnly))
    );
    let frame = Frame::Text("x".into());
    let sent = stage.session.send(stage.at, frame, Overflow::DropOldest);
    assert_eq!(sent.why, Some(DropReason::ReceiveOnly));
    assert_eq!(stage.session.refuses("1"), Some(DropReason::ReceiveOnly));
    let asked = (stage.session).rpc(stage.at, "echo", "1", RpcWish::default());
    assert_eq!(asked, Err(RpcFailure::ReceiveOnly));

    let mut stage = fallback();
    proxied(&mut stage);
    again(&mut stage);
    let sent = stage
        .session
        .publish(stage.at, CHANNEL, "1", true, Overflow::RejectNew);
    stage.run();
    assert_eq!(sent.state, SendState::Queued);
    assert!(stage.fates.is_empty() && stage.sent.is_empty());
    said(&mut stage, "id: e:0\n\n");
    back(&mut stage);
    assert!(stage.last_sent().contains("publish"));
}

/// Time passes until a WebSocket is tried beside the streams; it greets.
fn back(stage: &mut Stage) {
    let connects = stage.connects.len();
    for _ in 0..13 {
        if stage.connects.len() == connects {
            said(stage, ":\n\n");
            stage.pass(5_000);
        }
    }
    assert_eq!(stage.connects.len(), connects + 1, "{:?}", stage.told);
    let link = stage.resolves.last().unwrap().0;
    stage.say(Input::Opened { link });
    let read = stage.session.position(CHANNEL).map_or(0, |it| it.offset);
    let text = format!(
        r#"{{"id":1,"connect":{{"ping":25,"session":"s","subs":{{"governance":{{"positioned":true,"recovered":true,"epoch":"e","offset":{read}}}}}}}}}"#
    );
    stage.say(Input::Frame { link, text });
}

#[test]
fn it_goes_back_to_a_websocket_beside_the_streams_without_a_gap_or_a_double() {
    let mut stage = fallback();
    proxied(&mut stage);
    again(&mut stage);
    said(&mut stage, "id: e:3\n\n");
    says(&mut stage, &[4]);
    let streams = stage.session.link().unwrap();
    let stream = last(&stage).stream;
    back(&mut stage);
    assert!(stage.sent[stage.sent.len() - 1].1.contains(r#""offset":4"#));
    assert_eq!(stage.closes.last(), Some(&(streams, 1_000)));
    let moved = stage
        .told
        .iter()
        .rev()
        .find(|it| it.change == SocketChange::Moved);
    let moved = moved.unwrap();
    assert_eq!(
        (moved.cause, moved.transport),
        (Some(Cause::Back), Transport::Websocket)
    );
    // What a stream still says is heeded by nobody.
    stage.say(Input::StreamSaid {
        stream,
        text: message(5),
    });
    assert_eq!(stage.offsets(), [4]);
    stage.publish(5);
    assert_eq!(stage.offsets(), [4, 5]);
    assert_eq!(count(&stage, SocketChange::Waiting), 3, "none since");
}

#[test]
fn a_websocket_that_is_refused_beside_the_streams_is_tried_more_and_more_rarely() {
    let mut stage = fallback();
    proxied(&mut stage);
    again(&mut stage);
    let mut tries = alloc::vec![stage.at.now];
    while tries.len() < 9 {
        said(&mut stage, ":\n\n");
        let connects = stage.connects.len();
        stage.pass(20_000);
        if stage.connects.len() > connects {
            tries.push(*stage.connects.last().unwrap());
            let link = stage.resolves.last().unwrap().0;
            stage.sockets.retain(|each| *each != link);
            stage.say(Input::Closed { link, code: 1_006 });
        }
    }
    let waits = tries.windows(2).map(|pair| (pair[1] - pair[0]).0 / 1_000);
    for (place, wait) in waits.enumerate() {
        let most = (60 << place).min(3_600);
        assert!((most / 2..=most).contains(&wait), "{place}: {wait}");
    }
    assert_eq!(count(&stage, SocketChange::Waiting), 3, "the streams go on");
    assert_eq!(transport(&stage), Transport::Sse);
}

#[test]
fn streams_that_are_lost_while_a_websocket_is_tried_leave_that_one() {
    let mut stage = fallback();
    proxied(&mut stage);
    again(&mut stage);
    said(&mut stage, "id: e:3\n\n");
    while stage.resolves.len() < 4 {
        said(&mut stage, ":\n\n");
        stage.pass(5_000);
    }
    ended(&mut stage);
    assert_eq!(transport(&stage), Transport::Websocket);
    assert_eq!(stage.told.last().unwrap().change, SocketChange::Connecting);
    stage.open();
    stage.greet(3, r#","recovered":true"#);
    assert_eq!(stage.session.state(), SocketState::Open);
}

#[test]
fn on_another_network_one_websocket_is_tried_first() {
    let mut stage = fallback();
    proxied(&mut stage);
    again(&mut stage);
    said(&mut stage, "id: e:3\n\n");
    stage.say(Input::Online(false));
    stage.say(Input::Online(true));
    stage.await_connect();
    assert_eq!(transport(&stage), Transport::Websocket);
    stage.drop_with(1_006);
    stage.await_connect();
    assert_eq!(transport(&stage), Transport::Sse);
    assert_eq!(last(&stage).since.as_deref(), Some("e:3"));
}

#[test]
fn no_more_streams_than_connections_to_spare() {
    let mut stage = only();
    for name in ["b", "c", "d", "e", "f"] {
        stage.session.subscribe(name, Wish::default());
    }
    stage.run();
    let streams: alloc::vec::Vec<StreamId> = stage.listens.iter().map(|it| it.stream).collect();
    assert_eq!(streams.len(), 4);
    streams
        .iter()
        .for_each(|stream| answered(&mut stage, *stream, 200, None));
    let full = |stage: &Stage| {
        let told = stage.told.iter();
        told.filter(|it| it.why == Some(DropReason::Full)).count()
    };
    assert_eq!(full(&stage), 2);
    stage.session.unsubscribe("b");
    stage.run();
    assert_eq!((stage.leaves.len(), &*last(&stage).channel), (1, "e"));
    assert_eq!((stage.listens.len(), full(&stage)), (5, 2));
}

#[test]
fn without_a_channel_there_is_no_connection() {
    let mut stage = Stage::new(Protocol::Sse);
    stage.start();
    stage.pass(600_000);
    assert_eq!(stage.session.health(stage.at).attempts, 0);
    stage.session.subscribe(CHANNEL, Wish::default());
    stage.run();
    open(&mut stage);
    stage.session.unsubscribe(CHANNEL);
    stage.run();
    assert!(stage.sockets.is_empty());
    stage.session.subscribe(CHANNEL, Wish::default());
    stage.run();
    assert_eq!(stage.listens.len(), 2);
}

#[test]
fn a_page_that_sleeps_has_no_streams() {
    let mut stage = listening(3);
    stage.say(Input::Frozen);
    assert!(stage.sockets.is_empty());
    stage.say(Input::Restored);
    assert_eq!(last(&stage).since.as_deref(), Some("e:3"));
}

#[test]
fn the_end_is_the_end() {
    let mut stage = listening(3);
    let stream = last(&stage).stream;
    stage
        .session
        .close(&mut stage.engine, stage.at, 1_000, "over");
    stage.run();
    assert!(stage.sockets.is_empty());
    stage.say(Input::StreamSaid {
        stream,
        text: message(4),
    });
    assert!(stage.offsets().is_empty());
}

#[test]
fn a_word_that_asks_for_a_sign_of_life_is_no_matter_of_streams() {
    let mut stage = Stage::with(Protocol::Sse, 1, |manner| manner.ping = Some("ping".into()));
    stage.session.subscribe(CHANNEL, Wish::default());
    stage.start();
    open(&mut stage);
    for _ in 0..10 {
        said(&mut stage, ":\n\n");
        stage.pass(15_000);
    }
    assert!(stage.session.is_open() && stage.listens.len() == 1);
}
