//! Messages that are kept on a disk: carried out once and in order, whatever becomes of connections and pages.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::stage::{CHANNEL, Stage};
use crate::Rng;
use crate::session::{
    DropReason, Input, Kept, Overflow, Protocol, SendState, SocketChange, SocketState, Wish,
};
use crate::testing::test as case;

/// The commands that have a key: their number, key, channel and what they say.
fn written(stage: &Stage) -> Vec<(u64, String, u64)> {
    let all = (stage.sent.iter()).map(|(_, text)| serde_json::from_str::<Value>(text).unwrap());
    all.filter_map(|command| {
        let publish = &command["publish"];
        let key = publish["idem"].as_str()?;
        assert!(command.get("seq").is_none());
        Some((
            command["id"].as_u64()?,
            key.into(),
            publish["data"].as_u64()?,
        ))
    })
    .collect()
}

fn keep(stage: &mut Stage, key: &str, channel: &str, data: u64) {
    assert!(stage.session.publish_kept(key, channel, &data.to_string()));
    stage.run();
}

fn answer(stage: &mut Stage, place: usize, what: &str) {
    let (id, ..) = written(stage)[place];
    stage.hear(&format!(r#"{{"id":{id},{what}}}"#));
}

fn fates(stage: &Stage) -> Vec<(&str, SendState, Option<DropReason>)> {
    let fates = stage.kept.iter();
    fates
        .map(|kept| (&*kept.key, kept.state, kept.why))
        .collect()
}

const DONE: &str = r#""publish":{}"#;

#[case]
fn one_of_a_channel_is_out_at_a_time_and_channels_do_not_wait_for_each_other() {
    let mut stage = Stage::greeted(0);
    for (key, channel, data) in [("a", "x", 1), ("b", "x", 2), ("c", "y", 3)] {
        keep(&mut stage, key, channel, data);
    }
    let keys = |stage: &Stage| -> String { written(stage).iter().map(|it| &*it.1).collect() };
    assert_eq!(keys(&stage), "ac");
    answer(&mut stage, 0, DONE);
    assert_eq!(keys(&stage), "acb");
    assert_eq!(
        fates(&stage)[2..],
        [
            ("a", SendState::Acknowledged, None),
            ("b", SendState::Written, None)
        ]
    );
    assert_eq!(stage.session.kept(), 2);
}

#[case]
fn the_next_connection_has_what_has_no_answer_with_the_key_that_it_had() {
    let mut stage = Stage::greeted(0);
    keep(&mut stage, "a", "x", 1);
    keep(&mut stage, "b", "x", 2);
    stage.drop_with(1_006);
    stage.await_connect();
    stage.open();
    stage.greet(0, "");
    let keys: Vec<String> = written(&stage).into_iter().map(|it| it.1).collect();
    assert_eq!(keys, ["a", "a"]);
    // What the first connection still had to say is nobody's.
    let first = written(&stage)[0].0;
    stage.hear(&format!(r#"{{"id":{first},{DONE}}}"#));
    assert_eq!(stage.session.kept(), 2);
}

#[case]
fn an_answer_that_does_not_come_is_asked_for_again() {
    let mut stage = Stage::greeted(0);
    keep(&mut stage, "a", "x", 1);
    stage.pass(9_999);
    assert_eq!(written(&stage).len(), 1);
    stage.pass(1);
    assert_eq!(written(&stage).len(), 2);
}

#[case]
fn a_server_that_has_no_time_has_it_later_and_nothing_overtakes_it() {
    let mut stage = Stage::greeted(0);
    keep(&mut stage, "a", "x", 1);
    keep(&mut stage, "b", "x", 2);
    let busy = r#""error":{"code":100,"message":"busy","temporary":true}"#;
    answer(&mut stage, 0, busy);
    assert_eq!(written(&stage).len(), 1);
    stage.pass(1_000);
    let keys: Vec<String> = written(&stage).into_iter().map(|it| it.1).collect();
    assert_eq!(keys, ["a", "a"]);
}

#[case]
fn what_the_server_will_not_have_is_told_and_makes_way() {
    let mut stage = Stage::greeted(0);
    keep(&mut stage, "a", "x", 1);
    keep(&mut stage, "b", "x", 2);
    answer(&mut stage, 0, r#""error":{"code":103,"message":"no"}"#);
    let refused = ("a", SendState::Dropped, Some(DropReason::Refused));
    assert!(fates(&stage).contains(&refused));
    assert_eq!(written(&stage).len(), 2);
    let event = stage.session.kept_event(
        stage.at,
        &Kept {
            key: "a".into(),
            state: SendState::Dropped,
            why: Some(DropReason::Refused),
        },
    );
    assert_eq!(
        (event.change, event.message.as_deref(), event.state),
        (SocketChange::Durable, Some("a"), Some(SendState::Dropped))
    );
}

#[case]
fn what_ends_the_connection_by_its_size_does_not_end_the_next_one() {
    let mut stage = Stage::greeted(0);
    keep(&mut stage, "a", "x", 1);
    keep(&mut stage, "b", "y", 1_000_000);
    keep(&mut stage, "c", "y", 2);
    stage.drop_with(1_009);
    let gone = ("b", SendState::Dropped, Some(DropReason::TooLarge));
    assert_eq!(fates(&stage).last(), Some(&gone));
    stage.await_connect();
    stage.open();
    stage.greet(0, "");
    let keys: String = written(&stage).into_iter().map(|it| it.1).collect();
    assert_eq!(keys, "abac");
    // Where nothing of these was out, it is as ever.
    let mut stage = Stage::greeted(0);
    stage.drop_with(1_009);
    assert_eq!(stage.session.state(), SocketState::Stopped);
}

#[case]
fn it_was_out_on_the_connection_that_is_closed_whatever_was_tried_since() {
    let mut stage = Stage::greeted(0);
    let link = stage.link();
    keep(&mut stage, "a", "x", 1);
    stage.hear(r#"{"drain":{"by_ms":20000,"window_ms":1000}}"#);
    stage.await_connect();
    stage.say(Input::Closed { link, code: 1_009 });
    let gone = ("a", SendState::Dropped, Some(DropReason::TooLarge));
    assert_eq!(fates(&stage).last(), Some(&gone));
    assert_ne!(stage.session.state(), SocketState::Stopped);
}

#[case]
fn an_answer_that_is_late_is_the_answer() {
    let mut stage = Stage::greeted(0);
    keep(&mut stage, "a", "x", 1);
    stage.pass(10_000);
    assert_eq!(written(&stage).len(), 2, "it is repeated");
    answer(&mut stage, 0, DONE);
    assert_eq!(stage.session.kept(), 0);
}

#[case]
fn a_message_that_is_not_kept_may_have_been_the_larger_one() {
    let mut stage = Stage::greeted(0);
    keep(&mut stage, "a", "x", 1);
    let (at, large) = (stage.at, "1".repeat(100));
    stage
        .session
        .publish(at, "x", &large, true, Overflow::RejectNew);
    stage.run();
    stage.drop_with(1_009);
    assert_eq!(stage.session.state(), SocketState::Stopped);
    assert_eq!(stage.session.kept(), 1);
}

#[case]
fn what_is_remembered_of_channels_is_bounded() {
    let mut stage = Stage::new(Protocol::Tidegate);
    let many = (0..300).map(|n| format!(r#""{n}":{{"epoch":"e","offset":1}}"#));
    let many = format!("{{{}}}", many.collect::<Vec<_>>().join(","));
    stage.session.restore(&many);
    assert_eq!(stage.session.positions().matches("epoch").count(), 256);
}

#[case]
fn the_queue_in_memory_knows_nothing_of_them() {
    let mut stage = Stage::with(Protocol::Tidegate, 1, |manner| {
        manner.settings.queue_entries = 1;
        manner.settings.queue_age_ms = 1_000;
    });
    stage.start();
    for n in 0..3 {
        keep(&mut stage, &format!("{n}"), CHANNEL, n);
    }
    stage.pass(5_000);
    assert_eq!((stage.session.kept(), stage.kept.len()), (3, 0));
    let at = stage.at;
    let sent = (stage.session).publish(at, CHANNEL, "1", true, Overflow::RejectNew);
    assert_eq!(sent.state, SendState::Queued);
    assert_eq!(stage.session.health(at).dropped, 0);
}

#[case]
fn what_is_released_goes_no_more() {
    let mut stage = Stage::greeted(0);
    keep(&mut stage, "a", "x", 1);
    keep(&mut stage, "b", "x", 2);
    stage.session.release_kept();
    answer(&mut stage, 0, DONE);
    stage.pass(60_000);
    assert_eq!((written(&stage).len(), stage.kept.len()), (1, 1));
}

#[case]
fn what_is_no_json_or_comes_after_the_end_is_not_taken() {
    let mut stage = Stage::greeted(0);
    assert!(!stage.session.publish_kept("a", "x", "{"));
    stage.session.close(&mut stage.engine, stage.at, 1_000, "");
    assert!(!stage.session.publish_kept("a", "x", "1"));
    assert_eq!(stage.session.refuses("1"), Some(DropReason::Closed));
    let raw = Stage::open_raw();
    assert_eq!(raw.session.refuses("1"), Some(DropReason::Malformed));
}

#[case]
fn positions_may_come_after_the_channels() {
    let mut stage = Stage::new(Protocol::Tidegate);
    let wish = Wish {
        anew: true,
        ..Wish::default()
    };
    stage.session.subscribe(CHANNEL, wish);
    stage.start();
    let kept = r#"{"governance":{"epoch":"e","offset":7},"other":{"epoch":"f","offset":1}}"#;
    stage.session.restore(kept);
    assert_eq!(stage.session.positions(), kept);
    stage.open();
    assert!(
        stage
            .last_sent()
            .contains(r#""recover":true,"epoch":"e","offset":7"#)
    );
    stage.greet(7, r#","recovered":true"#);
    assert!(stage.snapshots.is_empty());
    // What is known from the server is not forgotten for what was kept.
    stage.publish(8);
    stage.session.restore(kept);
    assert_eq!(stage.session.position(CHANNEL).unwrap().offset, 8);
}

/// Pages that come and go over a disk, and a server that remembers keys.
struct World {
    stage: Stage,
    disk: Vec<(String, String, u64)>,
    /// What the server has carried out, and under which keys.
    done: Vec<(String, u64)>,
    seen: Vec<String>,
    greeted: bool,
    read: usize,
    rng: Rng,
    trouble: u64,
}

impl World {
    fn chance(&mut self) -> bool {
        self.rng.below(100) < self.trouble
    }

    /// A page begins, with what is on the disk.
    fn begin(&mut self) {
        self.stage = Stage::with(Protocol::Tidegate, self.rng.below(1_000_000), |_| {});
        self.greeted = false;
        self.read = 0;
        for (key, channel, data) in &self.disk {
            self.stage
                .session
                .publish_kept(key, channel, &data.to_string());
        }
        self.stage.start();
    }

    fn drop(&mut self) {
        self.greeted = false;
        if self.stage.session.link().is_some() {
            self.stage.drop_with(1_006);
        }
    }

    fn hear(&mut self, text: &str) -> Option<Value> {
        let command: Value = serde_json::from_str(text).unwrap();
        let id = &command["id"];
        if command.get("connect").is_some() {
            self.greeted = true;
            return Some(json!({"id": id, "connect": {"ping": 25, "session": "s"}}));
        }
        let publish = command.get("publish")?;
        if self.chance() {
            return Some(json!({"id": id, "error": {"code": 100, "temporary": true}}));
        }
        let key = publish["idem"].as_str().unwrap().to_string();
        if !self.seen.contains(&key) {
            self.seen.push(key);
            let channel = publish["channel"].as_str().unwrap().into();
            self.done.push((channel, publish["data"].as_u64().unwrap()));
        }
        Some(json!({"id": id, "publish": {}}))
    }

    /// All that is under way arrives, or something breaks.
    fn settle(&mut self) {
        for _ in 0..10_000 {
            for kept in core::mem::take(&mut self.stage.kept) {
                // The page may be gone before it has forgotten it.
                if kept.state == SendState::Acknowledged && !self.chance() {
                    self.disk.retain(|(key, ..)| *key != kept.key);
                }
            }
            if self.chance() && self.chance() {
                self.begin();
            }
            if self.stage.session.state() == SocketState::Connecting && !self.greeted {
                let link = self.stage.link();
                let sent = self.stage.sent.iter().skip(self.read);
                if !sent.clone().any(|(of, _)| *of == link) {
                    match self.chance() {
                        true => self.drop(),
                        false => self.stage.say(Input::Opened { link }),
                    }
                    continue;
                }
            }
            let Some((link, text)) = self.stage.sent.get(self.read).cloned() else {
                return;
            };
            self.read += 1;
            if self.stage.session.link() != Some(link) {
                continue;
            }
            if self.chance() {
                self.drop();
                continue;
            }
            let answer = self.hear(&text).map(|answer| answer.to_string());
            match answer {
                _ if self.chance() => self.drop(),
                Some(text) => self.stage.say(Input::Frame { link, text }),
                None => {}
            }
        }
        panic!("it never settles");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn what_is_kept_is_carried_out_once_and_in_order_by_whichever_page(seed in any::<u64>(), trouble in 0_u64..40) {
        let mut world = World {
            stage: Stage::new(Protocol::Tidegate),
            disk: Vec::new(),
            done: Vec::new(),
            seen: Vec::new(),
            greeted: false,
            read: 0,
            rng: Rng::new(seed),
            trouble,
        };
        world.begin();
        for number in 1..=40_u64 {
            let (key, channel) = (number.to_string(), ["x", "y"][number as usize % 2]);
            world.disk.push((key.clone(), channel.into(), number));
            keep(&mut world.stage, &key, channel, number);
            world.settle();
            let pause = world.rng.below(3_000);
            world.stage.pass(pause);
        }
        world.trouble = 0;
        // Who was told of nothing begins anew, once.
        world.begin();
        for _ in 0..200 {
            world.settle();
            world.stage.pass(1_000);
            world.stage.hear_if_linked("{}");
        }
        for (channel, first) in [("x", 2), ("y", 1)] {
            let done: Vec<u64> = world.done.iter().filter(|it| it.0 == channel).map(|it| it.1).collect();
            prop_assert_eq!(done, (first..=40).step_by(2).collect::<Vec<u64>>());
        }
        prop_assert!(world.disk.is_empty(), "{:?}", world.disk);
        prop_assert_eq!(world.stage.session.kept(), 0);
    }
}
