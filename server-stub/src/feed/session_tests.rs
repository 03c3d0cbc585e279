//! Tests of `session.rs`: the protocol, without a socket.

use serde_json::{Value, json};
use tidegate_contract::feed::GOVERNANCE;
use tidegate_contract::{SocketClose, SocketRun};

use super::*;
use crate::feed::outlet::Tongue;

/// A session and what it speaks about.
struct Scene {
    session: Session,
    channels: Channels,
    ledger: Ledger,
    keys: Keys,
    now: Instant,
}

fn scene(extended: bool) -> Scene {
    Scene {
        session: fresh(extended),
        channels: Channels::new(1),
        ledger: Ledger::default(),
        keys: Keys::default(),
        now: Instant::START,
    }
}

fn fresh(extended: bool) -> Session {
    let speaks = match extended {
        true => Tongue::Extended,
        false => Tongue::Centrifugo,
    };
    let outlet = Outlet::new(SocketRun::open(Instant::START, Vec::new()), speaks);
    Session::new(Instant::START, 1, extended, FeedSettings::default(), outlet)
}

impl Scene {
    fn say(&mut self, command: Value) -> Vec<Value> {
        let command = serde_json::from_value(command).unwrap();
        let memory = Memory {
            channels: &mut self.channels,
            ledger: &mut self.ledger,
            keys: &mut self.keys,
            client: "c",
        };
        if let Some(post) = self.session.on_command(self.now, command, memory) {
            self.session.on_post(self.now, &post);
        }
        self.hear()
    }

    fn hear(&mut self) -> Vec<Value> {
        let mut heard = Vec::new();
        loop {
            match self.session.poll(self.now) {
                Step::End(last) => match last.how {
                    How::Close(close) => heard.push(json!(close.code)),
                    how => panic!("{how:?}"),
                },
                Step::Send(Parcel::Post { post, .. }) => {
                    heard.push(serde_json::from_str(&post.push).unwrap());
                }
                Step::Send(Parcel::Text(text)) => heard.push(serde_json::from_str(&text).unwrap()),
                Step::Send(Parcel::Garbage) | Step::Stall(_) => panic!("no faults here"),
                Step::Wait(_) => return heard,
            }
        }
    }

    fn publish(&mut self, n: u64) {
        let post = self.channels.publish(GOVERNANCE, json!(n)).unwrap();
        self.session.on_post(self.now, &post);
    }

    fn connected(mut self) -> Scene {
        self.say(json!({"id": 1, "connect": {"session": "s"}}));
        self
    }

    fn epoch(&self) -> String {
        self.channels.history(GOVERNANCE).unwrap().position().epoch
    }
}

#[test]
fn whoever_does_not_begin_with_connect_is_closed() {
    assert_eq!(
        scene(false).say(json!({"id": 1, "subscribe": {"channel": "governance"}})),
        [3501]
    );
}

#[test]
fn whoever_says_nothing_is_closed_as_stale() {
    let mut scene = scene(false);
    scene.now = Instant::from_millis(9_999);
    assert!(scene.hear().is_empty());
    scene.now = Instant::from_millis(10_000);
    assert_eq!(scene.hear(), [3502]);
}

#[test]
fn connect_announces_the_pings() {
    let heard = scene(false).say(json!({"id": 1, "connect": {"name": "js", "token": "t"}}));
    let connect = &heard[0]["connect"];
    assert_eq!(heard[0]["id"], 1);
    assert_eq!(
        (&connect["ping"], &connect["pong"]),
        (&json!(25), &json!(true))
    );
}

#[test]
fn an_unanswered_ping_ends_the_connection_and_an_answered_one_does_not() {
    let mut scene = scene(false).connected();
    scene.now = Instant::from_millis(25_000);
    assert_eq!(scene.hear(), [json!({})]);
    assert!(scene.say(json!({})).is_empty());
    scene.now = Instant::from_millis(50_000);
    assert_eq!(scene.hear(), [json!({})]);
    scene.now = Instant::from_millis(58_000);
    assert_eq!(scene.hear(), [3012]);
}

#[test]
fn a_subscriber_hears_numbered_messages() {
    let mut scene = scene(false).connected();
    scene.publish(0);
    let heard = scene.say(json!({"id": 2, "subscribe": {"channel": "governance"}}));
    let subscribe =
        json!({"recoverable": true, "positioned": true, "epoch": scene.epoch(), "offset": 1});
    assert_eq!(heard, [json!({"id": 2, "subscribe": subscribe})]);
    scene.publish(7);
    let publication = json!({"offset": 2, "data": 7});
    assert_eq!(
        scene.hear(),
        [json!({"push": {"channel": "governance", "pub": publication}})]
    );
    scene.say(json!({"id": 3, "unsubscribe": {"channel": "governance"}}));
    scene.publish(8);
    assert!(scene.hear().is_empty());
}

