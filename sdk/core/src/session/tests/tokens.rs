//! Tokens: when the application is asked for one, and what becomes of the connection.

use alloc::format;

use super::stage::Stage;
use crate::session::{Input, Protocol, SocketChange, SocketState};
use crate::testing::test;

fn with_tokens(seed: u64) -> Stage {
    let mut stage = Stage::with(Protocol::Centrifugo, seed, |manner| manner.tokens = true);
    stage.start();
    stage
}

fn greet(stage: &mut Stage, ttl: u64) {
    stage.hear(&format!(
        r#"{{"id":1,"connect":{{"ping":25,"pong":true,"expires":true,"ttl":{ttl}}}}}"#
    ));
}

fn connected(seed: u64, ttl: u64) -> Stage {
    let mut stage = with_tokens(seed);
    stage.open();
    greet(&mut stage, ttl);
    stage
}

/// Time passes, and the server pings.
fn pass(stage: &mut Stage, millis: u64) {
    for _ in 0..millis / 1_000 {
        stage.pass(1_000);
        stage.hear_if_linked("{}");
    }
    stage.pass(millis % 1_000);
}

fn count(stage: &Stage, change: SocketChange) -> usize {
    let changes = stage.changes();
    changes.iter().filter(|each| **each == change).count()
}

/// Time passes until the server is told another token.
fn await_refresh(stage: &mut Stage) {
    let before = said(stage, "refresh").len();
    while said(stage, "refresh").len() == before {
        pass(stage, 1_000);
    }
}

/// The commands of this kind.
fn said(stage: &Stage, kind: &str) -> alloc::vec::Vec<serde_json::Value> {
    let json = |(_, text): &(_, alloc::string::String)| serde_json::from_str(text).unwrap();
    let all = stage.sent.iter().map(json);
    all.filter(|json: &serde_json::Value| json.get(kind).is_some())
        .collect()
}

