//! Coming back: positions, lost memories, numbered commands.

use serde_json::json;
use tidegate_contract::feed::{FeedNote, PROTOCOL};
use tidegate_contract::{ResumeFault, SocketAct, SocketPoint};

use super::peer::{Heard, Peer};
use super::{GOVERNANCE, Scene, serve};

/// What a client is told that comes back after two of four messages.
async fn come_back(scene: &Scene, client: &str) -> serde_json::Value {
    let mut peer = Peer::open(scene.address, client).await;
    let position = json!({"recover": true, "epoch": scene.epoch(), "offset": 2});
    peer.say(json!({"id": 1, "connect": {"subs": {"governance": position}}}))
        .await;
    peer.json().await["connect"]["subs"]["governance"].take()
}

#[tokio::test]
async fn whoever_comes_back_gets_exactly_what_it_missed() {
    let scene = serve(&[("ann", SocketPoint::Message(2), SocketAct::Vanish)]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    (1..=4).for_each(|n| scene.publish(n * 10));
    assert_eq!(ann.offsets(2).await, [1, 2]);
    assert_eq!(ann.hear().await, Heard::Gone);

    let subscribed = come_back(&scene, "ann").await;
    assert_eq!(subscribed["recovered"], true);
    let missed = json!([{"offset": 3, "data": 30}, {"offset": 4, "data": 40}]);
    assert_eq!(subscribed["publications"], missed);
}

#[tokio::test]
async fn positions_can_be_expired_trimmed_or_of_another_epoch() {
    let resume = |client, fault| (client, SocketPoint::default(), SocketAct::Resume(fault));
    let scene = serve(&[
        resume("expired", ResumeFault::Expired),
        resume("keep-1", ResumeFault::Keep(1)),
        resume("keep-2", ResumeFault::Keep(2)),
        resume("epoch", ResumeFault::NewEpoch),
    ])
    .await;
    (1..=4).for_each(|n| scene.publish(n));
    for (client, recovered, same_epoch) in [
        ("expired", false, true),
        ("keep-1", false, true),
        ("keep-2", true, true),
        ("epoch", false, false),
    ] {
        let subscribed = come_back(&scene, client).await;
        assert_eq!(subscribed["recovered"] == true, recovered, "{client}");
        assert_eq!(subscribed["epoch"] == scene.epoch(), same_epoch, "{client}");
        assert_eq!(subscribed["was_recovering"], true);
    }
    scene.stub.feed().trim(GOVERNANCE, 1);
    assert_ne!(come_back(&scene, "bob").await["recovered"], true);
}

#[tokio::test]
async fn a_lost_memory_is_announced_and_begins_again() {
    let scene = serve(&[]).await;
    let mut ann = Peer::subscribed(scene.address, "ann").await;
    let before = scene.epoch();
    scene.stub.feed().lose(scene.stub.now(), GOVERNANCE, 0);
    assert_eq!(ann.json().await["push"]["unsubscribe"]["code"], 2500);
    ann.say(
        json!({"id": 2, "subscribe": {"channel": "governance", "recover": true, "epoch": before}}),
    )
    .await;
    let subscribed = ann.json().await["subscribe"].take();
    assert_eq!(subscribed["epoch"], scene.epoch());
    assert_ne!(subscribed["recovered"], true);
}

#[tokio::test]
async fn the_additions_are_for_those_who_ask_for_them() {
    let mut scene = serve(&[]).await;
    let mut ann = Peer::open_with(scene.address, "ann", Some(PROTOCOL)).await;
    let note = scene
        .hear("ann", |note| matches!(note, FeedNote::Opened { .. }))
        .await;
    assert!(matches!(note, FeedNote::Opened { extended: true, .. }));
    ann.text("{\"id\":1,\"connect\":{\"session\":\"s\"}}\n{\"id\":2,\"seq\":1,\"publish\":{\"channel\":\"governance\",\"data\":1}}").await;
    ann.json().await;
    assert_eq!(ann.json().await["ack"], 1);

    let hint = json!({"code": 1012, "hint": {"minMs": 100, "windowMs": 2000}});
    scene.order(json!({"act": {"close": hint}}));
    let disconnect = ann.json().await["push"]["disconnect"].take();
    assert_eq!(
        (&disconnect["min_ms"], &disconnect["window_ms"]),
        (&json!(100), &json!(2000))
    );
    assert_eq!(ann.hear().await, Heard::Close(1012, String::new()));
}

#[tokio::test]
async fn a_hint_is_for_those_who_speak_the_additions() {
    let mut scene = serve(&[]).await;
    let mut ann = Peer::open_with(scene.address, "ann", Some(PROTOCOL)).await;
    scene
        .hear("ann", |note| matches!(note, FeedNote::Opened { .. }))
        .await;
    let mut bob = Peer::subscribed(scene.address, "bob").await;
    let hint = r#"{"hint":{"level":20,"wait_ms":900,"ttl":5}}"#;
    scene.stub.feed().tell_extended(scene.stub.now(), hint);
    scene.publish(1);
    assert_eq!(ann.json().await["hint"]["level"], 20);
    assert_eq!(bob.json().await["push"]["pub"]["data"], 1);
}

#[tokio::test]
async fn an_acknowledgement_can_get_lost_and_the_command_is_still_carried_out_once() {
    let scene = serve(&[("ann", SocketPoint::default(), SocketAct::LoseAcks(1))]).await;
    let connect = json!({"id": 1, "connect": {"session": "s"}});
    let send = |seq: u64| json!({"id": seq, "seq": seq, "publish": {"channel": "governance", "data": seq}});
    let mut ann = Peer::open_with(scene.address, "ann", Some(PROTOCOL)).await;
    for command in [connect.clone(), send(1), send(2)] {
        ann.say(command).await;
    }
    assert_eq!(ann.json().await["id"], 1);
    assert_eq!(ann.json().await["ack"], 2);
    drop(ann);

    let mut again = Peer::open_with(scene.address, "bob", Some(PROTOCOL)).await;
    for command in [connect, send(1)] {
        again.say(command).await;
        assert_eq!(again.json().await["ack"], 2);
    }
    assert_eq!(come_back(&scene, "cid").await["offset"], 2);
}
