//! Channels: in order, once, nothing missing, and where they were.

use alloc::format;
use alloc::string::String;

use super::stage::{CHANNEL, Stage, publication};
use crate::Millis;
use crate::session::{Input, LinkId, Position, Protocol, SocketChange, Wish};
use crate::testing::test;

fn position(stage: &Stage) -> Option<(&str, u64)> {
    let position = stage.session.position(CHANNEL)?;
    Some((&position.epoch, position.offset))
}

fn count(stage: &Stage, change: SocketChange) -> usize {
    stage
        .changes()
        .iter()
        .filter(|each| **each == change)
        .count()
}

/// It was dropped, and the server greets again with this about the channel.
fn again(stage: &mut Stage, offset: u64, more: &str) {
    stage.drop_with(1_006);
    stage.await_connect();
    stage.open();
    stage.greet(offset, more);
}

#[test]
fn the_order_is_that_of_the_numbers_whatever_the_server_sends() {
    let mut stage = Stage::greeted(0);
    for offset in [1, 2, 2, 5, 3] {
        stage.publish(offset);
    }
    assert_eq!(stage.offsets(), [1, 2, 3]);
    assert_eq!(count(&stage, SocketChange::Gap), 1);
    assert!(
        stage
            .last_sent()
            .contains(r#""gap":{"channel":"governance","have":{"epoch":"e","offset":2}"#)
    );
    stage.hear(r#"{"id":9,"replay":{"channel":"governance","epoch":"e","offset":5,"publications":[{"offset":3,"data":3},{"offset":4,"data":4},{"offset":5,"data":5}]}}"#);
    assert_eq!(stage.offsets(), [1, 2, 3, 4, 5]);
    let health = stage.session.health(stage.at);
    assert_eq!((health.gaps, health.stale_channels), (1, 0));
    assert_eq!(position(&stage), Some(("e", 5)));
}

#[test]
fn a_gap_is_asked_for_once() {
    let mut stage = Stage::greeted(0);
    for offset in 10..60 {
        stage.publish(offset);
    }
    let gaps = stage
        .sent
        .iter()
        .filter(|(_, text)| text.contains("\"gap\""))
        .count();
    assert_eq!((gaps, stage.offsets().len()), (1, 0));
}

#[test]
fn a_gap_that_closes_by_itself_is_none_any_more() {
    let mut stage = Stage::greeted(0);
    stage.on(Input::Frame {
        link: stage.link(),
        text: format!("{}\n{}", publication(2), publication(1)),
    });
    stage.run();
    assert_eq!(stage.offsets(), [1, 2]);
    assert!(!stage.last_sent().contains("gap"));
}

#[test]
fn numbers_that_have_nothing_for_this_client_are_no_gap() {
    let mut stage = Stage::greeted(0);
    stage.publish(1);
    stage.hear(r#"{"push":{"channel":"governance","skip":{"from":2,"to":9}}}"#);
    assert_eq!(position(&stage), Some(("e", 9)));
    stage.publish(10);
    assert_eq!(stage.offsets(), [1, 10]);
    assert_eq!(count(&stage, SocketChange::Gap), 0);
}

#[test]
fn what_has_no_number_moves_nothing() {
    let mut stage = Stage::greeted(4);
    stage.hear(r#"{"push":{"channel":"governance","pub":{"data":"EURUSD"}}}"#);
    assert_eq!(stage.delivered[0].data, "\"EURUSD\"");
    assert_eq!(position(&stage), Some(("e", 4)));
}

#[test]
fn offsets_may_be_texts_and_beyond_what_javascript_counts() {
    let mut stage = Stage::greeted(9_007_199_254_740_993);
    stage.hear(r#"{"push":{"channel":"governance","pub":{"offset":"9007199254740994","data":1}}}"#);
    assert_eq!(stage.offsets(), [9_007_199_254_740_994]);
}

#[test]
fn a_connection_that_comes_back_says_where_it_was_in_its_first_frame() {
    let mut stage = Stage::greeted(0);
    stage.publish(1);
    stage.publish(2);
    stage.drop_with(1_006);
    stage.await_connect();
    stage.open();
    assert!(
        stage
            .last_sent()
            .contains(r#""subs":{"governance":{"recover":true,"epoch":"e","offset":2}}"#)
    );
    stage.greet(4, r#","recovered":true,"was_recovering":true,"publications":[{"offset":3,"data":3},{"offset":4,"data":4}]"#);
    assert_eq!(stage.offsets(), [1, 2, 3, 4]);
    let resumed = stage
        .told
        .iter()
        .find(|event| event.change == SocketChange::Resumed);
    assert_eq!(resumed.map(|event| event.messages), Some(2));
}

#[test]
fn what_the_server_says_is_recovered_and_is_not_is_asked_for() {
    let mut stage = Stage::greeted(0);
    again(
        &mut stage,
        4,
        r#","recovered":true,"publications":[{"offset":1,"data":1},{"offset":4,"data":4}]"#,
    );
    assert_eq!(stage.offsets(), [1]);
    assert!(stage.last_sent().contains("\"gap\""));
}

#[test]
fn a_memory_that_was_lost_is_read_anew() {
    for (offset, more) in [(7, r#","recovered":false"#), (1, r#","recovered":true"#)] {
        let mut stage = Stage::greeted(0);
        for each in 1..=3 {
            stage.publish(each);
        }
        again(&mut stage, offset, more);
        stage.pass(2_500);
        assert_eq!(stage.snapshots.len(), 1, "{more}");
        stage.publish(offset + 1);
        assert_eq!(stage.offsets(), [1, 2, 3], "nothing before the snapshot");
        assert_eq!(stage.session.health(stage.at).stale_channels, 1);
        let snapshot = stage.snapshots.last().unwrap().id;
        stage.say(Input::Snapshot { snapshot, ok: true });
        assert_eq!(stage.offsets(), [1, 2, 3, offset + 1]);
        assert_eq!(position(&stage), Some(("e", offset + 1)));
    }
}

#[test]
fn another_epoch_is_never_replayed() {
    let mut stage = Stage::greeted(0);
    stage.publish(1);
    stage.drop_with(1_006);
    stage.await_connect();
    stage.open();
    stage.hear(r#"{"id":9,"connect":{"session":"s","ping":25,"subs":{"governance":{"positioned":true,"recovered":true,"epoch":"f","offset":2,"publications":[{"offset":2,"data":2}]}}}}"#);
    stage.pass(2_500);
    assert_eq!(stage.offsets(), [1]);
    assert_eq!(
        stage.snapshots[0].position,
        Position {
            epoch: "f".into(),
            offset: 2
        }
    );
}

#[test]
fn snapshots_of_a_fleet_are_spread() {
    let late = (0..100).filter(|seed| {
        let mut stage = Stage::with(Protocol::Tidegate, *seed, |_| {});
        stage.session.subscribe(CHANNEL, Wish::default());
        stage.start();
        stage.open();
        stage.greet(5, "");
        again(&mut stage, 9, r#","recovered":false"#);
        stage.pass(1_250);
        let early = stage.snapshots.is_empty();
        stage.pass(1_250);
        assert_eq!(stage.snapshots.len(), 1);
        early
    });
    assert!((30..=70).contains(&late.count()));
}

#[test]
fn a_snapshot_that_fails_is_asked_for_again_and_later() {
    let mut stage = Stage::greeted(0);
    again(&mut stage, 9, r#","recovered":false"#);
    stage.pass(2_500);
    for tries in 1..6 {
        assert_eq!(stage.snapshots.len(), tries);
        let snapshot = stage.snapshots.last().unwrap().id;
        stage.say(Input::Snapshot {
            snapshot,
            ok: false,
        });
        assert_eq!(stage.snapshots.len(), tries);
        stage.pass(20_000);
        stage.hear("{}");
    }
}

#[test]
fn what_is_gone_is_read_where_the_server_says() {
    let mut stage = Stage::greeted(0);
    stage.publish(3);
    stage.hear(r#"{"id":9,"snapshot":{"channel":"governance","url":"/api/assets","epoch":"e","offset":3}}"#);
    assert_eq!(stage.snapshots[0].url.as_deref(), Some("/api/assets"));
}

#[test]
fn a_gap_that_nobody_answers_is_asked_for_with_another_subscription() {
    for (stand, delivered, snapshots) in [
        (
            r#""recovered":true,"was_recovering":true,"publications":[{"offset":1,"data":1},{"offset":2,"data":2},{"offset":3,"data":3}]"#,
            &[1, 2, 3][..],
            0,
        ),
        (r#""was_recovering":true"#, &[], 1),
    ] {
        let mut stage = Stage::greeted(0);
        stage.publish(3);
        stage.pass(10_000);
        let last: alloc::vec::Vec<&str> = stage
            .sent
            .iter()
            .rev()
            .take(2)
            .map(|(_, text)| &**text)
            .collect();
        assert!(
            last[1].contains("unsubscribe")
                && last[0].contains(r#""recover":true,"epoch":"e","offset":0"#),
            "{last:?}"
        );
        let json: serde_json::Value = serde_json::from_str(last[0]).unwrap();
        stage.hear(&format!(
            r#"{{"id":{},"subscribe":{{"positioned":true,"epoch":"e","offset":3,{stand}}}}}"#,
            json["id"]
        ));
        assert_eq!(stage.offsets(), delivered);
        assert_eq!(stage.snapshots.len(), snapshots);
    }
}

#[test]
fn a_subscription_that_the_server_ends_is_made_again_or_told() {
    let mut stage = Stage::greeted(3);
    stage.hear(r#"{"push":{"channel":"governance","unsubscribe":{"code":2500}}}"#);
    assert!(stage.last_sent().contains("\"subscribe\""));
    let mut stage = Stage::greeted(3);
    stage.hear(r#"{"push":{"channel":"governance","unsubscribe":{"code":2000}}}"#);
    assert_eq!(count(&stage, SocketChange::SubscriptionRefused), 1);
    assert!(!stage.last_sent().contains("\"subscribe\""));
}

#[test]
fn one_that_has_stood_for_long_is_made_again_at_once_each_time() {
    let mut stage = Stage::greeted(3);
    for _ in 0..5 {
        stage.pass(20_000);
        stage.sent.clear();
        stage.hear(r#"{"push":{"channel":"governance","unsubscribe":{"code":2500}}}"#);
        let json: serde_json::Value = serde_json::from_str(stage.last_sent()).unwrap();
        assert!(json["subscribe"].is_object(), "{json}");
        stage.hear(&format!(
            r#"{{"id":{},"subscribe":{{"positioned":true,"epoch":"e","offset":3}}}}"#,
            json["id"]
        ));
    }
}

/// Subscriptions within a minute to a server that answers each with this.
fn subscriptions(answer: impl Fn(u64) -> alloc::string::String) -> usize {
    let mut stage = Stage::greeted(3);
    let end = stage.at.now + Millis(60_000);
    let mut asked = 0;
    stage.sent.clear();
    stage.hear(&answer(0));
    while stage.at.now < end {
        let mut latest = stage.sent.iter().rev();
        let last = latest.find(|(_, text)| text.contains("\"subscribe\""));
        let last: Option<serde_json::Value> =
            last.map(|(_, text)| serde_json::from_str(text).unwrap());
        stage.sent.clear();
        if let Some(id) = last.and_then(|last| last["id"].as_u64()) {
            asked += 1;
            stage.hear(&answer(id));
        }
        stage.pass(25);
    }
    asked
}

#[test]
fn a_server_that_ends_each_subscription_is_asked_more_and_more_rarely() {
    let ended = |id: u64| match id {
        0 => r#"{"push":{"channel":"governance","unsubscribe":{"code":2500}}}"#.into(),
        _ => format!(
            r#"{{"id":{id},"subscribe":{{"positioned":true,"epoch":"e","offset":3}}}}
{{"push":{{"channel":"governance","unsubscribe":{{"code":2500}}}}}}"#
        ),
    };
    let made = subscriptions(ended);
    assert!((3..=10).contains(&made), "{made}");
    let unrecoverable = |id: u64| match id {
        0 => r#"{"push":{"channel":"governance","unsubscribe":{"code":2500}}}"#.into(),
        _ => format!(r#"{{"id":{id},"error":{{"code":112,"message":"unrecoverable position"}}}}"#),
    };
    let made = subscriptions(unrecoverable);
    assert!((3..=10).contains(&made), "{made}");
}

#[test]
fn a_gap_behind_a_snapshot_is_closed_after_it() {
    let mut stage = Stage::greeted(0);
    stage.publish(3);
    stage.hear(r#"{"id":9,"snapshot":{"channel":"governance","epoch":"e","offset":3}}"#);
    stage.publish(5);
    assert!(stage.offsets().is_empty());
    let snapshot = stage.snapshots.last().unwrap().id;
    stage.say(Input::Snapshot { snapshot, ok: true });
    assert!(
        stage
            .last_sent()
            .contains(r#""gap":{"channel":"governance","have":{"epoch":"e","offset":3}"#)
    );
}

#[test]
fn what_is_said_of_an_older_snapshot_is_not_said_of_the_newer() {
    let mut stage = Stage::greeted(0);
    again(&mut stage, 9, r#","recovered":false"#);
    stage.pass(2_500);
    let old = stage.snapshots[0].id;
    again(&mut stage, 20, r#","recovered":false"#);
    stage.pass(2_500);
    stage.publish(21);
    assert_eq!(
        stage.snapshots.len(),
        1,
        "older state would come over newer"
    );
    for ok in [true, false] {
        stage.say(Input::Snapshot { snapshot: old, ok });
        stage.pass(2_500);
        assert_eq!(stage.snapshots.len(), 2);
        assert!(stage.offsets().is_empty());
        assert_eq!(position(&stage), Some(("e", 0)));
    }
    let new = stage.snapshots[1].id;
    let (snapshot, ok) = (new, false);
    stage.say(Input::Snapshot { snapshot, ok });
    stage.pass(20_000);
    assert_eq!(
        stage.snapshots[2].position.offset, 20,
        "and it is read again"
    );
    let (snapshot, ok) = (stage.snapshots[2].id, true);
    stage.say(Input::Snapshot { snapshot, ok });
    assert_eq!(stage.offsets(), [21]);
    assert_eq!(position(&stage), Some(("e", 21)));
}

#[test]
fn what_is_said_of_a_snapshot_is_not_said_of_another_subscription() {
    let mut stage = Stage::greeted(0);
    again(&mut stage, 9, r#","recovered":false"#);
    stage.pass(2_500);
    let snapshot = stage.snapshots[0].id;
    stage.session.unsubscribe(CHANNEL);
    let anew = true;
    (stage.session).subscribe(CHANNEL, Wish { anew, every: None });
    stage.run();
    let sent: serde_json::Value = serde_json::from_str(stage.last_sent()).unwrap();
    stage.hear(&format!(
        r#"{{"id":{},"subscribe":{{"positioned":true,"epoch":"e","offset":20}}}}"#,
        sent["id"]
    ));
    assert_eq!(stage.snapshots.len(), 2);
    stage.say(Input::Snapshot { snapshot, ok: true });
    assert_eq!(position(&stage), None);
}

/// A channel that is given up between what the server was told of it and its answer is ended there too, or it would refuse the next subscription.
#[test]
fn who_leaves_before_the_greeting_is_not_left_behind() {
    let ended = |stage: &Stage, link: LinkId| {
        let unsubscribes =
            |(each, text): &&(LinkId, String)| *each == link && text.contains("unsubscribe");
        stage.sent.iter().filter(unsubscribes).count()
    };
    let mut stage = Stage::new(Protocol::Tidegate);
    stage.session.subscribe(CHANNEL, Wish::default());
    stage.start();
    stage.open();
    stage.session.unsubscribe(CHANNEL);
    stage.greet(0, "");
    assert_eq!(ended(&stage, stage.link()), 1);

    let mut stage = Stage::greeted(0);
    stage.hear(r#"{"drain":{"by_ms":20000,"window_ms":1000}}"#);
    stage.await_connect();
    let next = stage.sockets[1];
    stage.say(Input::Opened { link: next });
    stage.session.unsubscribe(CHANNEL);
    stage.say(Input::Frame {
        link: next,
        text:
            r#"{"id":1,"connect":{"session":"s","subs":{"governance":{"epoch":"e","offset":0}}}}"#
                .into(),
    });
    assert_eq!((stage.session.link(), ended(&stage, next)), (Some(next), 1));
}
