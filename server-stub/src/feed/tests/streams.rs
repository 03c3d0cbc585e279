//! Server-sent events.

use tidegate_contract::feed::{EndedBy, FeedNote};
use tidegate_contract::{ResumeFault, SocketAct, SocketClose, SocketPoint};

use super::peer::{Reader, StreamEnd};
use super::serve;

const SECOND: SocketPoint = SocketPoint::Message(2);

#[tokio::test]
async fn events_carry_their_position_and_the_stream_says_when_to_come_back() {
    let scene = serve(&[]).await;
    let mut ann = Reader::open(scene.address, "ann", None).await;
    assert_eq!(ann.status(), "200");
    assert!(ann.text.contains("content-type: text/event-stream"));
    let epoch = scene.epoch();
    ann.until(&format!("retry: 3000\nid: {epoch}:0\n\n")).await;
    scene.publish("new");
    ann.until(&format!("id: {epoch}:1\ndata: \"new\"\n\n"))
        .await;
}

#[tokio::test]
async fn whoever_comes_back_gets_exactly_what_it_missed() {
    let scene = serve(&[]).await;
    (1..=4).for_each(|n| scene.publish(n * 10));
    let epoch = scene.epoch();
    let mut ann = Reader::open(scene.address, "ann", Some(&format!("{epoch}:2"))).await;
    ann.until("data: 40\n\n").await;
    assert!(ann.text.contains(&format!("id: {epoch}:3\ndata: 30\n\n")));
    assert!(!ann.text.contains("data: 20") && !ann.text.contains("event: snapshot"));
}

#[tokio::test]
async fn whoever_cannot_be_brought_up_to_date_is_told_where_the_state_is() {
    let expired = SocketAct::Resume(ResumeFault::Expired);
    let scene = serve(&[("ann", SocketPoint::default(), expired)]).await;
    scene.publish(1);
    let epoch = scene.epoch();
    for (client, id) in [
        ("ann", format!("{epoch}:0")),
        ("bob", "other:7".to_owned()),
        ("cid", "x".to_owned()),
    ] {
        let mut reader = Reader::open(scene.address, client, Some(&id)).await;
        reader
            .until(&format!("event: snapshot\nid: {epoch}:1\ndata: "))
            .await;
        reader.until("\"url\":\"/api/assets\"").await;
    }
}

#[tokio::test]
async fn no_content_tells_a_client_to_stop() {
    let scene = serve(&[("ann", SocketPoint::default(), SocketAct::Stop)]).await;
    assert_eq!(
        Reader::open(scene.address, "ann", None).await.status(),
        "204"
    );
}

#[tokio::test]
async fn a_channel_that_nobody_opened_is_not_found() {
    let scene = serve(&[]).await;
    let client = "ann&channel=nope";
    assert_eq!(
        Reader::open(scene.address, client, None).await.status(),
        "404"
    );
}

#[tokio::test]
async fn a_stream_is_cut_reset_or_ended_in_good_order() {
    for (act, end) in [
        (SocketAct::Vanish, StreamEnd::Cut),
        (SocketAct::Reset, StreamEnd::Reset),
        (
            SocketAct::Close(SocketClose::new(1000, "")),
            StreamEnd::Orderly,
        ),
    ] {
        let mut scene = serve(&[("ann", SECOND, act)]).await;
        let mut ann = Reader::open(scene.address, "ann", None).await;
        (1..=3).for_each(|n| scene.publish(n * 10));
        assert_eq!(ann.end().await, end);
        assert!(ann.text.contains("data: 20\n\n") && !ann.text.contains("data: 30"));
        let note = scene.hear_end("ann").await;
        let by = EndedBy::Fault("rule".to_owned());
        assert_eq!(note, FeedNote::Closed { code: None, by });
    }
}

#[tokio::test]
async fn an_event_comes_in_pieces_that_end_within_a_character() {
    let pieces = SocketAct::ChunkBytes(1);
    let scene = serve(&[("ann", SocketPoint::default(), pieces)]).await;
    let mut ann = Reader::open(scene.address, "ann", None).await;
    scene.publish("é");
    // Each byte is a chunk of its own: its length, the byte, an end of line.
    ann.until("1\r\n\u{fffd}\r\n1\r\n\u{fffd}\r\n").await;
}

#[tokio::test]
async fn a_torn_event_breaks_off_in_the_middle() {
    let scene = serve(&[("ann", SECOND, SocketAct::Tear)]).await;
    let mut ann = Reader::open(scene.address, "ann", None).await;
    (1..=3).for_each(|n| scene.publish(n));
    assert_eq!(ann.end().await, StreamEnd::Cut);
    assert!(ann.text.contains("data: 1\n\n") && !ann.text.contains(":2}"));
    assert!(ann.text.contains("data: {\"push\""), "{}", ann.text);
}

#[tokio::test]
async fn messages_are_dropped_and_swapped() {
    for (act, order) in [
        (SocketAct::Drop, ["data: 1", "data: 3", "data: 4"]),
        (SocketAct::Swap, ["data: 1", "data: 3", "data: 2"]),
    ] {
        let scene = serve(&[("ann", SECOND, act)]).await;
        let mut ann = Reader::open(scene.address, "ann", None).await;
        (1..=4).for_each(|n| scene.publish(n));
        ann.until("data: 4").await;
        let data = ann.text.lines().filter(|line| line.starts_with("data: "));
        assert_eq!(data.take(3).collect::<Vec<_>>(), order);
    }
}

#[tokio::test]
async fn a_stalled_stream_gets_no_events_while_others_do() {
    let mut scene = serve(&[("ann", SocketPoint::Message(1), SocketAct::Stall)]).await;
    let mut ann = Reader::open(scene.address, "ann", None).await;
    let mut bob = Reader::open(scene.address, "bob", None).await;
    scene.publish(1);
    ann.until("data: 1\n\n").await;
    scene
        .hear("ann", |note| matches!(note, FeedNote::Stalled { .. }))
        .await;
    scene.publish(2);
    bob.until("data: 2\n\n").await;
    scene.order(serde_json::json!({"client": "ann", "act": "vanish"}));
    assert_eq!(ann.end().await, StreamEnd::Cut);
    assert!(!ann.text.contains("data: 2"));
}

#[tokio::test]
async fn a_client_that_leaves_is_noticed() {
    let mut scene = serve(&[]).await;
    let mut ann = Reader::open(scene.address, "ann", None).await;
    ann.until("retry: ").await;
    drop(ann);
    let note = scene.hear_end("ann").await;
    assert_eq!(
        note,
        FeedNote::Closed {
            code: None,
            by: EndedBy::Client
        }
    );
    assert!(scene.stub.feed().list().is_empty());
}
