//! Questions, and what comes of them.

use alloc::format;

use super::stage::Stage;
use crate::Millis;
use crate::session::{Input, Protocol, RpcEnd, RpcFailure, RpcId, RpcWish};
use crate::testing::test;

const TWICE: RpcWish = RpcWish {
    within: None,
    repeats: true,
};

fn ask(stage: &mut Stage, wish: RpcWish) -> RpcId {
    let id = (stage.session).rpc(stage.at, "echo", r#"{"a":1}"#, wish);
    stage.run();
    id.unwrap()
}

/// The numbers of the commands that were questions.
fn asked(stage: &Stage) -> alloc::vec::Vec<u64> {
    let all = stage.sent.iter();
    let all = all.filter(|(_, text)| text.contains("\"rpc\""));
    all.map(|(_, text)| {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        assert_eq!(json["rpc"]["method"], "echo");
        assert_eq!(json["rpc"]["data"]["a"], 1);
        json["id"].as_u64().unwrap()
    })
    .collect()
}

fn answer(stage: &mut Stage, command: u64) {
    stage.hear(&format!(
        r#"{{"id":{command},"rpc":{{"data":{{"of":{command}}}}}}}"#
    ));
}

fn failed(id: RpcId, why: RpcFailure) -> (RpcId, RpcEnd) {
    (id, RpcEnd::Failed(why))
}

#[test]
fn each_answer_is_that_of_its_question_and_comes_once() {
    let mut stage = Stage::greeted(0);
    let ids = [(); 3].map(|()| ask(&mut stage, RpcWish::default()));
    let commands = asked(&stage);
    for place in [2, 0, 0, 1] {
        answer(&mut stage, commands[place]);
    }
    answer(&mut stage, 999);
    let expected = [2, 0, 1].map(|place| {
        (
            ids[place],
            RpcEnd::Answered(format!(r#"{{"of":{}}}"#, commands[place])),
        )
    });
    assert_eq!(stage.answers, expected);
    assert_eq!(stage.session.health(stage.at).unanswered, 0);
    assert_eq!(stage.session.queued_bytes(), 0);
}

#[test]
fn an_answer_without_data_is_null() {
    let mut stage = Stage::greeted(0);
    ask(&mut stage, RpcWish::default());
    let command = asked(&stage)[0];
    stage.hear(&format!(r#"{{"id":{command},"rpc":{{}}}}"#));
    assert_eq!(stage.answers[0].1, RpcEnd::Answered("null".into()));
}

#[test]
fn a_refusal_has_the_servers_code_and_words() {
    for protocol in [Protocol::Tidegate, Protocol::Centrifugo] {
        let mut stage = Stage::new(protocol);
        stage.start();
        stage.open();
        stage.greet(0, "");
        let id = ask(&mut stage, TWICE);
        let command = asked(&stage)[0];
        stage.hear(&format!(
            r#"{{"id":{command},"error":{{"code":108,"message":"not \"now\"","temporary":true}}}}"#
        ));
        let refused = RpcEnd::Refused {
            code: 108,
            message: r#"not "now""#.into(),
            temporary: true,
        };
        assert_eq!(stage.answers, [(id, refused)]);
    }
}

#[test]
fn what_waits_for_a_connection_goes_with_the_next_one() {
    let mut stage = Stage::new(Protocol::Tidegate);
    let id = ask(&mut stage, RpcWish::default());
    stage.start();
    stage.open();
    assert!(asked(&stage).is_empty());
    stage.greet(0, "");
    let command = asked(&stage)[0];
    answer(&mut stage, command);
    assert_eq!(stage.answers[0].0, id);
}

#[test]
fn what_a_connection_takes_with_it_is_lost_unless_it_may_be_asked_twice() {
    let mut stage = Stage::greeted(0);
    let once = ask(&mut stage, RpcWish::default());
    let twice = ask(&mut stage, TWICE);
    let before = asked(&stage);
    stage.drop_with(1_006);
    assert_eq!(stage.answers, [failed(once, RpcFailure::Lost)]);
    stage.await_connect();
    stage.open();
    stage.greet(0, "");
    let again = asked(&stage);
    assert_eq!(again.len(), 3);
    // What it was asked under before is nobody's number now.
    answer(&mut stage, before[1]);
    assert_eq!(stage.answers.len(), 1);
    answer(&mut stage, again[2]);
    assert_eq!(stage.answers[1].0, twice);
}

#[test]
fn every_way_to_lose_a_connection_loses_what_was_asked_on_it() {
    let ways: [fn(&mut Stage); 5] = [
        |stage| stage.drop_with(1_012),
        |stage| stage.hear(r#"{"push":{"disconnect":{"code":1012,"reconnect":true}}}"#),
        |stage| stage.say(Input::Frozen),
        |stage| stage.pass(40_000),
        |stage| {
            stage.session.reconnect(&mut stage.engine, stage.at);
            stage.run();
        },
    ];
    for (place, way) in ways.into_iter().enumerate() {
        let mut stage = Stage::greeted(0);
        let within = Some(Millis(600_000));
        let id = ask(
            &mut stage,
            RpcWish {
                within,
                repeats: false,
            },
        );
        way(&mut stage);
        assert_eq!(stage.answers, [failed(id, RpcFailure::Lost)], "{place}");
    }
}

#[test]
fn a_question_has_its_time_and_says_whether_it_was_sent() {
    let mut stage = Stage::greeted(0);
    let within = Some(Millis(500));
    let wish = RpcWish {
        within,
        repeats: true,
    };
    let sent = ask(&mut stage, wish);
    stage.pass(499);
    assert!(stage.answers.is_empty());
    stage.pass(1);
    assert_eq!(stage.answers, [failed(sent, RpcFailure::TimedOut)]);
    let command = asked(&stage)[0];
    answer(&mut stage, command);
    assert_eq!(stage.answers.len(), 1, "too late");
    stage.say(Input::Online(false));
    stage.drop_with(1_006);
    let waits = ask(&mut stage, wish);
    stage.pass(500);
    assert_eq!(stage.answers[1], failed(waits, RpcFailure::Age));
}

#[test]
fn without_a_time_it_waits_as_long_as_the_queue_and_then_as_long_as_any_answer() {
    let mut stage = Stage::greeted(0);
    let id = ask(&mut stage, RpcWish::default());
    stage.pass(9_999);
    assert!(stage.answers.is_empty());
    stage.pass(1);
    assert_eq!(stage.answers, [failed(id, RpcFailure::TimedOut)]);
    let mut stage = Stage::new(Protocol::Tidegate);
    let id = ask(&mut stage, RpcWish::default());
    stage.pass(299_999);
    assert!(stage.answers.is_empty());
    stage.pass(1);
    assert_eq!(stage.answers, [failed(id, RpcFailure::Age)]);
}

#[test]
fn there_is_room_for_so_many_and_no_more() {
    let mut stage = Stage::with(Protocol::Tidegate, 1, |manner| {
        manner.settings.queue_entries = 2;
        manner.settings.queue_bytes = 30;
    });
    let ask = |stage: &mut Stage, data| stage.session.rpc(stage.at, "m", data, RpcWish::default());
    assert!(ask(&mut stage, "1").is_ok());
    assert_eq!(
        ask(&mut stage, r#""0123456789012345678901234567""#),
        Err(RpcFailure::Full)
    );
    assert!(ask(&mut stage, "2").is_ok());
    assert_eq!(ask(&mut stage, "3"), Err(RpcFailure::Full));
    for data in ["{", "[\n]", ""] {
        assert_eq!(ask(&mut stage, data), Err(RpcFailure::Malformed), "{data}");
    }
    let mut raw = Stage::open_raw();
    assert_eq!(ask(&mut raw, "1"), Err(RpcFailure::Malformed));
}

#[test]
fn what_is_closed_answers_everything_once() {
    let mut stage = Stage::greeted(0);
    stage.at.now = stage.at.now + Millis(1);
    let out = ask(&mut stage, RpcWish::default());
    let twice = ask(&mut stage, TWICE);
    stage.session.close(&mut stage.engine, stage.at, 1_000, "");
    stage.run();
    let mut ends = stage.answers.clone();
    ends.sort_by_key(|(id, _)| *id);
    assert_eq!(
        ends,
        [
            failed(out, RpcFailure::Lost),
            failed(twice, RpcFailure::Lost)
        ]
    );
    let said = stage.session.rpc(stage.at, "m", "1", RpcWish::default());
    assert_eq!(said, Err(RpcFailure::Closed));
    let mut stage = Stage::new(Protocol::Tidegate);
    let waits = ask(&mut stage, TWICE);
    stage.session.close(&mut stage.engine, stage.at, 1_000, "");
    stage.run();
    assert_eq!(stage.answers, [failed(waits, RpcFailure::Closed)]);
}

#[test]
fn what_nobody_waits_for_any_more_is_not_answered() {
    let mut stage = Stage::greeted(0);
    let id = ask(&mut stage, TWICE);
    let command = asked(&stage)[0];
    stage.session.forget_rpc(id);
    answer(&mut stage, command);
    stage.drop_with(1_006);
    assert!(stage.answers.is_empty());
    assert_eq!(stage.session.health(stage.at).unanswered, 0);
}

#[test]
fn a_server_that_goes_answers_first() {
    let mut stage = Stage::greeted(0);
    let within = Some(Millis(60_000));
    let id = ask(
        &mut stage,
        RpcWish {
            within,
            repeats: false,
        },
    );
    stage.hear(r#"{"push":{"drain":{"by_ms":20000,"window_ms":0}}}"#);
    stage.pass(1_000);
    assert_eq!(stage.connects.len(), 1, "it waits for the answer");
    // What is asked meanwhile is for the next connection.
    let later = ask(&mut stage, RpcWish::default());
    assert_eq!(asked(&stage).len(), 1);
    let command = asked(&stage)[0];
    answer(&mut stage, command);
    assert_eq!((stage.answers[0].0, stage.connects.len()), (id, 2));
    let next = stage.sockets[1];
    stage.say(Input::Opened { link: next });
    stage.say(Input::Frame {
        link: next,
        text: r#"{"id":1,"connect":{"ping":25,"session":"s"}}"#.into(),
    });
    assert_eq!(asked(&stage).len(), 2);
    let command = asked(&stage)[1];
    answer(&mut stage, command);
    assert_eq!(stage.answers[1].0, later);
}

#[test]
fn a_server_that_goes_is_not_waited_for_until_it_is_gone() {
    let mut stage = Stage::greeted(0);
    let within = Some(Millis(60_000));
    let id = ask(
        &mut stage,
        RpcWish {
            within,
            repeats: false,
        },
    );
    stage.hear(r#"{"push":{"drain":{"by_ms":20000,"window_ms":0}}}"#);
    stage.pass(10_000);
    assert_eq!(stage.connects.len(), 2);
    let next = stage.sockets[1];
    stage.say(Input::Opened { link: next });
    stage.say(Input::Frame {
        link: next,
        text: r#"{"id":1,"connect":{"ping":25,"session":"s"}}"#.into(),
    });
    assert_eq!(stage.answers, [failed(id, RpcFailure::Lost)]);
}
