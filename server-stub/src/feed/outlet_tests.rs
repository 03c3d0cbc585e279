//! Tests of `outlet.rs`: what becomes of numbered messages.

use serde_json::json;
use tidegate_contract::{DrawnSocketFault, SocketFault, SocketPoint};

use super::*;
use crate::feed::history::History;

/// An outlet with faults, and a channel.
struct Scene {
    outlet: Outlet,
    history: History,
    now: Instant,
}

fn scene(faults: &[(SocketPoint, SocketAct)]) -> Scene {
    let drawn = faults.iter().map(|(at, act)| DrawnSocketFault {
        seed: 1,
        rule: "rule".to_owned(),
        client: "ann".to_owned(),
        ordinal: 0,
        fault: SocketFault::new(act.clone()).at(*at),
    });
    Scene {
        outlet: Outlet::new(
            SocketRun::open(Instant::START, drawn.collect()),
            Tongue::Extended,
        ),
        history: History::new("news", 1),
        now: Instant::START,
    }
}

impl Scene {
    fn post(&mut self, messages: u64) -> &mut Scene {
        for n in 0..messages {
            let post = self.history.publish(json!(n), None);
            self.outlet.post(self.now, &post);
        }
        self
    }

    fn at(&mut self, ms: u64) -> &mut Scene {
        self.now = Instant::from_millis(ms);
        self
    }

    /// Everything that goes out now, in a word each.
    fn out(&mut self) -> Vec<String> {
        let mut words = Vec::new();
        loop {
            match self.outlet.poll(self.now) {
                Step::End(last) => words.push(format!("{:?}", last.how)),
                Step::Send(Parcel::Garbage) => words.push("garbage".to_owned()),
                Step::Send(Parcel::Post { post, pad_to }) => {
                    let offset = post.publication.offset;
                    words.push(if pad_to > 0 {
                        format!("{offset}/{pad_to}")
                    } else {
                        offset.to_string()
                    });
                }
                Step::Send(Parcel::Text(text)) => words.push(text),
                Step::Stall(_) => words.push("stall".to_owned()),
                Step::Wait(_) => return words,
            }
        }
    }
}

fn outcome(at: SocketPoint, act: SocketAct) -> Vec<String> {
    scene(&[(at, act)]).post(4).out()
}

#[test]
fn messages_are_dropped_doubled_swapped_and_padded() {
    let second = SocketPoint::Message(2);
    assert_eq!(outcome(second, SocketAct::Drop), ["1", "3", "4"]);
    assert_eq!(
        outcome(second, SocketAct::Duplicate),
        ["1", "2", "2", "3", "4"]
    );
    assert_eq!(outcome(second, SocketAct::Swap), ["1", "3", "2", "4"]);
    assert_eq!(
        outcome(second, SocketAct::OversizeBytes(500)),
        ["1", "2/500", "3", "4"]
    );
    assert_eq!(
        outcome(second, SocketAct::Garbage),
        ["1", "garbage", "2", "3", "4"]
    );
    assert_eq!(
        outcome(SocketPoint::Every(1), SocketAct::Swap),
        ["2", "1", "4", "3"]
    );
}

#[test]
fn a_stream_ends_right_after_its_message() {
    let second = SocketPoint::Message(2);
    assert_eq!(outcome(second, SocketAct::Vanish), ["1", "2", "Vanish"]);
    assert_eq!(outcome(second, SocketAct::Stall), ["1", "2", "stall"]);
    let close = SocketAct::Close(SocketClose::new(1012, "restart"));
    assert_eq!(outcome(second, close).len(), 3);
}

#[test]
fn a_delayed_message_holds_up_those_behind_it() {
    let mut scene = scene(&[(SocketPoint::Message(2), SocketAct::DelayMs(100))]);
    assert_eq!(scene.post(3).out(), ["1"]);
    assert_eq!(scene.at(99).out(), [""; 0]);
    assert_eq!(scene.at(100).out(), ["2", "3"]);
}

#[test]
fn faults_of_one_message_work_together() {
    let second = SocketPoint::Message(2);
    let faults =
        [SocketAct::Duplicate, SocketAct::Swap, SocketAct::DelayMs(5)].map(|act| (second, act));
    let mut scene = scene(&faults);
    assert_eq!(scene.post(3).out(), ["1"]);
    assert_eq!(scene.at(5).out(), ["3", "2", "2"]);
}

#[test]
fn silence_can_be_followed_by_a_reset() {
    let mut scene = scene(&[
        (SocketPoint::default(), SocketAct::Stall),
        (SocketPoint::AfterMs(50), SocketAct::Reset),
    ]);
    assert_eq!(scene.out(), ["stall"]);
    assert_eq!(scene.post(3).out(), [""; 0]);
    assert_eq!(scene.at(50).out(), ["Reset"]);
    assert_eq!(scene.out(), [""; 0]);
}

#[test]
fn a_slow_reader_is_closed_and_its_queue_dropped() {
    let mut scene = scene(&[]);
    let text = "x".repeat(100_000);
    for _ in 0..11 {
        scene.outlet.say(scene.now, text.clone());
    }
    assert!(scene.outlet.is_cut());
    let Step::End(last) = scene.outlet.poll(scene.now) else {
        panic!("it is over");
    };
    assert_eq!(last, Last::closed_by_protocol(3008, "slow"));
    assert_eq!(scene.post(1).out(), [""; 0]);
}

#[test]
fn a_message_that_is_left_out_on_purpose_leaves_its_number() {
    let words = outcome(SocketPoint::Message(2), SocketAct::Skip);
    let skip = r#"{"push":{"channel":"news","skip":{"from":2,"to":2}}}"#;
    assert_eq!(words, ["1", skip, "3", "4"]);
}

#[test]
fn a_message_without_a_number_is_one_more() {
    let words = outcome(SocketPoint::Message(2), SocketAct::Volatile);
    let volatile = r#"{"push":{"channel":"news","pub":{"data":null}}}"#;
    assert_eq!(words, ["1", volatile, "2", "3", "4"]);
}

#[test]
fn who_goes_says_so_and_then_goes() {
    let drain = SocketDrain {
        by_ms: 50,
        window_ms: 20,
    };
    let mut scene = scene(&[(SocketPoint::Message(1), SocketAct::Drain(drain))]);
    let said = r#"{"push":{"drain":{"by_ms":50,"window_ms":20}}}"#;
    assert_eq!(scene.post(1).out(), [said, "1"]);
    assert_eq!(scene.at(49).post(1).out(), ["2"]);
    let end = scene.at(50).out();
    assert!(end.len() == 1 && end[0].contains("1012"), "{end:?}");
}