#[test]
fn whoever_comes_back_gets_what_it_missed() {
    let mut scene = scene(false).connected();
    (1..=3).for_each(|n| scene.publish(n));
    let position = json!({"recover": true, "epoch": scene.epoch(), "offset": 1});
    let mut wish = position.clone();
    wish["channel"] = json!("governance");
    let heard = scene.say(json!({"id": 2, "subscribe": wish}));
    let subscribe = &heard[0]["subscribe"];
    assert_eq!(subscribe["recovered"], true);
    assert_eq!(
        subscribe["publications"],
        json!([{"offset": 2, "data": 2}, {"offset": 3, "data": 3}])
    );

    scene.session = fresh(true);
    let subs = json!({"governance": position, "nope": {}});
    let heard = scene.say(json!({"id": 1, "connect": {"subs": subs}}));
    assert_eq!(&heard[0]["connect"]["subs"]["governance"], subscribe);
    assert_eq!(heard[0]["connect"]["subs"].as_object().unwrap().len(), 1);
}

#[test]
fn whoever_comes_back_too_late_is_told_so() {
    let mut scene = scene(false).connected();
    scene.publish(1);
    let wish = json!({"channel": "governance", "recover": true, "epoch": "old", "offset": 1});
    let heard = scene.say(json!({"id": 2, "subscribe": wish}));
    let subscribe = &heard[0]["subscribe"];
    assert_eq!(subscribe["recovered"], Value::Null);
    assert_eq!(subscribe["was_recovering"], true);
    assert_eq!(subscribe["epoch"], json!(scene.epoch()));
}

#[test]
fn mistakes_are_answered_with_codes() {
    let mut scene = scene(false).connected();
    let wish = json!({"id": 2, "subscribe": {"channel": "governance"}});
    scene.say(wish.clone());
    for (command, code) in [
        (wish, 105),
        (json!({"id": 3, "subscribe": {"channel": "nope"}}), 102),
        (
            json!({"id": 4, "publish": {"channel": "nope", "data": 1}}),
            102,
        ),
        (json!({"id": 5, "rpc": {"method": "x"}}), 104),
        (json!({"id": 6, "gap": {"channel": "governance"}}), 104),
        (json!({"id": 7, "connect": {}}), 107),
    ] {
        assert_eq!(
            scene.say(command.clone())[0]["error"]["code"],
            code,
            "{command}"
        );
    }
}

#[test]
fn a_numbered_command_is_carried_out_once_however_often_it_is_sent() {
    let mut scene = scene(true).connected();
    let send = |seq: u64| json!({"id": seq, "seq": seq, "publish": {"channel": "governance", "data": seq}});
    assert_eq!(
        scene.say(send(1)),
        [json!({"id": 1, "ack": 1, "publish": {}})]
    );
    assert_eq!(scene.say(send(3))[0]["error"]["code"], 107);

    scene.session = fresh(true);
    let heard = scene.say(json!({"id": 1, "connect": {"session": "s"}}));
    assert_eq!(
        (&heard[0]["ack"], &heard[0]["connect"]["session"]),
        (&json!(1), &json!("s"))
    );
    assert_eq!(
        scene.say(send(1)),
        [json!({"id": 1, "ack": 1, "publish": {}})]
    );
    assert_eq!(
        scene.say(send(2)),
        [json!({"id": 2, "ack": 2, "publish": {}})]
    );
    let quiet = json!({"seq": 3, "publish": {"channel": "governance", "data": 3}});
    assert_eq!(scene.say(quiet)[0]["ack"], 3);
    assert_eq!(
        scene
            .channels
            .history(GOVERNANCE)
            .unwrap()
            .position()
            .offset,
        3
    );
}

#[test]
fn a_message_with_a_key_is_carried_out_once_on_whichever_connection_it_comes() {
    let mut scene = scene(true).connected();
    let send = |key: &str, channel: &str, data: u64| json!({"id": 2, "publish": {"idem": key, "channel": channel, "data": data}});
    let done = json!({"id": 2, "publish": {}});
    assert_eq!(scene.say(send("a", GOVERNANCE, 1))[0], done);
    scene.session = fresh(true);
    scene.say(json!({"id": 1, "connect": {"session": "another"}}));
    assert_eq!(scene.say(send("a", GOVERNANCE, 1))[0], done);
    assert_eq!(
        scene.say(send("a", GOVERNANCE, 2))[0]["error"]["code"],
        107,
        "another message"
    );
    // What came to nothing gives its key back.
    assert_eq!(scene.say(send("b", "nope", 3))[0]["error"]["code"], 102);
    assert!(scene.channels.open("nope"));
    assert_eq!(scene.say(send("b", "nope", 3))[0], done);
    let offset = |channel: &str| scene.channels.history(channel).unwrap().position().offset;
    assert_eq!((offset(GOVERNANCE), offset("nope")), (1, 1));
}

