//! A model server that drops the connection at any point: before or after it has carried out a command, before or after its answer, in the
//! middle of what it sends. Nothing is lost, nothing is carried out or delivered twice, everything is in order.

use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::stage::{CHANNEL, Stage};
use crate::Rng;
use crate::session::{
    Input, LinkId, Overflow, Protocol, RpcEnd, RpcFailure, RpcId, RpcWish, SocketState, Wish,
};

/// What the server remembers.
struct Server {
    /// What was published by others, from offset 1.
    history: Vec<u64>,
    /// How much of it is still there to replay.
    keeps: usize,
    /// What clients published.
    carried_out: Vec<u64>,
    ledger: BTreeMap<String, u64>,
    /// How often each question was carried out.
    asked: BTreeMap<u64, u32>,
    /// It was told to send no more of the channel.
    paused: bool,
    /// Who is connected, under which session, and up to where it was sent the channel.
    seat: Option<(LinkId, String, Option<u64>)>,
    rng: Rng,
    /// Out of a hundred chances.
    drops: u64,
}

impl Server {
    fn chance(&mut self) -> bool {
        self.rng.below(100) < self.drops
    }

    fn since(&self, offset: u64) -> Option<Vec<Value>> {
        let first = self.history.len().saturating_sub(self.keeps) as u64;
        (offset >= first).then(|| {
            let missed = self.history.iter().enumerate().skip(offset as usize);
            missed
                .map(|(place, data)| json!({"offset": place + 1, "data": data}))
                .collect()
        })
    }

    fn stand(&self, wish: &Value) -> Value {
        let top = self.history.len();
        let mut stand =
            json!({"positioned": true, "recoverable": true, "epoch": "e", "offset": top});
        if wish["recover"] == true {
            stand["was_recovering"] = true.into();
            if let Some(missed) = self.since(wish["offset"].as_u64().unwrap()) {
                stand["recovered"] = true.into();
                stand["publications"] = missed.into();
            }
        }
        stand
    }

    /// What it answers.
    fn hear(&mut self, link: LinkId, text: &str) -> Option<Value> {
        let command: Value = serde_json::from_str(text).unwrap();
        let id = &command["id"];
        if let Some(connect) = command.get("connect") {
            let session = connect["session"].as_str().unwrap_or("").to_string();
            let acked = self.ledger.get(&session).copied().unwrap_or(0);
            let subs = connect.get("subs").and_then(Value::as_object);
            let stands: serde_json::Map<String, Value> = subs
                .into_iter()
                .flatten()
                .map(|(channel, wish)| (channel.clone(), self.stand(wish)))
                .collect();
            let top = (!stands.is_empty()).then_some(self.history.len() as u64);
            self.seat = Some((link, session.clone(), top));
            self.paused = false;
            return Some(
                json!({"id": id, "ack": acked, "connect": {"ping": 25, "session": session, "subs": stands}}),
            );
        }
        let (_, session, top) = self.seat.as_mut()?;
        if let Some(wish) = command.get("subscribe") {
            *top = Some(self.history.len() as u64);
            self.paused = false;
            let stand = self.stand(wish);
            return Some(json!({"id": id, "subscribe": stand}));
        }
        if let Some(gap) = command.get("gap") {
            *top = Some(self.history.len() as u64);
            self.paused = false;
            let top = self.history.len();
            return Some(match self.since(gap["have"]["offset"].as_u64().unwrap()) {
                Some(missed) => {
                    json!({"id": id, "replay": {"channel": CHANNEL, "epoch": "e", "offset": top, "publications": missed}})
                }
                None => {
                    json!({"id": id, "snapshot": {"channel": CHANNEL, "epoch": "e", "offset": top}})
                }
            });
        }
        if let Some(publish) = command.get("publish") {
            let seq = command["seq"].as_u64().unwrap();
            let acked = self.ledger.entry(session.clone()).or_default();
            if seq == *acked + 1 {
                *acked = seq;
                self.carried_out.push(publish["data"].as_u64().unwrap());
            }
            assert!(seq <= *acked, "a number before this one is missing");
            return Some(json!({"id": id, "ack": acked, "publish": {}}));
        }
        if let Some(rpc) = command.get("rpc") {
            *self.asked.entry(rpc["data"].as_u64().unwrap()).or_default() += 1;
            return Some(json!({"id": id, "rpc": {"data": rpc["data"]}}));
        }
        if command.get("pause").is_some() {
            self.paused = true;
            return Some(json!({"id": id, "pause": {}}));
        }
        command
            .get("unsubscribe")
            .map(|_| json!({"id": id, "unsubscribe": {}}))
    }
}

