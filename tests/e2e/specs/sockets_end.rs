//! A socket of the package that is to end, ends: at its owner's word, with its user, or with the connection where nothing was added to it.

use anyhow::Result;
use serde_json::json;
use tidegate_contract::SocketClose;
use tidegate_contract::feed::{FeedAct, FeedOrder};
use tidegate_stub_client::SpaceHandle;

use crate::fixture::{eventually, package_page};
use crate::pages::PackagePage;

#[tokio::test]
async fn a_transparent_socket_ends_with_its_connection() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.open_socket(json!({"reconnect": false}), None).await?;
        let close = SocketClose::new(4_321, "over");
        space
            .order(&FeedOrder {
                client: None,
                stream: None,
                act: FeedAct::Close(close),
            })
            .await?;
        let log = page.socket_is("closed", |log| log.is_closed()).await?;
        assert_eq!(log.events, ["open", "close 4321"]);
        assert_eq!(space.streams().await?.counts.all.total, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_socket_that_was_closed_stays_closed() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.open_socket(json!({}), None).await?;
        page.close_socket(4_000, "enough").await?;
        let log = page.socket_is("closed", |log| log.is_closed()).await?;
        assert_eq!(log.events, ["open", "close 4000"]);
        nobody_is_connected(space).await?;
        assert_eq!(space.streams().await?.counts.all.total, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_logout_in_another_window_ends_the_sockets_of_the_user() -> Result<()> {
    package_page(async |stage, space| {
        let first = PackagePage::open(stage, space).await?;
        first.sign_in("ann").await?;
        first.open_socket(json!({}), None).await?;
        let second = first.open_beside().await?;
        second.sign_in("ann").await?;

        second.log_out().await?;

        let log = first.socket_is("closed", |log| log.is_closed()).await?;
        assert_eq!(log.events, ["open", "close 3000"]);
        nobody_is_connected(space).await
    })
    .await
}

async fn nobody_is_connected(space: &SpaceHandle) -> Result<()> {
    let open = async || Ok(space.streams().await?.counts.all.open);
    eventually("nobody is connected", open, |open| *open == 0).await?;
    Ok(())
}