#[test]
fn a_gap_is_closed_by_a_replay_or_by_a_snapshot() {
    let mut scene = scene(true).connected();
    (1..=3).for_each(|n| scene.publish(n));
    let have = json!({"epoch": scene.epoch(), "offset": 2});
    let ask = json!({"id": 2, "gap": {"channel": "governance", "have": have}});
    let replay = &scene.say(ask.clone())[0]["replay"];
    assert_eq!(replay["publications"], json!([{"offset": 3, "data": 3}]));
    assert_eq!(replay["offset"], 3);

    scene.channels.history_mut(GOVERNANCE).unwrap().trim(0);
    let snapshot = &scene.say(ask)[0]["snapshot"];
    assert_eq!(
        (&snapshot["url"], &snapshot["offset"]),
        (&json!("/api/assets"), &json!(3))
    );
}

#[test]
fn a_channel_that_lost_its_memory_wants_to_be_subscribed_again() {
    let mut scene = scene(false).connected();
    scene.say(json!({"id": 2, "subscribe": {"channel": "governance"}}));
    scene.session.on_lost(scene.now, GOVERNANCE);
    assert_eq!(scene.hear()[0]["push"]["unsubscribe"]["code"], 2500);
    scene.publish(1);
    assert!(scene.hear().is_empty());
}

#[test]
fn a_standing_hint_is_for_drops_that_nobody_announces() {
    let hint = tidegate_contract::ReconnectHint {
        min_ms: 0,
        window_ms: 9_000,
    };
    for (extended, expected) in [
        (false, Value::Null),
        (true, json!({"min_ms": 0, "window_ms": 9000})),
    ] {
        let mut scene = scene(extended);
        scene.session.settings.hint = Some(hint);
        let heard = scene.say(json!({"id": 1, "connect": {}}));
        assert_eq!(heard[0]["connect"]["hint"], expected);
    }
}

#[test]
fn a_client_that_understands_it_is_told_when_to_come_back() {
    let close = SocketClose {
        hint: Some(tidegate_contract::ReconnectHint {
            min_ms: 500,
            window_ms: 10_000,
        }),
        ..SocketClose::new(1012, "restart")
    };
    for (extended, frames) in [(false, 1), (true, 2)] {
        let mut scene = scene(extended).connected();
        scene.session.outlet_mut().end(Last {
            how: How::Close(close.clone()),
            by: tidegate_contract::feed::EndedBy::Order,
        });
        let heard = scene.hear();
        assert_eq!(heard.len(), frames);
        assert_eq!(heard[frames - 1], 1012);
        if extended {
            let expected = json!({"code": 1012, "reason": "restart", "reconnect": true, "min_ms": 500, "window_ms": 10_000});
            assert_eq!(heard[0]["push"]["disconnect"], expected);
        }
    }
}

fn connected_until(scene: &mut Scene, ms: u64) -> Vec<Value> {
    let token = format!("good-until-{ms}");
    scene.say(json!({"id": 1, "connect": {"token": token}}))
}

fn with_tokens() -> Scene {
    let mut scene = scene(false);
    scene.session.settings.token_ttl_s = Some(60);
    scene
}

#[test]
fn a_token_is_good_for_its_time_and_another_one_for_its_own() {
    let mut scene = with_tokens();
    let connect = &connected_until(&mut scene, 9_000)[0]["connect"];
    assert_eq!(
        (&connect["expires"], &connect["ttl"]),
        (&json!(true), &json!(9))
    );
    scene.now = Instant::from_millis(8_000);
    let heard = scene.say(json!({"id": 2, "refresh": {"token": "good-until-20000"}}));
    assert_eq!(
        heard,
        [json!({"id": 2, "refresh": {"expires": true, "ttl": 12}})]
    );
    scene.now = Instant::from_millis(19_999);
    assert!(scene.hear().is_empty());
    scene.now = Instant::from_millis(20_000);
    assert_eq!(scene.hear(), [3005]);
}

#[test]
fn a_token_that_is_old_is_refused_and_one_that_is_none_is_not_to_come_back() {
    let mut scene = with_tokens();
    scene.now = Instant::from_millis(9_000);
    assert_eq!(connected_until(&mut scene, 9_000)[0]["error"]["code"], 109);
    assert_eq!(connected_until(&mut scene, 9_001)[0]["connect"]["ttl"], 1);
    let refresh = json!({"id": 2, "refresh": {"token": "good-until-7"}});
    assert_eq!(scene.say(refresh)[0]["error"]["code"], 109);
    for connect in [json!({}), json!({"token": "forged"})] {
        let mut scene = with_tokens();
        assert_eq!(scene.say(json!({"id": 1, "connect": connect})), [3500]);
    }
}

