//! What is here and not handled: whatever comes and whoever handles it, there is room again in the end.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::stage::{CHANNEL, Stage, publication};
use crate::session::inbox::{Handled, Inbox, What};
use crate::session::wire::Publication;
use crate::session::{Input, Protocol, SocketSettings, Wish};
use crate::testing::test;
use crate::{Instant, Millis};

/// A channel with room for four messages.
fn narrow() -> Stage {
    let mut stage = Stage::with(Protocol::Tidegate, 1, |manner| {
        manner.settings.held_entries = 4;
    });
    stage.session.subscribe(CHANNEL, Wish::default());
    stage.start();
    stage.open();
    stage.greet(0, "");
    stage
}

fn skip(offset: u64) -> String {
    format!(r#"{{"push":{{"channel":"governance","skip":{{"from":{offset},"to":{offset}}}}}}}"#)
}

#[test]
fn what_is_filtered_takes_no_room() {
    let mut stage = narrow();
    stage.handles = false;
    let skips = (2..=20).map(skip);
    let all: Vec<String> = [publication(1)].into_iter().chain(skips).collect();
    stage.hear(&all.join("\n"));
    assert_eq!(stage.session.health(stage.at).paused_channels, 0);
    let delivery = stage.delivered[0].id;
    stage.handles = true;
    stage.say(Input::Handled { delivery, ok: true });
    stage.publish(21);
    assert_eq!(stage.offsets(), [1, 21]);
    let position = stage.session.position(CHANNEL);
    assert_eq!(position.map(|position| position.offset), Some(21));
}

#[derive(Clone, Copy, Debug)]
enum Act {
    Give,
    Handled(bool),
    /// With a key and so many bytes.
    Message(u64, usize),
    Skip,
    Unnumbered(u64, usize),
}

fn act() -> impl Strategy<Value = Act> {
    let message = |keys| (keys, 1_usize..40);
    prop_oneof![
        2 => Just(Act::Give),
        3 => any::<bool>().prop_map(Act::Handled),
        4 => message(0_u64..3).prop_map(|(key, size)| Act::Message(key, size)),
        4 => Just(Act::Skip),
        1 => message(3_u64..5).prop_map(|(key, size)| Act::Unnumbered(key, size)),
    ]
}

proptest! {
    #[test]
    fn nothing_is_full_for_ever(acts in prop::collection::vec(act(), 0..200), entries in 1_u32..6, conflates in any::<bool>()) {
        let settings = SocketSettings {
            held_entries: entries,
            held_bytes: 30,
            handler_attempts: 2,
            ..SocketSettings::default()
        };
        let every = conflates.then_some(Millis(10));
        let mut inbox = Inbox::default();
        let (mut now, mut last, mut out) = (Instant::from_millis(0), 0, None);
        let (mut read, mut handled) = (0, 0);
        let message = |offset, key, size| Some(Publication {
            offset,
            key: Some(format!("{key}")),
            data: "x".repeat(size),
        });
        for act in acts {
            now = now + Millis(60_000);
            match act {
                Act::Give => {
                    let given = inbox.give(now, every, &mut last, |offset| handled = offset);
                    out = given.map(|(id, ..)| id).or(out);
                    prop_assert!(out.is_some() || !inbox.is_full());
                }
                Act::Handled(ok) => {
                    if out.take().is_some_and(|id| inbox.take_back(What::Message(id))) {
                        match inbox.handled(now, ok, every, &settings) {
                            Handled::Done(offset) | Handled::PassedOver(offset) if offset > 0 => handled = offset,
                            _ => {}
                        }
                        let _ = inbox.has_room_again(&settings);
                    }
                }
                Act::Message(key, size) => {
                    read += u64::from(inbox.put(read + 1, message(read + 1, key, size), conflates, &settings));
                }
                Act::Skip => read += u64::from(inbox.put(read + 1, None, conflates, &settings)),
                Act::Unnumbered(key, size) => {
                    let _ = inbox.put(0, message(0, key, size), conflates, &settings);
                }
            }
            prop_assert!(handled <= read);
        }
        for _ in 0..10_000 {
            if out.take().is_some_and(|id| inbox.take_back(What::Message(id))) {
                if let Handled::Done(offset) = inbox.handled(now, true, every, &settings) && offset > 0 {
                    handled = offset;
                }
                let _ = inbox.has_room_again(&settings);
            }
            now = now + Millis(60_000);
            out = inbox.give(now, every, &mut last, |offset| handled = offset).map(|(id, ..)| id);
            if out.is_none() {
                break;
            }
        }
        prop_assert!(!inbox.is_full());
        // What was conflated may have been the last number: the later one that made it needless is asked for.
        prop_assert!(conflates || handled == read);
    }
}

#[derive(Clone, Copy, Debug)]
enum Turn {
    /// The handler ends what it has.
    End(bool),
    /// The connection is lost, and the history with it.
    Lose,
    Message,
    Pass(u64),
    Skip,
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        6 => any::<bool>().prop_map(Turn::End),
        1 => Just(Turn::Lose),
        4 => Just(Turn::Message),
        2 => (0_u64..3_000).prop_map(Turn::Pass),
        4 => Just(Turn::Skip),
    ]
}