struct Play {
    stage: Stage,
    server: Server,
    read: usize,
    rng: Rng,
    failing: u64,
}

impl Play {
    fn new(seed: u64, drops: u64, keeps: usize) -> Play {
        let mut stage = Stage::with(Protocol::Tidegate, seed, |manner| {
            manner.settings.queue_age_ms = 86_400_000;
        });
        stage.session.subscribe(CHANNEL, Wish::default());
        stage.handles = false;
        stage.start();
        Play {
            stage,
            server: Server {
                history: Vec::new(),
                keeps,
                carried_out: Vec::new(),
                ledger: BTreeMap::new(),
                asked: BTreeMap::new(),
                paused: false,
                seat: None,
                rng: Rng::new(crate::mix(seed)),
                drops,
            },
            read: 0,
            rng: Rng::new(seed ^ 1),
            failing: 10,
        }
    }

    fn drop(&mut self) {
        self.server.seat = None;
        if self.stage.session.link().is_some() {
            self.stage.drop_with(1_006);
        }
    }

    /// The server sends; the connection may break before it arrives.
    fn send(&mut self, link: LinkId, value: &Value) {
        if self.server.chance() || self.stage.session.link() != Some(link) {
            self.drop();
            return;
        }
        self.stage.say(Input::Frame {
            link,
            text: format!("{value}"),
        });
    }

