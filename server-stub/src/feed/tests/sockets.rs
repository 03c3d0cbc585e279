//! WebSockets.

use serde_json::json;
use tidegate_contract::feed::{AcceptLimit, AcceptOrder, EndedBy, FeedNote, FeedSettings};
use tidegate_contract::{SocketAct, SocketClose, SocketPoint};
use tidegate_core::{Instant, Millis};

use crate::accept::Course;
use crate::feed::Feed;
use crate::feed::ticker::Ticker;

use super::peer::{Heard, Peer, Reader, StreamEnd};
use super::serve;

const SECOND: SocketPoint = SocketPoint::Message(2);

fn by_rule() -> EndedBy {
    EndedBy::Fault("rule".to_owned())
}

async fn end_of(act: SocketAct) -> (Vec<u64>, Heard, FeedNote) {
    let mut scene = serve(&[("ann", SECOND, act)]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    (1..=3).for_each(|n| scene.publish(n));
    (
        ann.offsets(2).await,
        ann.hear().await,
        scene.hear_end("ann").await,
    )
}

#[tokio::test]
async fn a_close_arrives_with_its_code_and_reason() {
    let act = SocketAct::Close(SocketClose::new(1012, "restart"));
    let (offsets, heard, note) = end_of(act).await;
    assert_eq!(offsets, [1, 2]);
    assert_eq!(heard, Heard::Close(1012, "restart".to_owned()));
    assert_eq!(
        note,
        FeedNote::Closed {
            code: Some(1012),
            by: by_rule()
        }
    );
}

#[tokio::test]
async fn a_connection_that_vanishes_has_no_close_frame() {
    let (offsets, heard, note) = end_of(SocketAct::Vanish).await;
    assert_eq!((offsets, heard), (vec![1, 2], Heard::Gone));
    assert_eq!(
        note,
        FeedNote::Closed {
            code: None,
            by: by_rule()
        }
    );
}

#[tokio::test]
async fn a_reset_is_a_tcp_reset() {
    let (offsets, heard, note) = end_of(SocketAct::Reset).await;
    assert_eq!((offsets, heard), (vec![1, 2], Heard::Reset));
    assert_eq!(
        note,
        FeedNote::Closed {
            code: None,
            by: by_rule()
        }
    );
}

#[tokio::test]
async fn a_stalled_socket_answers_nothing_while_others_do() {
    let mut scene = serve(&[("ann", SocketPoint::Message(1), SocketAct::Stall)]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    let mut bob = Peer::subscribed(scene.address, "bob").await;
    scene.publish(1);
    assert_eq!(
        (ann.offsets(1).await, bob.offsets(1).await),
        (vec![1], vec![1])
    );
    scene
        .hear("ann", |note| matches!(note, FeedNote::Stalled { .. }))
        .await;

    scene.publish(2);
    for peer in [&mut ann, &mut bob] {
        peer.ping().await;
        peer.say(json!({"id": 9, "unsubscribe": {"channel": "governance"}}))
            .await;
    }
    assert_eq!(bob.offsets(1).await, [2]);
    let mut heard = [bob.hear().await, bob.hear().await];
    heard.sort_by_key(|heard| *heard != Heard::Pong);
    assert_eq!(heard[0], Heard::Pong);
    assert!(ann.is_silent());
    assert!(scene.stub.feed().list()[0].stalled);

    ann.close().await;
    assert!(ann.is_silent());
    drop(ann);
    let note = scene.hear_end("ann").await;
    assert_eq!(
        note,
        FeedNote::Closed {
            code: None,
            by: EndedBy::Client
        }
    );
}

#[tokio::test]
async fn a_stalled_socket_can_still_be_closed_from_outside() {
    let mut scene = serve(&[("ann", SocketPoint::default(), SocketAct::Stall)]).await;
    let mut ann = Peer::open(scene.address, "ann").await;
    scene
        .hear("ann", |note| matches!(note, FeedNote::Stalled { .. }))
        .await;
    assert_eq!(
        scene.order(json!({"client": "ann", "act": {"close": {"code": 4000}}})),
        1
    );
    assert_eq!(ann.hear().await, Heard::Close(4000, String::new()));
}

async fn offsets_under(act: SocketAct) -> Vec<u64> {
    let scene = serve(&[("ann", SECOND, act)]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    (1..=5).for_each(|n| scene.publish(n));
    ann.offsets(4).await
}

#[tokio::test]
async fn messages_are_dropped_doubled_and_swapped() {
    assert_eq!(offsets_under(SocketAct::Drop).await, [1, 3, 4, 5]);
    assert_eq!(offsets_under(SocketAct::Duplicate).await, [1, 2, 2, 3]);
    assert_eq!(offsets_under(SocketAct::Swap).await, [1, 3, 2, 4]);
}

#[tokio::test]
async fn an_oversize_message_is_still_the_message() {
    let scene = serve(&[("ann", SECOND, SocketAct::OversizeBytes(1 << 20))]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    (1..=2).for_each(|n| scene.publish(n));
    assert_eq!(ann.offsets(1).await, [1]);
    let Heard::Frame(text) = ann.hear().await else {
        panic!("a frame");
    };
    assert_eq!(text.len(), 1 << 20);
    let message: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(message["push"]["pub"]["offset"], 2);
}

#[tokio::test]
async fn garbage_is_not_json_and_costs_no_message() {
    let scene = serve(&[("ann", SECOND, SocketAct::Garbage)]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    (1..=2).for_each(|n| scene.publish(n));
    assert_eq!(ann.offsets(1).await, [1]);
    let Heard::Frame(text) = ann.hear().await else {
        panic!("a frame");
    };
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_err());
    assert_eq!(ann.offsets(1).await, [2]);
}

#[tokio::test]
async fn whoever_reads_too_slowly_is_closed() {
    let mut scene = serve(&[]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    // All at once: the queue is full before anything is sent.
    (0..20).for_each(|_| scene.publish("x".repeat(100_000)));
    assert_eq!(ann.hear().await, Heard::Close(3008, "slow".to_owned()));
    let note = scene.hear_end("ann").await;
    assert_eq!(
        note,
        FeedNote::Closed {
            code: Some(3008),
            by: EndedBy::Protocol
        }
    );
}

#[tokio::test]
async fn a_frame_that_the_client_never_reads_does_not_keep_the_stream() {
    let mut scene = serve(&[]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    // Until the system buffers no more for the connection and the queue is full, too.
    while !scene.stub.feed().hub().is_cut(1) {
        scene.publish("x".repeat(100_000));
        tokio::task::yield_now().await;
    }
    loop {
        match ann.hear().await {
            Heard::Frame(_) => {}
            end => {
                assert_eq!(end, Heard::Close(3008, "slow".to_owned()));
                break;
            }
        }
    }
    assert!(matches!(
        scene.hear_end("ann").await,
        FeedNote::Closed {
            code: Some(3008),
            ..
        }
    ));
}

#[tokio::test]
async fn nonsense_is_closed_with_a_code() {
    let scene = serve(&[]).await;
    let mut ann = Peer::open(scene.address, "ann").await;
    ann.text("hello").await;
    assert_eq!(
        ann.hear().await,
        Heard::Close(3501, "bad request".to_owned())
    );
    let mut bob = Peer::open(scene.address, "bob").await;
    bob.text(&format!("{{}}{}", " ".repeat(70_000))).await;
    assert_eq!(bob.hear().await, Heard::Close(1009, "too large".to_owned()));
}

#[tokio::test]
async fn orders_go_to_one_client_or_to_all_and_streams_are_counted() {
    let mut scene = serve(&[]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    let mut bob = Peer::subscribed(scene.address, "bob").await;
    assert_eq!(
        scene.order(json!({"client": "ann", "act": {"send": "{\"x\":1}"}})),
        1
    );
    assert_eq!(ann.hear().await, Heard::Frame("{\"x\":1}".to_owned()));
    assert_eq!(scene.order(json!({"client": "ann", "act": "vanish"})), 1);
    assert_eq!(ann.hear().await, Heard::Gone);
    let note = scene.hear_end("ann").await;
    assert_eq!(
        note,
        FeedNote::Closed {
            code: None,
            by: EndedBy::Order
        }
    );

    let again = Peer::subscribed(scene.address, "ann").await;
    let counts = scene.stub.feed().counts();
    assert_eq!(
        (counts.all.open, counts.all.peak, counts.all.total),
        (2, 2, 3)
    );
    assert_eq!(counts.by_client["ann"].total, 2);
    scene.stub.feed().reset(scene.stub.now());
    assert_eq!(bob.hear().await, Heard::Close(1012, "reset".to_owned()));
    scene.hear_end("bob").await;
    assert_eq!(scene.stub.feed().counts().by_client["bob"].open, 0);
    drop(again);
}

#[tokio::test]
async fn a_client_that_closes_is_answered() {
    let mut scene = serve(&[]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    ann.close().await;
    let note = scene.hear_end("ann").await;
    assert!(matches!(
        note,
        FeedNote::Closed {
            by: EndedBy::Client,
            ..
        }
    ));
    assert!(scene.stub.feed().list().is_empty());
}

#[tokio::test]
async fn more_streams_than_may_wait_are_refused() {
    let scene = serve(&[]).await;
    scene.stub.feed().configure(FeedSettings {
        accept: Some(AcceptLimit {
            per_second: 1,
            backlog: 0,
            order: AcceptOrder::Fifo,
        }),
        ..FeedSettings::default()
    });
    // Somebody has the turns of the next hour.
    let in_an_hour = scene.stub.now() + Millis::from_secs(3_600);
    assert!(scene.stub.feed().hub().admit(in_an_hour, "bob").is_ok());
    let ann = Reader::open(scene.address, "ann", None).await;
    assert_eq!(ann.status(), "503");
    let counts = scene.stub.feed().counts();
    let of = |who: &str| (counts.by_client[who].asked, counts.by_client[who].refused);
    assert_eq!((of("ann"), of("bob")), ((1, 1), (1, 0)));
    assert_eq!(counts.peak_asked_per_second, 1);
}

#[tokio::test]
async fn a_torn_message_breaks_off_in_the_middle() {
    let mut scene = serve(&[("ann", SECOND, SocketAct::Tear)]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    (1..=3).for_each(|n| scene.publish(n));
    assert_eq!(ann.offsets(1).await, [1]);
    assert_eq!(ann.hear().await, Heard::Gone);
    let by = by_rule();
    let note = FeedNote::Closed { code: None, by };
    assert_eq!(scene.hear_end("ann").await, note);
}

#[tokio::test]
async fn a_slow_reader_takes_its_time_and_still_speaks() {
    let rate = SocketAct::ReadBytesPerSecond(1);
    let mut scene = serve(&[("ann", SocketPoint::default(), rate)]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    ann.say(json!({"id": 2, "ping": {}})).await;
    scene.publish(1);
    assert_eq!(ann.offsets(1).await, [1]);
    let is_received = |note: &FeedNote| matches!(note, FeedNote::Received { .. });
    scene.hear("ann", is_received).await;
    assert!(ann.is_silent(), "its first frame takes a minute to read");
}

#[tokio::test]
async fn a_connect_is_refused_once_as_if_the_token_were_too_old() {
    let refuse = SocketAct::Refuse(109);
    let scene = serve(&[("ann", SocketPoint::default(), refuse)]).await;
    let mut ann = Peer::open(scene.address, "ann").await;
    ann.say(json!({"id": 1, "connect": {}})).await;
    assert_eq!(ann.json().await["error"]["code"], 109);
    ann.say(json!({"id": 2, "connect": {}})).await;
    assert_eq!(ann.json().await["connect"]["pong"], true);
}

#[tokio::test]
async fn made_up_events_are_off_until_somebody_asks() {
    let scene = serve(&[]).await;
    let ticking = tokio::spawn(crate::feed::tick(
        scene.stub.weak(),
        scene.stub.clock().clone(),
        scene.stub.feed().watch_settings(),
    ));
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    scene.stub.feed().configure(FeedSettings {
        event_every_ms: Some(1),
        ..FeedSettings::default()
    });
    assert_eq!(ann.offsets(2).await, [1, 2]);
    ticking.abort();
}

#[tokio::test]
async fn a_made_up_event_names_the_line_that_it_left_in_the_audit_log() {
    let scene = serve(&[]).await;
    let ticking = tokio::spawn(crate::feed::tick(
        scene.stub.weak(),
        scene.stub.clock().clone(),
        scene.stub.feed().watch_settings(),
    ));
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    scene.stub.feed().configure(FeedSettings {
        event_every_ms: Some(1),
        ..FeedSettings::default()
    });
    let heard = ann.json().await["push"]["pub"]["data"].take();
    let told: tidegate_contract::Told = serde_json::from_value(heard).unwrap();
    let line = scene.stub.data().audit_entry(told.line.unwrap()).unwrap();
    assert_eq!(line.action, told.event.name());
    assert_eq!(Some(line.at), told.at);
    ticking.abort();
}

#[test]
fn the_usual_interval_holds_where_the_program_names_none() {
    let due = |feed: &Feed| {
        let ticker = feed.ticker(Instant::START);
        ticker.as_ref().map(Ticker::deadline)
    };
    let feed = Feed::new(1, Some(5));
    assert_eq!(due(&feed), Some(Instant::from_millis(5)));
    feed.configure(FeedSettings {
        event_every_ms: Some(9),
        ..FeedSettings::default()
    });
    assert_eq!(due(&feed), Some(Instant::from_millis(9)));
    assert_eq!(due(&Feed::new(1, None)), None);
}

#[tokio::test]
async fn a_listener_that_closes_takes_its_streams_along() {
    let mut scene = serve(&[]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    let mut bob = Reader::open(scene.address, "bob", None).await;
    bob.until("retry: ").await;
    scene.course.send_replace(Course::Cut);
    assert_eq!(ann.hear().await, Heard::Reset);
    assert_eq!(bob.end().await, StreamEnd::Reset);
    let by = EndedBy::Listener;
    assert_eq!(
        scene.hear_end("ann").await,
        FeedNote::Closed { code: None, by }
    );
}
