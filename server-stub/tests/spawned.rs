//! The program, as other people's test fixtures start it.

use tidegate_contract::{Preset, SpaceSettings};
use tidegate_stub_client::{SpawnError, StubProgram};

fn program() -> StubProgram {
    StubProgram::at(env!("CARGO_BIN_EXE_server-stub")).with_args(["--assets", "10"])
}

#[tokio::test]
async fn it_can_be_driven_as_soon_as_it_is_started() {
    let stub = program().with_args(["--seed", "7"]).start().await.unwrap();
    assert_eq!(
        stub.client().default_space().look().await.unwrap().api,
        stub.api_url()
    );
    let space = stub
        .client()
        .make_space(&SpaceSettings::default())
        .await
        .unwrap();
    assert_eq!(space.info().seed, 7);
    space.preset(Preset::Hang).await.unwrap();
    drop(space);
    stub.end().await.unwrap();
}

#[tokio::test]
async fn a_token_is_known_to_the_client() {
    for args in [&["--token", "t"][..], &["--token=t"]] {
        let stub = program().with_args(args).start().await.unwrap();
        assert!(stub.client().spaces().await.is_ok());
    }
}

#[tokio::test]
async fn a_killed_one_is_gone_and_can_come_back() {
    let stub = program().start().await.unwrap();
    let port = |url: &str| url.rsplit(':').next().unwrap().parse().unwrap();
    let (api, control) = (port(stub.api_url()), port(stub.control_url()));
    let client = stub.client().clone();
    stub.kill().await.unwrap();
    assert!(client.spaces().await.is_err());
    let again = program().on_ports(api, control).start().await.unwrap();
    assert!(client.spaces().await.is_ok());
    drop(again);
}

#[tokio::test]
async fn what_it_complains_about_is_told() {
    let error = program()
        .with_args(["--preset", "slwo"])
        .start()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("flaky-30"), "{error}");
    let error = StubProgram::at("no/such/file").start().await.unwrap_err();
    assert!(matches!(error, SpawnError::NotStarted { .. }));
    assert!(error.to_string().contains("cargo build"), "{error}");
}