    /// All that is under way arrives, or the connection breaks.
    fn settle(&mut self) {
        for _ in 0..10_000 {
            self.handle();
            if self.stage.session.state() == SocketState::Connecting && self.server.seat.is_none() {
                let link = self.stage.link();
                if !self
                    .stage
                    .sent
                    .iter()
                    .skip(self.read)
                    .any(|(of, _)| *of == link)
                {
                    match self.server.chance() {
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
            // Before the server has read it, or after.
            if self.server.chance() {
                self.drop();
                continue;
            }
            if let Some(answer) = self.server.hear(link, &text) {
                self.send(link, &answer);
            }
        }
        panic!("it never settles");
    }

    fn handle(&mut self) {
        while let Some(delivery) = self.stage.delivered.last().map(|each| each.id) {
            let count = self.stage.delivered.len();
            let ok = self.rng.below(100) >= self.failing;
            if self.stage.delivered[count - 1].attempt < 3 || ok {
                self.stage.say(Input::Handled { delivery, ok });
            } else {
                self.stage.say(Input::Handled { delivery, ok: true });
            }
            if self.stage.delivered.len() == count {
                return;
            }
        }
    }

    /// Somebody else publishes.
    fn post(&mut self, data: u64) {
        self.server.history.push(data);
        let offset = self.server.history.len() as u64;
        if !self.server.paused
            && let Some((link, _, Some(top))) = &mut self.server.seat
            && *top + 1 == offset
        {
            *top = offset;
            let link = *link;
            let push =
                json!({"push": {"channel": CHANNEL, "pub": {"offset": offset, "data": data}}});
            self.send(link, &push);
        }
    }
}

fn play(seed: u64, drops: u64, messages: u64, keeps: usize) -> Play {
    let mut play = Play::new(seed, drops, keeps);
    play.settle();
    for number in 1..=messages {
        let sent = play.stage.session.publish(
            play.stage.at,
            "out",
            &number.to_string(),
            true,
            Overflow::RejectNew,
        );
        assert_eq!(sent.why, None);
        let wish = RpcWish {
            within: None,
            repeats: number % 2 == 0,
        };
        let data = number.to_string();
        let asked = (play.stage.session).rpc(play.stage.at, "m", &data, wish);
        assert_eq!(asked, Ok(RpcId(number)));
        let pauses = play.rng.below(4) == 0;
        play.stage.session.pause(CHANNEL, pauses);
        play.stage.run();
        play.post(number);
        play.settle();
        let pause = play.rng.below(2_000);
        play.stage.pass(pause);
    }
    // From now on nothing breaks.
    play.server.drops = 0;
    play.failing = 0;
    play.stage.session.pause(CHANNEL, false);
    play.stage.run();
    for _ in 0..2_000 {
        play.settle();
        play.stage.pass(500);
        if play.server.seat.is_some() && play.stage.at.now.as_millis() % 20_000 < 500 {
            play.stage.hear_if_linked("{}");
        }
    }
    play
}

/// What handlers succeeded at, in order.
fn handled(play: &Play) -> Vec<u64> {
    let mut offsets = play.stage.offsets();
    // A repetition after a failure is of the same message, and follows it.
    offsets.dedup();
    offsets
}

/// Whether each question has ended once, in truth.
fn answers(play: &Play, count: u64) -> Result<(), String> {
    let mut ended: Vec<u64> = play.stage.answers.iter().map(|(id, _)| id.0).collect();
    ended.sort();
    if ended != (1..=count).collect::<Vec<u64>>() {
        return Err(format!("{ended:?}"));
    }
    for (RpcId(number), end) in &play.stage.answers {
        let times = play.server.asked.get(number).copied().unwrap_or(0);
        let true_ = match end {
            RpcEnd::Answered(data) => *data == number.to_string() && times > 0,
            RpcEnd::Failed(RpcFailure::Age) => times == 0,
            RpcEnd::Failed(RpcFailure::Lost) => number % 2 == 1,
            RpcEnd::Failed(RpcFailure::TimedOut) => true,
            _ => false,
        };
        if !true_ || (number % 2 == 1 && times > 1) {
            return Err(format!("{number}: {end:?} after {times}"));
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn nothing_is_lost_or_doubled_wherever_connections_break(seed in any::<u64>(), drops in 0_u64..30) {
        let play = play(seed, drops, 60, 1_000_000);
        let all: Vec<u64> = (1..=60).collect();
        prop_assert_eq!(&play.server.carried_out, &all);
        prop_assert_eq!(play.stage.session.health(play.stage.at).unacknowledged, 0);
        prop_assert_eq!(answers(&play, 60), Ok(()));
        // What it has subscribed to from the start, from the first greeting on.
        let handled = handled(&play);
        let first = handled.first().copied().unwrap_or(61);
        prop_assert_eq!(handled, (first..=60).collect::<Vec<u64>>());
        let position = play.stage.session.position(CHANNEL).map(|position| position.offset);
        prop_assert_eq!(position, Some(60));
    }

    #[test]
    fn what_is_gone_is_read_anew_and_never_passed_over(seed in any::<u64>(), drops in 5_u64..30) {
        let mut play = play(seed, drops, 60, 2);
        for _ in 0..50 {
            for snapshot in core::mem::take(&mut play.stage.snapshots) {
                play.stage.say(Input::Snapshot { snapshot: snapshot.id, ok: true });
            }
            play.settle();
            play.stage.pass(1_000);
            play.stage.hear_if_linked("{}");
        }
        let offsets = play.stage.offsets();
        prop_assert!(offsets.is_sorted());
        let position = play.stage.session.position(CHANNEL).map(|position| position.offset);
        prop_assert_eq!(position, Some(60));
    }
}
