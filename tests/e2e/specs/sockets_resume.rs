//! A socket of the package loses its connection, comes back, and has missed nothing.

use anyhow::Result;
use serde_json::{Value, json};
use tidegate_contract::feed::{Announcement, FeedAct, FeedOrder, GOVERNANCE};
use tidegate_stub_client::SpaceHandle;

use crate::fixture::package_page;
use crate::pages::PackagePage;

#[tokio::test]
async fn what_was_said_while_it_was_away_is_read_once_and_in_order() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.open_socket(speaking(), Some(GOVERNANCE)).await?;
        let first = say(space, "before").await?;
        page.socket_is("it has read the first", |log| log.read.len() == 1)
            .await?;

        kill(space, FeedAct::Vanish).await?;
        for word in ["while it was away", "and again"] {
            say(space, word).await?;
        }
        page.socket_is("it goes on", |log| log.has("resumed"))
            .await?;
        say(space, "after").await?;

        let log = page
            .socket_is("it has read all", |log| log.read.len() >= 4)
            .await?;
        let expected: Vec<u64> = (first..first + 4).collect();
        assert_eq!(log.offsets(), expected);
        assert_eq!(log.events, ["open", "open"], "{log:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_is_sent_across_a_kill_is_carried_out_once() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.open_socket(speaking(), Some(GOVERNANCE)).await?;
        kill(space, FeedAct::Reset).await?;
        let done = page.publish(GOVERNANCE, json!("mine")).await?;
        assert_eq!(done, json!({"state": "acknowledged"}));
        let log = page
            .socket_is("it reads its own note", |log| !log.read.is_empty())
            .await?;
        assert_eq!(log.offsets().len(), 1, "{log:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_plain_socket_comes_back_after_a_kill() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.open_socket(quick(), None).await?;
        kill(space, FeedAct::Vanish).await?;
        let log = page
            .socket_is("it is there again", |log| log.events.len() == 2)
            .await?;
        assert_eq!(log.events, ["open", "open"]);
        let counts = space.streams().await?.counts.all;
        assert_eq!((counts.open, counts.peak, counts.total), (1, 1, 2));
        Ok(())
    })
    .await
}

/// Nobody else comes back at the same time, so it need not wait for long.
fn quick() -> Value {
    json!({"settings": {"windowMs": 200}})
}

fn speaking() -> Value {
    json!({"wire": "tidegate.v1", "settings": {"windowMs": 200}})
}

async fn say(space: &SpaceHandle, word: &str) -> Result<u64> {
    let announcement = Announcement::new(GOVERNANCE, json!(word));
    Ok(space.announce(&announcement).await?.position.offset)
}

/// Ends the one connection that there is.
async fn kill(space: &SpaceHandle, act: FeedAct) -> Result<()> {
    let order = FeedOrder {
        client: None,
        stream: None,
        act,
    };
    let reached = space.order(&order).await?;
    assert_eq!(reached.streams, 1);
    Ok(())
}