#[test]
fn without_tokens_any_is_taken_and_good_for_good() {
    let mut scene = scene(false);
    let connect = &connected_until(&mut scene, 1)[0]["connect"];
    assert_eq!(connect["expires"], Value::Null);
    let heard = scene.say(json!({"id": 2, "refresh": {"token": "any"}}));
    assert_eq!(heard, [json!({"id": 2, "refresh": {}})]);
}

#[test]
fn one_refresh_is_refused() {
    let mut scene = with_tokens();
    connected_until(&mut scene, 9_000);
    let refuse = tidegate_contract::SocketAct::RefuseRefresh(100);
    assert!(scene.session.outlet_mut().oddities.take(&refuse));
    let refresh = json!({"id": 2, "refresh": {"token": "good-until-20000"}});
    assert_eq!(scene.say(refresh.clone())[0]["error"]["code"], 100);
    assert_eq!(scene.say(refresh)[0]["refresh"]["ttl"], 20);
}

#[test]
fn questions_are_answered_by_number_and_the_same_every_time() {
    let mut scene = scene(false).connected();
    scene.now = Instant::from_millis(1_234);
    for (method, data, expected) in [
        (
            "echo",
            json!({"a": [1]}),
            json!({"rpc": {"data": {"a": [1]}}}),
        ),
        ("time", Value::Null, json!({"rpc": {"data": {"ms": 1_234}}})),
        (
            "fail",
            json!({"code": 7, "message": "no", "temporary": true}),
            json!({"error": {"code": 7, "message": "no", "temporary": true}}),
        ),
        (
            "fail",
            json!(1),
            json!({"error": {"code": 100, "message": "as wished"}}),
        ),
        (
            "none",
            json!(1),
            json!({"error": {"code": 104, "message": "method not found"}}),
        ),
    ] {
        for id in [7, 8] {
            let mut expected = expected.clone();
            expected["id"] = id.into();
            let rpc = json!({"method": method, "data": data});
            assert_eq!(scene.say(json!({"id": id, "rpc": rpc})), [expected]);
        }
    }
    // Who asks for no answer gets none.
    assert!(
        scene
            .say(json!({"rpc": {"method": "echo", "data": 1}}))
            .is_empty()
    );
}

#[test]
fn a_slow_answer_holds_up_no_other() {
    let mut scene = scene(false).connected();
    let slow = |id: u32, ms: u64| json!({"id": id, "rpc": {"method": "slow", "data": {"ms": ms}}});
    assert!(scene.say(slow(2, 5_000)).is_empty() && scene.say(slow(3, 2_000)).is_empty());
    assert_eq!(
        scene.say(json!({"id": 4, "rpc": {"method": "echo", "data": 4}}))[0]["id"],
        4
    );
    scene.now = Instant::from_millis(2_000);
    assert_eq!(
        scene.hear(),
        [json!({"id": 3, "rpc": {"data": {"ms": 2_000}}})]
    );
    scene.now = Instant::from_millis(5_000);
    assert_eq!(scene.hear()[0]["id"], 2);
}

#[test]
fn a_channel_rests_until_its_gap_is_asked_for() {
    let mut scene = scene(true).connected();
    scene.say(json!({"id": 2, "subscribe": {"channel": "governance"}}));
    let pause = json!({"id": 3, "pause": {"channel": "governance"}});
    assert_eq!(scene.say(pause.clone()), [json!({"id": 3, "pause": {}})]);
    (1..=3).for_each(|n| scene.publish(n));
    assert!(scene.hear().is_empty());
    let have = json!({"epoch": scene.epoch(), "offset": 0});
    let gap = json!({"id": 4, "gap": {"channel": "governance", "have": have}});
    assert_eq!(
        scene.say(gap)[0]["replay"]["publications"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    scene.publish(4);
    assert_eq!(scene.hear()[0]["push"]["pub"]["offset"], 4);
    // Another subscription hears everything.
    scene.say(pause.clone());
    scene.say(json!({"id": 5, "unsubscribe": {"channel": "governance"}}));
    assert_eq!(scene.say(pause.clone())[0]["error"]["code"], 107);
    scene.say(json!({"id": 6, "subscribe": {"channel": "governance"}}));
    scene.publish(5);
    assert_eq!(scene.hear()[0]["push"]["pub"]["offset"], 5);
}

#[test]
fn who_does_not_speak_the_extension_cannot_pause() {
    let mut scene = scene(false).connected();
    scene.say(json!({"id": 2, "subscribe": {"channel": "governance"}}));
    let pause = json!({"id": 3, "pause": {"channel": "governance"}});
    assert_eq!(scene.say(pause)[0]["error"]["code"], 104);
}
