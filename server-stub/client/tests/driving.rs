//! The client against a stub in the same process.

use tidegate_contract::feed::{
    Announcement, FeedAct, FeedOrder, GOVERNANCE, HistoryAct, HistoryOrder,
};
use tidegate_contract::{
    ClockSetting, Fault, FaultProgram, JournalQuery, Pattern, Preset, Rule, SpaceSettings, paths,
};
use tidegate_core::Millis;
use tidegate_stub::{Server, Settings, serve};
use tidegate_stub_client::{Error, SpaceHandle, StubClient};

async fn stub() -> (Server, StubClient) {
    let settings = Settings {
        assets: 20,
        ..Settings::on_free_ports()
    };
    let server = serve(&settings).await.expect("there are free ports");
    let client = StubClient::new(server.control_url());
    (server, client)
}

async fn space(client: &StubClient) -> SpaceHandle {
    client
        .make_space(&SpaceSettings::default())
        .await
        .expect("there is room for a space")
}

async fn call(space: &SpaceHandle, path: &str) -> u16 {
    let url = format!("{}{path}", space.info().api);
    reqwest::get(url)
        .await
        .expect("it answers")
        .status()
        .as_u16()
}

async fn names(client: &StubClient) -> Vec<String> {
    let list = client.spaces().await.expect("it answers");
    list.spaces.into_iter().map(|space| space.space).collect()
}

/// The deletion is on its way when a handle has been dropped; it has no answer that one could wait for.
async fn all_are_gone(client: &StubClient) {
    for _ in 0..1_000 {
        if names(client).await == ["default"] {
            return;
        }
    }
    panic!("there still are {:?}", names(client).await);
}

#[tokio::test]
async fn a_space_ends_when_it_is_told_to() {
    let (_server, client) = stub().await;
    let space = space(&client).await;
    assert_eq!(&space.look().await.unwrap(), space.info());
    let name = space.name().to_owned();
    assert_eq!(names(&client).await, ["default", &name]);
    space.end().await.unwrap();
    assert_eq!(names(&client).await, ["default"]);
    let error = client.space(&name).look().await.unwrap_err();
    assert_eq!(error.problem().unwrap().status, 404);
}

#[tokio::test]
async fn a_space_ends_with_its_handle() {
    let (_server, client) = stub().await;
    drop(space(&client).await);
    all_are_gone(&client).await;
}

#[tokio::test]
async fn a_handle_knows_the_token_to_the_end() {
    let settings = Settings {
        token: Some("s3cret".to_owned()),
        ..Settings::on_free_ports()
    };
    let server = serve(&settings).await.unwrap();
    let client = StubClient::new(server.control_url());
    let error = client.spaces().await.unwrap_err();
    assert!(error.to_string().contains("with_token"), "{error}");
    let client = client.with_token("s3cret");
    drop(space(&client).await);
    all_are_gone(&client).await;
}

#[tokio::test]
async fn what_is_put_in_force_is_in_force() {
    let (_server, client) = stub().await;
    let space = space(&client).await;
    let busy = Fault::Status {
        code: 503,
        retry_after: None,
    };
    let program = FaultProgram::new(7).with_rule(Rule::new("busy", busy));
    assert_eq!(space.put_program(&program).await.unwrap(), program);
    assert_eq!(space.program().await.unwrap(), program);
    assert_eq!(call(&space, paths::HEALTH).await, 503);

    let slow = space.preset(Preset::Slow).await.unwrap();
    let presets = space.presets().await.unwrap();
    assert_eq!(presets.current.as_deref(), Some("slow"));
    assert_eq!(space.program().await.unwrap(), slow);

    let healthy = space.reset().await.unwrap();
    assert_eq!(healthy, Preset::Healthy.program(healthy.seed));
    assert_eq!(
        space.journal(&JournalQuery::default()).await.unwrap().total,
        0
    );
}

