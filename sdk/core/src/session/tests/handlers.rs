//! What handlers are given, and when a position moves.

use alloc::format;

use super::stage::{CHANNEL, Stage};
use crate::Millis;
use crate::session::{Input, Protocol, SocketChange, Wish};
use crate::testing::test;

fn position(stage: &Stage) -> Option<(&str, u64)> {
    let position = stage.session.position(CHANNEL)?;
    Some((&position.epoch, position.offset))
}

fn count(stage: &Stage, change: SocketChange) -> usize {
    let changes = stage.changes();
    changes.iter().filter(|each| **each == change).count()
}

#[test]
fn a_position_moves_when_the_handler_has_succeeded() {
    let mut stage = Stage::greeted(0);
    stage.handles = false;
    stage.publish(1);
    stage.publish(2);
    assert_eq!(
        (stage.offsets().as_slice(), position(&stage)),
        (&[1][..], Some(("e", 0)))
    );
    let delivery = stage.delivered[0].id;
    stage.say(Input::Handled {
        delivery,
        ok: false,
    });
    assert_eq!(position(&stage), Some(("e", 0)));
    stage.pass(1_000);
    assert_eq!(stage.offsets(), [1, 1]);
    assert_eq!(stage.delivered[1].attempt, 2);
    let delivery = stage.delivered[1].id;
    stage.say(Input::Handled { delivery, ok: true });
    assert_eq!(
        (stage.offsets().as_slice(), position(&stage)),
        (&[1, 1, 2][..], Some(("e", 1)))
    );
}

#[test]
fn a_message_that_no_handler_can_bear_is_passed_over_and_told() {
    let mut stage = Stage::greeted(0);
    stage.handles = false;
    stage.publish(1);
    stage.publish(2);
    for tries in 1..=3 {
        let delivery = stage.delivered.last().unwrap();
        assert_eq!((delivery.offset, delivery.attempt), (1, tries));
        let delivery = delivery.id;
        stage.say(Input::Handled {
            delivery,
            ok: false,
        });
        stage.pass(5_000);
    }
    assert_eq!(stage.delivered.last().unwrap().offset, 2);
    assert_eq!(count(&stage, SocketChange::PassedOver), 1);
}

