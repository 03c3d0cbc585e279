//! Channels that rest, because their owner says so or their handler has enough.

use alloc::format;
use alloc::vec::Vec;

use super::stage::{CHANNEL, Stage, publication};
use crate::Instant;
use crate::session::{Input, Protocol, SocketChange, Wish};
use crate::testing::test;

fn pause(stage: &mut Stage, pauses: bool) {
    stage.session.pause(CHANNEL, pauses);
    stage.run();
}

/// The commands of this kind.
fn said(stage: &Stage, kind: &str) -> usize {
    let all = stage.sent.iter();
    all.filter(|(_, text)| text.contains(&format!("\"{kind}\":")))
        .count()
}

fn replay(stage: &mut Stage, from: u64, to: u64) {
    let all: Vec<alloc::string::String> = (from..=to)
        .map(|n| format!(r#"{{"offset":{n},"data":{n}}}"#))
        .collect();
    let all = all.join(",");
    stage.hear(&format!(
        r#"{{"id":9,"replay":{{"channel":"governance","epoch":"e","offset":{to},"publications":[{all}]}}}}"#
    ));
}

fn handle(stage: &mut Stage) {
    let delivery = stage.delivered.last().unwrap().id;
    stage.say(Input::Handled { delivery, ok: true });
}

#[test]
fn a_server_is_told_and_goes_on_from_the_position() {
    let mut stage = Stage::greeted(0);
    stage.publish(1);
    pause(&mut stage, true);
    pause(&mut stage, true);
    assert_eq!((said(&stage, "pause"), said(&stage, "gap")), (1, 0));
    assert_eq!(stage.session.health(stage.at).paused_channels, 1);
    // What was under way waits here.
    stage.publish(2);
    assert_eq!(stage.offsets(), [1]);
    stage.pass(60_000 - 35_000);
    stage.hear("{}");
    pause(&mut stage, false);
    assert!(
        stage
            .last_sent()
            .contains(r#""have":{"epoch":"e","offset":2}"#),
        "{}",
        stage.last_sent()
    );
    replay(&mut stage, 3, 7);
    stage.publish(8);
    assert_eq!(stage.offsets(), [1, 2, 3, 4, 5, 6, 7, 8]);
    assert_eq!((said(&stage, "pause"), said(&stage, "gap")), (1, 1));
    assert_eq!(
        stage.session.health(stage.at).gaps,
        0,
        "nothing was missing"
    );
    assert_eq!(stage.session.health(stage.at).paused_channels, 0);
}

#[test]
fn what_is_gone_by_then_is_read_anew() {
    let mut stage = Stage::greeted(0);
    pause(&mut stage, true);
    pause(&mut stage, false);
    stage.hear(r#"{"id":9,"snapshot":{"channel":"governance","epoch":"e","offset":500}}"#);
    assert_eq!(stage.snapshots[0].position.offset, 500);
}

#[test]
fn on_another_connection_the_server_is_told_again() {
    let mut stage = Stage::greeted(4);
    pause(&mut stage, true);
    stage.drop_with(1_006);
    stage.await_connect();
    stage.open();
    stage.greet(
        6,
        r#","recovered":true,"publications":[{"offset":5,"data":5},{"offset":6,"data":6}]"#,
    );
    assert_eq!(said(&stage, "pause"), 2);
    assert!(stage.offsets().is_empty());
    pause(&mut stage, false);
    assert_eq!(stage.offsets(), [5, 6]);
    replay(&mut stage, 7, 7);
    assert_eq!(stage.offsets(), [5, 6, 7]);
}

#[test]
fn a_snapshot_waits_too_and_nothing_keeps_the_clock_busy() {
    let mut stage = Stage::greeted(4);
    stage.publish(6);
    pause(&mut stage, true);
    stage.hear(r#"{"id":9,"snapshot":{"channel":"governance","epoch":"e","offset":9}}"#);
    assert!(stage.snapshots.is_empty());
    stage.pass(20_000);
    stage.hear("{}");
    pause(&mut stage, false);
    assert_eq!(stage.snapshots.len(), 1);
}

#[test]
fn a_message_that_is_out_is_handled_to_its_end() {
    let mut stage = Stage::greeted(0);
    stage.handles = false;
    stage.publish(1);
    stage.publish(2);
    pause(&mut stage, true);
    handle(&mut stage);
    assert_eq!(stage.offsets(), [1]);
    assert_eq!(stage.session.position(CHANNEL).unwrap().offset, 1);
    assert!(stage.wake > stage.at.now && stage.wake < Instant::NEVER);
    pause(&mut stage, false);
    assert_eq!(stage.offsets(), [1, 2]);
}

#[test]
fn a_handler_that_has_enough_stops_the_server_and_nothing_is_lost() {
    let mut stage = Stage::greeted(0);
    stage.handles = false;
    let mut top = 0;
    while said(&stage, "pause") == 0 {
        top += 1;
        stage.publish(top);
    }
    assert_eq!(top, 193, "at three quarters of 256");
    // Those that were under way have room.
    for offset in 194..=200 {
        stage.publish(offset);
    }
    while said(&stage, "gap") == 0 {
        handle(&mut stage);
    }
    assert_eq!(stage.offsets().len(), 73, "at half of it");
    assert!(stage.last_sent().contains(r#""offset":200"#));
    replay(&mut stage, 201, 210);
    while stage.offsets().len() < 210 {
        handle(&mut stage);
    }
    assert_eq!(stage.offsets(), (1..=210).collect::<Vec<u64>>());
    assert_eq!(
        (said(&stage, "pause"), stage.session.health(stage.at).gaps),
        (1, 0)
    );
}

#[test]
fn bytes_count_as_well() {
    let mut stage = Stage::greeted(0);
    stage.handles = false;
    let long = "x".repeat(200_000);
    for offset in 1..=4 {
        stage.hear(&format!(
            r#"{{"push":{{"channel":"governance","pub":{{"offset":{offset},"data":"{long}"}}}}}}"#
        ));
    }
    assert_eq!(said(&stage, "pause"), 1);
}

#[test]
fn a_gap_is_asked_for_when_it_goes_on() {
    let mut stage = Stage::greeted(0);
    pause(&mut stage, true);
    stage.publish(3);
    assert_eq!(said(&stage, "gap"), 0);
    pause(&mut stage, false);
    assert!(
        stage
            .last_sent()
            .contains(r#""have":{"epoch":"e","offset":0}"#)
    );
    replay(&mut stage, 1, 3);
    assert_eq!(stage.offsets(), [1, 2, 3]);
    assert_eq!(said(&stage, "gap"), 1);
}

#[test]
fn a_server_without_such_a_word_is_told_nothing() {
    let mut stage = Stage::new(Protocol::Centrifugo);
    stage.session.subscribe(CHANNEL, Wish::default());
    stage.start();
    stage.open();
    stage.greet(0, "");
    pause(&mut stage, true);
    for offset in 1..=3 {
        stage.hear(&publication(offset));
    }
    let sent = stage.sent.len();
    pause(&mut stage, false);
    assert_eq!(stage.offsets(), [1, 2, 3]);
    assert_eq!(stage.sent.len(), sent);
    assert!(!stage.changes().contains(&SocketChange::Gap));
}