fn answer_refresh(stage: &mut Stage, answer: &str) {
    let id = said(stage, "refresh").last().unwrap()["id"].clone();
    stage.hear(&format!(r#"{{"id":{id},{answer}}}"#));
}

#[test]
fn the_token_is_asked_for_before_the_first_connection_and_goes_with_it() {
    let mut stage = with_tokens(1);
    assert_eq!(stage.connects.len(), 1);
    stage.open();
    assert_eq!(said(&stage, "connect")[0]["connect"]["token"], "t1");
    greet(&mut stage, 600);
    // One that is still good is not asked for again.
    for _ in 0..3 {
        stage.drop_with(1_006);
        stage.await_connect();
        stage.open();
        greet(&mut stage, 600);
    }
    assert_eq!(stage.tokens.len(), 1);
    assert!(
        said(&stage, "connect")
            .iter()
            .all(|each| each["connect"]["token"] == "t1")
    );
}

#[test]
fn no_connection_is_made_while_there_is_no_token() {
    let mut stage = Stage::with(Protocol::Tidegate, 1, |manner| manner.tokens = true);
    stage.provides = false;
    stage.start();
    for tried in 1..=4 {
        let link = stage.link();
        stage.say(Input::Provided { link });
        assert_eq!((stage.tokens.len(), stage.connects.len()), (tried, 0));
        // To be asked twice changes nothing.
        stage.say(Input::Provided { link });
        stage.say(Input::ProviderFailed { link });
        assert_eq!(stage.tokens.len(), tried);
        while stage.session.link().is_none() {
            stage.pass(100);
        }
    }
    let link = stage.link();
    stage.say(Input::Provided { link });
    let token = "late".into();
    stage.say(Input::Token { link, token });
    assert_eq!(stage.connects.len(), 1);
}

#[test]
fn another_token_is_had_in_the_last_fifth_of_its_time_without_a_new_connection() {
    let mut moments = alloc::collections::BTreeSet::new();
    for seed in 0..40 {
        let mut stage = connected(seed, 100);
        let since = stage.at.now;
        for round in 1..=3 {
            let before = stage.tokens.len();
            let asked_at = stage.at.now;
            await_refresh(&mut stage);
            let (at, link, refresh) = stage.tokens[before];
            assert!(
                (80_000..=90_000).contains(&(at - asked_at).0),
                "{:?}",
                at - asked_at
            );
            assert_eq!((link, refresh), (stage.link(), true));
            moments.insert((at - since).0 * u64::from(round == 1));
            let told = said(&stage, "refresh");
            assert_eq!(told.len(), round);
            let token = format!("t{}", round + 1);
            assert_eq!(told[round - 1]["refresh"]["token"], *token);
            answer_refresh(&mut stage, r#""refresh":{"expires":true,"ttl":100}"#);
        }
        assert_eq!(stage.connects.len(), 1);
        assert_eq!(count(&stage, SocketChange::TokenRenewed), 3);
    }
    assert!(
        moments.len() > 20,
        "those who came together do not ask together"
    );
}

#[test]
fn what_is_good_for_good_is_not_renewed() {
    let mut stage = connected(1, 100);
    await_refresh(&mut stage);
    answer_refresh(&mut stage, r#""refresh":{}"#);
    pass(&mut stage, 1_000_000);
    assert_eq!((stage.tokens.len(), stage.connects.len()), (2, 1));
}

#[test]
fn what_is_not_to_be_had_is_tried_again_ever_more_rarely_until_the_time_is_over() {
    let mut stage = connected(1, 600);
    stage.provides = false;
    while stage.tokens.len() == 1 {
        pass(&mut stage, 1_000);
    }
    let link = stage.link();
    let mut asked = 1;
    for _ in 0..600 {
        if stage.tokens.len() > asked {
            asked = stage.tokens.len();
            stage.say(Input::ProviderFailed { link });
        }
        pass(&mut stage, 1_000);
    }
    let waits: alloc::vec::Vec<u64> = stage.tokens[1..]
        .windows(2)
        .map(|two| (two[1].0 - two[0].0).0)
        .collect();
    assert!((4..20).contains(&waits.len()), "{waits:?}");
    assert!(waits.last() > waits.first(), "{waits:?}");
    assert_eq!(count(&stage, SocketChange::TokenFailed), asked - 1);
    assert!(stage.session.is_open(), "its end is the server's business");
    // The server closes it, and the next one asks for another token.
    stage.provides = true;
    stage.drop_with(3_005);
    assert!(stage.tokens.last().unwrap().2);
    stage.open();
    greet(&mut stage, 600);
    assert!(stage.session.is_open());
}

#[test]
fn a_refusal_and_a_silence_are_tried_again_too() {
    for answer in [Some(r#""error":{"code":109,"message":"expired"}"#), None] {
        let mut stage = connected(1, 600);
        await_refresh(&mut stage);
        assert_eq!(said(&stage, "refresh").len(), 1);
        match answer {
            Some(answer) => answer_refresh(&mut stage, answer),
            None => pass(&mut stage, 10_000),
        }
        pass(&mut stage, 2_000);
        assert_eq!(said(&stage, "refresh").len(), 2, "{answer:?}");
        answer_refresh(&mut stage, r#""refresh":{"expires":true,"ttl":600}"#);
        pass(&mut stage, 400_000);
        assert_eq!((stage.tokens.len(), stage.connects.len()), (3, 1));
    }
}

#[test]
fn a_late_answer_of_the_application_is_for_its_own_connection_only() {
    let mut stage = connected(1, 100);
    stage.provides = false;
    pass(&mut stage, 91_000);
    let old = stage.link();
    stage.drop_with(1_006);
    let token = "late".into();
    stage.say(Input::Token { link: old, token });
    assert!(said(&stage, "refresh").is_empty());
    stage.say(Input::ProviderFailed { link: old });
    assert_eq!(count(&stage, SocketChange::TokenFailed), 0);
}

#[test]
fn a_server_that_wants_another_token_gets_one_once() {
    for end in [3_005, 4_401] {
        let mut stage = connected(1, 600);
        stage.drop_with(end);
        assert_eq!(stage.tokens.len(), 2, "{end}");
        stage.open();
        assert_eq!(said(&stage, "connect")[1]["connect"]["token"], "t2");
        stage.drop_with(end);
        assert_eq!(stage.session.state(), SocketState::Stopped);
    }
    for code in [109, 110] {
        let mut stage = with_tokens(1);
        stage.open();
        stage.hear(&format!(r#"{{"id":1,"error":{{"code":{code}}}}}"#));
        assert_eq!((stage.tokens.len(), stage.connects.len()), (2, 2));
    }
}

#[test]
fn a_token_whose_time_is_over_is_not_tried() {
    let mut stage = connected(1, 60);
    stage.say(Input::Frozen);
    stage.sleep(3_600_000);
    stage.say(Input::Restored);
    assert_eq!(stage.tokens.len(), 2);
    assert!(stage.tokens[1].2);
    stage.open();
    assert_eq!(said(&stage, "connect")[1]["connect"]["token"], "t2");
}

#[test]
fn a_machine_that_slept_through_most_of_its_time_asks_when_it_wakes() {
    let mut stage = connected(1, 3_600);
    stage.sleep(3_300_000);
    stage.run();
    assert_eq!(stage.tokens.len(), 2);
}

#[test]
fn a_server_says_by_itself_how_long_it_is_good() {
    let mut stage = connected(1, 600);
    stage.hear(r#"{"push":{"refresh":{"expires":true,"ttl":10}}}"#);
    pass(&mut stage, 10_000);
    assert_eq!(stage.tokens.len(), 2);
}

#[test]
fn what_is_good_for_no_time_is_not_renewed_and_for_a_second_in_time() {
    let mut stage = connected(1, 0);
    pass(&mut stage, 30_000);
    assert_eq!(stage.tokens.len(), 1);
    let mut stage = connected(1, 1);
    stage.pass(950);
    assert_eq!(said(&stage, "refresh").len(), 1);
}

#[test]
fn nobody_is_asked_where_there_are_no_tokens() {
    let mut stage = Stage::new(Protocol::Centrifugo);
    stage.start();
    stage.open();
    greet(&mut stage, 10);
    pass(&mut stage, 30_000);
    assert!(stage.tokens.is_empty() && stage.session.is_open());
}