#[tokio::test]
async fn a_program_out_of_range_is_refused_with_its_path() {
    let (_server, client) = stub().await;
    let rule = Rule::new("r", Fault::Hang).with_share(2_000);
    let program = FaultProgram::new(1).with_rule(rule);
    let error = client.default_space().put_program(&program).await;
    let text = error.unwrap_err().to_string();
    for part in [
        "400",
        "PUT /_stub/v1/spaces/default/program",
        "rules[0].when.share",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
}

#[tokio::test]
async fn what_has_arrived_can_be_waited_for() {
    let (_server, client) = stub().await;
    let space = space(&client).await;
    let query = JournalQuery {
        path: Some(Pattern::from(paths::HEALTH)),
        settled: true,
        ..JournalQuery::default()
    };
    let (journal, _) = tokio::join!(space.wait_for(&query, 1), call(&space, paths::HEALTH));
    assert_eq!(journal.unwrap().entries[0].status(), Some(200));
    assert_eq!(space.effects().await.unwrap().total, 0);
    let report = space.metrics().await.unwrap();
    assert_eq!(report.metrics.space, space.name());
}

#[tokio::test]
async fn waiting_in_vain_shows_what_came_instead() {
    let (_server, client) = stub().await;
    let space = space(&client).await;
    let query = JournalQuery {
        path: Some(Pattern::from(paths::POLICIES)),
        timeout_ms: Some(0),
        ..JournalQuery::default()
    };
    let empty = space.wait_for(&query, 1).await.unwrap_err();
    assert!(
        empty.to_string().contains("the journal is empty"),
        "{empty}"
    );

    call(&space, paths::ASSETS).await;
    call(&space, paths::POLICIES).await;
    let error = space.wait_for(&query, 2).await.unwrap_err();
    let text = error.to_string();
    for part in [
        "1 of 2 lines came within 0 ms",
        "path=%2Fapi%2Fpolicies",
        "    #1 ",
        "  * #2 ",
        "request GET /api/policies -> 200",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(matches!(error, Error::Shortage(_)));
}

#[tokio::test]
async fn streams_are_told_and_counted() {
    let (_server, client) = stub().await;
    let space = space(&client).await;
    let url = format!("{}{}", space.info().api, paths::FEED_EVENTS);
    let mut stream = reqwest::get(url).await.unwrap();
    assert_eq!(space.streams().await.unwrap().streams.len(), 1);

    let said = Announcement::new(GOVERNANCE, "hello");
    let announced = space.announce(&said).await.unwrap();
    assert_eq!(announced.position.offset, 1);
    let mut seen = String::new();
    while !seen.contains("hello") {
        let piece = stream.chunk().await.unwrap().unwrap();
        seen += &String::from_utf8_lossy(&piece);
    }

    let order = FeedOrder {
        client: None,
        stream: None,
        act: FeedAct::Vanish,
    };
    assert_eq!(space.order(&order).await.unwrap().streams, 1);
    while let Ok(Some(_)) = stream.chunk().await {}
    assert_eq!(space.streams().await.unwrap().counts.all.open, 0);

    let forget = HistoryOrder {
        channel: GOVERNANCE.to_owned(),
        act: HistoryAct::NewEpoch,
    };
    space.history(&forget).await.unwrap();
    let again = space.announce(&said).await.unwrap().position;
    assert_ne!(again.epoch, announced.position.epoch);
}

#[tokio::test]
async fn a_manual_clock_is_moved_and_another_is_not() {
    let (_server, client) = stub().await;
    let settings = SpaceSettings {
        clock: ClockSetting::Manual,
        ..SpaceSettings::default()
    };
    let space = client.make_space(&settings).await.unwrap();
    assert_eq!(space.clock().await.unwrap().now_ms, 0);
    let reading = space.advance(Millis(1_500)).await.unwrap();
    assert_eq!(
        (reading.now_ms, reading.clock),
        (1_500, ClockSetting::Manual)
    );
    let error = client.default_space().advance(Millis(1)).await.unwrap_err();
    assert_eq!(error.problem().unwrap().status, 409);
}

#[tokio::test]
async fn nobody_and_somebody_else_are_told_apart() {
    let (server, client) = stub().await;
    let api = StubClient::new(server.api_url());
    let text = api.spaces().await.unwrap_err().to_string();
    assert!(text.contains("/_stub/v1/spaces"), "{text}");
    server.shutdown().await;
    let error = client.spaces().await.unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error}");
    assert!(error.to_string().contains("refused"), "{error}");
}