/// A server of one channel, and handlers that end when a test says so.
struct Slow {
    stage: Stage,
    top: u64,
    /// How much of what was sent the server has heard, and how many messages and snapshots have ended.
    heard: usize,
    ended: (usize, usize),
}

impl Slow {
    fn turn(&mut self, turn: Turn) {
        let stage = &mut self.stage;
        match turn {
            Turn::End(ok) if stage.delivered.len() > self.ended.0 => {
                let delivery = stage.delivered[self.ended.0].id;
                self.ended.0 += 1;
                stage.say(Input::Handled { delivery, ok });
            }
            Turn::End(ok) if stage.snapshots.len() > self.ended.1 => {
                let snapshot = stage.snapshots[self.ended.1].id;
                self.ended.1 += 1;
                stage.say(Input::Snapshot { snapshot, ok });
            }
            Turn::End(_) => {}
            Turn::Lose => {
                stage.drop_with(1_006);
                stage.await_connect();
                stage.open();
                stage.greet(self.top, r#","recovered":false"#);
            }
            Turn::Message => {
                self.top += 1;
                stage.publish(self.top);
            }
            Turn::Pass(millis) => {
                stage.pass(millis);
                stage.hear("{}");
            }
            Turn::Skip => {
                self.top += 1;
                stage.hear(&skip(self.top));
            }
        }
        self.answer();
    }

    /// What is missing, if it is asked for.
    fn answer(&mut self) {
        while let Some((_, text)) = self.stage.sent.get(self.heard) {
            self.heard += 1;
            let command: serde_json::Value = serde_json::from_str(text).unwrap();
            if let Some(have) = command["gap"]["have"]["offset"].as_u64() {
                let message = |offset| format!(r#"{{"offset":{offset},"data":{offset}}}"#);
                let missed: Vec<String> = (have + 1..=self.top).map(message).collect();
                self.stage.hear(&format!(
                    r#"{{"id":{},"replay":{{"channel":"governance","epoch":"e","offset":{},"publications":[{}]}}}}"#,
                    command["id"],
                    self.top,
                    missed.join(",")
                ));
            }
        }
    }

    /// How much is out with handlers.
    fn out(&self) -> usize {
        self.stage.delivered.len() - self.ended.0 + self.stage.snapshots.len() - self.ended.1
    }
}

proptest! {
    #[test]
    fn one_thing_at_a_time_is_out_and_the_position_gets_there(turns in prop::collection::vec(turn(), 0..120)) {
        let mut stage = narrow();
        stage.handles = false;
        let mut slow = Slow { heard: stage.sent.len(), stage, top: 0, ended: (0, 0) };
        for turn in turns {
            slow.turn(turn);
            prop_assert!(slow.out() <= 1);
        }
        for _ in 0..400 {
            slow.turn(Turn::End(true));
            slow.turn(Turn::Pass(1_000));
            prop_assert!(slow.out() <= 1);
        }
        let position = slow.stage.session.position(CHANNEL).map(|position| position.offset);
        prop_assert_eq!(position, Some(slow.top));
        let health = slow.stage.session.health(slow.stage.at);
        prop_assert_eq!((health.stale_channels, health.paused_channels), (0, 0));
    }
}
