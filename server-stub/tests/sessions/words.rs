//! What is asked and answered, a token that is renewed, a channel that rests.

use tidegate_contract::FaultProgram;
use tidegate_contract::feed::Announcement;
use tidegate_core::session::{Protocol, RpcEnd, RpcFailure, SocketChange};

use crate::driver::Driver;
use crate::kills::stub;

const DOWN: &str = "down";

async fn connected(driver: &mut Driver) {
    driver
        .until(|driver| driver.told.contains(&SocketChange::Open))
        .await;
}

#[tokio::test]
async fn questions_are_answered_refused_and_lost_with_their_connection() {
    for protocol in [Protocol::Tidegate, Protocol::Centrifugo] {
        let (_server, _space, url) = stub().await;
        let mut driver = Driver::start(&url, protocol, 1, &[]);
        driver.rpc("echo", r#"{"n":1}"#, false);
        driver.rpc("fail", r#"{"code":7,"message":"no"}"#, false);
        driver.until(|driver| driver.answers.len() == 2).await;
        let refused = RpcEnd::Refused {
            code: 7,
            message: "no".to_owned(),
            temporary: false,
        };
        assert_eq!(
            driver.answers,
            [RpcEnd::Answered(r#"{"n":1}"#.to_owned()), refused]
        );

        driver.rpc("slow", r#"{"ms":600000}"#, false);
        driver.rpc("echo", "2", true);
        driver.cut();
        driver.until(|driver| driver.answers.len() == 4).await;
        let mut last = driver.answers.split_off(2);
        last.sort_by_key(|end| matches!(end, RpcEnd::Failed(_)));
        // What may be asked twice was answered before the cut or after it.
        let lost = RpcEnd::Failed(RpcFailure::Lost);
        assert_eq!(last, [RpcEnd::Answered("2".to_owned()), lost]);
    }
}

#[tokio::test]
async fn a_token_is_renewed_on_the_connection_that_is_there() {
    let (_server, space, url) = stub().await;
    let mut program = FaultProgram::new(1);
    program.feed.token_ttl_s = Some(600);
    space.put_program(&program).await.unwrap();
    let mut driver = Driver::start(&url, Protocol::Centrifugo, 1, &[DOWN]);
    driver
        .tokens
        .extend(["good-until-600000", "good-until-86400000"].map(str::to_owned));
    connected(&mut driver).await;
    // Its time comes, and the server's pings are answered meanwhile.
    let renewed = |driver: &Driver| driver.told.contains(&SocketChange::TokenRenewed);
    while driver.tokens.len() == 1 {
        driver.stay_alive();
        driver.jump();
    }
    driver.until(renewed).await;
    let opened = driver
        .told
        .iter()
        .filter(|each| **each == SocketChange::Open);
    assert_eq!(opened.count(), 1);
    space.announce(&Announcement::new(DOWN, 1)).await.unwrap();
    driver.until(|driver| driver.delivered.len() == 1).await;
}

#[tokio::test]
async fn a_token_that_is_old_is_replaced_before_the_next_attempt() {
    let (_server, space, url) = stub().await;
    let mut program = FaultProgram::new(1);
    program.feed.token_ttl_s = Some(600);
    space.put_program(&program).await.unwrap();
    let mut driver = Driver::start(&url, Protocol::Tidegate, 1, &[]);
    driver
        .tokens
        .extend(["good-until-0", "good-until-86400000"].map(str::to_owned));
    connected(&mut driver).await;
    assert!(driver.tokens.is_empty());
}

#[tokio::test]
async fn a_channel_that_rests_goes_on_without_a_gap() {
    let (_server, space, url) = stub().await;
    let mut driver = Driver::start(&url, Protocol::Tidegate, 1, &[DOWN]);
    connected(&mut driver).await;
    driver.pause(DOWN, true);
    // What was asked after it is answered after it.
    driver.rpc("echo", "1", false);
    driver.until(|driver| driver.answers.len() == 1).await;
    for n in 1..=20 {
        space.announce(&Announcement::new(DOWN, n)).await.unwrap();
    }
    driver.rpc("echo", "2", false);
    let frames = driver.frames;
    driver.until(|driver| driver.answers.len() == 2).await;
    assert!(driver.frames <= frames + 2, "the server keeps them");
    driver.pause(DOWN, false);
    driver
        .until(|driver| {
            driver
                .delivered
                .get(DOWN)
                .is_some_and(|all| all.len() == 20)
        })
        .await;
    let offsets = driver.delivered[DOWN].iter().map(|(offset, _)| *offset);
    assert_eq!(
        offsets.collect::<Vec<u64>>(),
        (2..=21).collect::<Vec<u64>>()
    );
    assert!(!driver.told.contains(&SocketChange::Gap) && driver.snapshots.is_empty());
}
