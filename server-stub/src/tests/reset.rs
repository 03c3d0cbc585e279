//! A reset leaves nothing: no timer, no key, no data, no line, no count.

use tidegate_contract::{Preset, paths};

use crate::settings::Settings;
use crate::stub::Stub;
use crate::testing::{
    call, call_with_body, journal, metrics, pass, program, settle, spawn_call,
    spawn_call_with_body, stub_by_hand,
};

const ANN: [(&str, &str); 2] = [("x-client", "ann"), ("idempotency-key", "k1")];
const ASK: &str = "POST /api/access-requests";
const BODY: &str = r#"{"assetId":"ds-00001","reason":"to see"}"#;
const PATCH: &str = "PATCH /api/assets/ds-00001";
const OWNER: &str = r#"{"owner":"Mei Kim"}"#;

async fn tag(stub: &Stub) -> String {
    let answer = call(stub, "GET /api/assets/ds-00001", &[]).await;
    answer.header("etag").to_owned()
}

/// Resets a stub in which one request is held by this program; the request gets its answer although no time goes by.
async fn release(parts: &str, path: &str) {
    let stub = stub_by_hand(program(parts)).await;
    let held = spawn_call(&stub, &format!("GET {path}"), &[]);
    settle().await;
    assert!(!held.is_finished(), "{parts}");
    stub.reset().await.unwrap();
    settle().await;
    assert!(held.is_finished(), "{parts}");
    assert_eq!(held.await.unwrap().status, 200, "{parts}");
}

#[tokio::test(start_paused = true)]
async fn nothing_waits_any_more() {
    let rule = |then: &str| format!(r#""rules":[{{"name":"r","then":[{then}]}}]"#);
    let delay = r#"{"kind":"delay","time":{"fixedMs":60000}}"#;
    let slow = r#"{"kind":"slowBody","chunks":10,"overMs":60000}"#;
    release(&rule(delay), paths::ASSETS).await;
    release(&rule(r#"{"kind":"hang"}"#), paths::ASSETS).await;
    release(&rule(slow), paths::ASSETS).await;
    release(r#""backend":{"service":{"fixedMs":60000}}"#, paths::ASSETS).await;
    release(
        r#""backend":{"hitPermille":1000,"hitMs":60000}"#,
        paths::ASSETS,
    )
    .await;
    let front = r#""backend":{"frontCostUs":1000000,"frontBacklogMs":60000}"#;
    release(front, paths::HEALTH).await;
    release(r#""health":{"slow":{"ms":60000}}"#, paths::HEALTH).await;
}

#[tokio::test(start_paused = true)]
async fn data_and_keys_are_as_at_the_start() {
    let stub = stub_by_hand(program(r#""rules":[]"#)).await;
    let seeded = tag(&stub).await;
    assert_eq!(call_with_body(&stub, PATCH, &ANN, OWNER).await.status, 200);
    assert_ne!(tag(&stub).await, seeded);
    stub.reset().await.unwrap();
    assert_eq!(tag(&stub).await, seeded);
    let again = call_with_body(&stub, PATCH, &ANN, OWNER).await;
    assert_eq!(again.header(paths::REPLAYED_HEADER), "");
    assert_eq!(stub.effects(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_write_from_before_takes_no_effect_after() {
    let slow = r#""backend":{"connections":1,"service":{"fixedMs":60000}}"#;
    let held = r#""rules":[{"name":"r","then":[{"kind":"hang"}]}]"#;
    for parts in [slow, held] {
        let stub = stub_by_hand(program(parts)).await;
        let seeded = tag_of_seed(&stub);
        let write = spawn_call_with_body(&stub, PATCH, &ANN, OWNER);
        settle().await;
        stub.reset().await.unwrap();
        settle().await;
        assert_eq!(write.await.unwrap().status, 503, "{parts}");
        assert_eq!(tag(&stub).await, seeded.await, "{parts}");
        assert_eq!(stub.effects(), 0, "{parts}");
        // Its key is free.
        assert_eq!(call_with_body(&stub, PATCH, &ANN, OWNER).await.status, 200);
    }
}

/// The tag as a stub of the same seed has it.
async fn tag_of_seed(stub: &Stub) -> String {
    let settings = Settings {
        assets: 300,
        seed: stub.seed(),
        ..Settings::on_free_ports()
    };
    tag(&Stub::new(&settings)).await
}

#[tokio::test(start_paused = true)]
async fn the_journal_is_empty_and_stays_so() {
    let parts = r#""backend":{"connections":1,"service":{"fixedMs":60000}}"#;
    let stub = stub_by_hand(program(parts)).await;
    spawn_call(&stub, "GET /api/assets/ds-00001", &[]);
    spawn_call_with_body(&stub, ASK, &ANN, BODY);
    settle().await;
    stub.reset().await.unwrap();
    settle().await;
    let journal = journal(&stub);
    assert_eq!((journal.total, journal.counts), (0, Default::default()));
    let metrics = metrics(&stub);
    assert_eq!(metrics.totals, Default::default());
    assert_eq!((metrics.in_flight, metrics.pool.in_use), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_new_program_does_not_mistake_an_old_client_for_its_own() {
    let parts = r#""backend":{"connections":1,"service":{"fixedMs":60000},"cancel":"running"}"#;
    let stub = stub_by_hand(program(parts)).await;
    let old = spawn_call(&stub, "GET /api/assets/ds-00001", &[]);
    settle().await;
    stub.install(program(parts), None).await.unwrap();
    // The first attempt of the new backend is made before the old client hears that it is released.
    let new = spawn_call(&stub, "GET /api/assets/ds-00001", &[]);
    settle().await;
    assert_eq!(old.await.unwrap().status, 200);
    pass(&stub, 60_000).await;
    assert_eq!(new.await.unwrap().status, 200);
}

#[tokio::test(start_paused = true)]
async fn a_quota_and_a_script_begin_again() {
    let settings = Settings {
        assets: 10,
        preset: Preset::Quota60PerMin,
        clock: tidegate_contract::ClockSetting::Manual,
        script: vec!["at 10 s pool 3".parse().unwrap()],
        ..Settings::on_free_ports()
    };
    let stub = Stub::new(&settings);
    for _ in 0..60 {
        assert_eq!(call(&stub, "GET /api/health", &ANN).await.status, 200);
    }
    assert_eq!(call(&stub, "GET /api/health", &ANN).await.status, 429);
    pass(&stub, 10_000).await;
    assert_eq!(stub.world().backend().settings().connections, 3);
    stub.reset().await.unwrap();
    assert_eq!(call(&stub, "GET /api/health", &ANN).await.status, 200);
    assert_ne!(stub.world().backend().settings().connections, 3);
    pass(&stub, 9_999).await;
    assert_ne!(stub.world().backend().settings().connections, 3);
    pass(&stub, 1).await;
    assert_eq!(stub.world().backend().settings().connections, 3);
}

#[tokio::test(start_paused = true)]
async fn the_feed_is_as_the_program_says() {
    let stub = Stub::new(&Settings {
        assets: 10,
        preset: Preset::H1SevenTabs,
        clock: tidegate_contract::ClockSetting::Manual,
        ..Settings::on_free_ports()
    });
    let wanted = stub.world().program().feed;
    assert_eq!(wanted.event_every_ms, Some(1_000));
    assert_eq!(stub.feed().settings(), wanted);
    stub.reset().await.unwrap();
    assert_eq!(stub.feed().settings(), wanted);
}