#[test]
fn one_channels_handler_holds_up_no_other() {
    let mut stage = Stage::greeted(0);
    stage.session.subscribe("other", Wish::default());
    stage.run();
    let json: serde_json::Value = serde_json::from_str(stage.last_sent()).unwrap();
    stage.hear(&format!(
        r#"{{"id":{},"subscribe":{{"positioned":true,"epoch":"x","offset":0}}}}"#,
        json["id"]
    ));
    stage.handles = false;
    stage.publish(1);
    stage.hear(r#"{"push":{"channel":"other","pub":{"offset":1,"data":1}}}"#);
    assert_eq!(stage.delivered.len(), 2);
}

#[test]
fn positions_survive_a_reload() {
    let mut stage = Stage::greeted(0);
    stage.publish(1);
    let kept = stage.session.positions();
    let mut reloaded = Stage::new(Protocol::Tidegate);
    reloaded.session.restore(&kept);
    assert_eq!(
        reloaded.session.positions(),
        kept,
        "also before anybody subscribes"
    );
    reloaded.session.subscribe(
        CHANNEL,
        Wish {
            anew: true,
            ..Wish::default()
        },
    );
    reloaded.start();
    reloaded.open();
    assert!(
        reloaded
            .last_sent()
            .contains(r#""recover":true,"epoch":"e","offset":1"#)
    );
    for nonsense in ["", "{", "[]", "{\"a\":1}", "null"] {
        Stage::new(Protocol::Tidegate).session.restore(nonsense);
    }
}

#[test]
fn a_channel_that_wants_its_state_first_gets_it() {
    let mut stage = Stage::new(Protocol::Tidegate);
    stage.session.subscribe(
        CHANNEL,
        Wish {
            anew: true,
            ..Wish::default()
        },
    );
    stage.start();
    stage.open();
    stage.greet(7, "");
    assert_eq!(stage.snapshots[0].position.offset, 7);
}

#[test]
fn of_what_is_conflated_the_latest_of_each_key_comes_at_its_rate() {
    let mut stage = Stage::new(Protocol::Tidegate);
    let every = Some(Millis(1_000));
    stage
        .session
        .subscribe(CHANNEL, Wish { every, anew: false });
    stage.start();
    stage.open();
    stage.greet(0, "");
    for offset in 1..=20 {
        let key = offset % 2;
        stage.hear(&format!(r#"{{"push":{{"channel":"governance","pub":{{"offset":{offset},"key":"{key}","data":{offset}}}}}}}"#));
        stage.pass(100);
    }
    stage.pass(1_000);
    assert_eq!(stage.offsets(), [1, 9, 10, 19, 20]);
    assert_eq!(position(&stage), Some(("e", 20)));
    assert_eq!(stage.session.health(stage.at).conflated, 15);
    stage.say(Input::Hidden(true));
    stage.hear(r#"{"push":{"channel":"governance","pub":{"offset":21,"key":"0","data":21}}}"#);
    for offset in 22..100 {
        stage.hear(&format!(r#"{{"push":{{"channel":"governance","pub":{{"offset":{offset},"key":"0","data":{offset}}}}}}}"#));
        stage.pass(100);
    }
    assert_eq!(stage.offsets()[5..], [21]);
    stage.pass(10_000);
    assert_eq!(stage.offsets()[5..], [21, 99]);
}

#[test]
fn a_handler_that_is_slow_is_read_for_again_and_nothing_is_lost() {
    let mut stage = Stage::greeted(0);
    stage.handles = false;
    for offset in 1..=600 {
        stage.publish(offset);
    }
    assert_eq!(count(&stage, SocketChange::Gap), 0);
    while stage.offsets().last() < Some(&130) {
        let delivery = stage.delivered.last().unwrap().id;
        stage.say(Input::Handled { delivery, ok: true });
    }
    assert!(
        stage
            .last_sent()
            .contains(r#""have":{"epoch":"e","offset":256}"#),
        "{}",
        stage.last_sent()
    );
}

#[test]
fn what_is_read_anew_waits_for_the_handler_that_is_still_at_work() {
    for ok in [true, false] {
        let mut stage = Stage::greeted(0);
        stage.handles = false;
        stage.publish(1);
        stage.publish(2);
        stage.drop_with(1_006);
        stage.await_connect();
        stage.open();
        stage.greet(20, r#","recovered":false"#);
        stage.publish(21);
        stage.pass(5_000);
        assert_eq!(
            stage.snapshots.len(),
            0,
            "older state would come over newer"
        );
        let delivery = stage.delivered[0].id;
        stage.say(Input::Handled { delivery, ok });
        assert_eq!(
            (stage.snapshots.len(), position(&stage)),
            (1, Some(("e", 0)))
        );
        assert_eq!(count(&stage, SocketChange::HandlerFailed), 0);
        let (snapshot, ok) = (stage.snapshots[0].id, true);
        stage.say(Input::Snapshot { snapshot, ok });
        assert_eq!(
            (stage.offsets(), position(&stage)),
            ([1, 21].into(), Some(("e", 20)))
        );
        assert_eq!(stage.delivered[1].attempt, 1);
    }
}

#[test]
fn a_message_that_takes_the_place_of_a_failed_one_has_failed_never() {
    let mut stage = Stage::new(Protocol::Tidegate);
    let every = Some(Millis(1_000));
    stage
        .session
        .subscribe(CHANNEL, Wish { every, anew: false });
    stage.start();
    stage.open();
    stage.greet(0, "");
    stage.handles = false;
    for offset in 1..=4 {
        stage.hear(&format!(
            r#"{{"push":{{"channel":"governance","pub":{{"offset":{offset},"key":"k","data":{offset}}}}}}}"#
        ));
        stage.pass(20_000);
        let last = stage.delivered.last().unwrap();
        assert_eq!((last.offset, last.attempt), (offset, 1));
        let delivery = last.id;
        let ok = false;
        stage.say(Input::Handled { delivery, ok });
    }
    assert_eq!(count(&stage, SocketChange::PassedOver), 0);
}

#[test]
fn what_is_conflated_keeps_its_rate_over_numbers_without_a_message() {
    let mut stage = Stage::new(Protocol::Tidegate);
    let every = Some(Millis(1_000));
    stage
        .session
        .subscribe(CHANNEL, Wish { every, anew: false });
    stage.start();
    stage.open();
    stage.greet(0, "");
    stage.handles = false;
    let message = |offset: u64| {
        format!(
            r#"{{"push":{{"channel":"governance","pub":{{"offset":{offset},"key":"k","data":{offset}}}}}}}"#
        )
    };
    let skip = r#"{"push":{"channel":"governance","skip":{"from":2,"to":2}}}"#;
    stage.hear(&format!("{}\n{skip}", message(1)));
    stage.hear(&message(3));
    let delivery = stage.delivered[0].id;
    stage.say(Input::Handled { delivery, ok: true });
    assert_eq!(stage.offsets(), [1], "not before its time");
    stage.pass(1_000);
    assert_eq!(stage.offsets(), [1, 3]);
}
