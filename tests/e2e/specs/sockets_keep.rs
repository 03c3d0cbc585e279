//! What a socket has to send, and how far it has read, outlives its page.

use anyhow::Result;
use serde_json::{Value, json};
use tidegate_contract::feed::{Announcement, GOVERNANCE, Position};
use tidegate_contract::{Fault, FaultProgram, Rule, SocketAct, SocketPoint};
use tidegate_stub_client::SpaceHandle;

use crate::fixture::package_page;
use crate::pages::PackagePage;

#[tokio::test]
async fn what_was_to_be_sent_while_the_backend_was_down_is_carried_out_once_and_in_order_after_a_reload()
-> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.open_socket(speaking(), None).await?;
        let before = say(space, "before").await?;
        page.backend_goes().await?;
        page.socket_is("it has lost its connection", |log| !log.is_open())
            .await?;
        for n in 1..=3 {
            assert!(page.publish_durable(GOVERNANCE, json!(n)).await?);
        }
        page.reload().await?;
        page.begin_socket(speaking(), None).await?;
        assert!(page.publish_durable(GOVERNANCE, json!(4)).await?);
        page.backend_returns().await?;
        page.socket_is("all are acknowledged", |log| log.acknowledged() == 4)
            .await?;
        assert_eq!(carried_out(&page, space, before).await?, [1, 2, 3, 4]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_was_carried_out_without_a_word_is_not_carried_out_again_for_the_next_page()
-> Result<()> {
    package_page(async |stage, space| {
        let before = say(space, "before").await?;
        space.put_program(&silent()).await?;
        let page = PackagePage::open(stage, space).await?;
        page.open_socket(speaking(), Some(GOVERNANCE)).await?;
        for n in 1..=2 {
            assert!(page.publish_durable(GOVERNANCE, json!(n)).await?);
        }
        page.socket_is("the first is carried out", |log| !log.read.is_empty())
            .await?;
        space.put_program(&FaultProgram::new(1)).await?;
        page.reload().await?;
        page.open_socket(speaking(), None).await?;
        let log = page
            .socket_is("both are acknowledged", |log| log.acknowledged() == 2)
            .await?;
        assert!(!log.has("dropped"), "{log:?}");
        assert_eq!(carried_out(&page, space, before).await?, [1, 2]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_reloaded_page_reads_on_with_no_gap_and_nothing_twice() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.sign_in("ann").await?;
        page.open_socket(keeping(), Some(GOVERNANCE)).await?;
        let first = say(space, "one").await?.offset;
        say(space, "two").await?;
        page.socket_is("it has read both", |log| log.read.len() == 2)
            .await?;
        page.reload().await?;
        say(space, "nobody was there").await?;
        page.sign_in("ann").await?;
        page.open_socket(keeping(), Some(GOVERNANCE)).await?;
        say(space, "there again").await?;
        let log = page
            .socket_is("it has read on", |log| log.read.len() >= 2)
            .await?;
        assert_eq!(log.offsets(), [first + 2, first + 3]);
        assert!(log.has("resumed") && !log.has("snapshot"), "{log:?}");

        // Another user begins anew, and so does whoever has logged out.
        page.sign_in("bob").await?;
        page.open_socket(keeping(), Some(GOVERNANCE)).await?;
        page.socket_is("it reads anew", |log| log.has("snapshot"))
            .await?;
        page.sign_in("ann").await?;
        page.log_out().await?;
        page.sign_in("ann").await?;
        page.open_socket(keeping(), Some(GOVERNANCE)).await?;
        page.socket_is("it reads anew", |log| log.has("snapshot"))
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_new_window_goes_on_where_the_last_one_was_when_it_was_closed() -> Result<()> {
    package_page(async |stage, space| {
        let lookout = PackagePage::open(stage, space).await?;
        let page = lookout.open_beside().await?;
        page.open_socket(keeping(), Some(GOVERNANCE)).await?;
        let first = say(space, "one").await?.offset;
        page.socket_is("it has read it", |log| log.read.len() == 1)
            .await?;
        page.close().await?;
        say(space, "nobody was there").await?;
        // The driver opens windows from one that is there.
        lookout.reload().await?;
        let page = lookout.open_beside().await?;
        page.open_socket(keeping(), Some(GOVERNANCE)).await?;
        let log = page
            .socket_is("it has read on", |log| !log.read.is_empty())
            .await?;
        // What was handled just before may come again, and nothing is passed over.
        let offsets = log.offsets();
        assert!(
            [&[first, first + 1][..], &[first + 1][..]].contains(&&*offsets),
            "{offsets:?}"
        );
        Ok(())
    })
    .await
}

/// What the channel has after a position, as somebody reads it who was there.
async fn carried_out(
    page: &PackagePage<'_>,
    space: &SpaceHandle,
    since: Position,
) -> Result<Vec<u64>> {
    let all = since.offset;
    let positions = json!({GOVERNANCE: {"epoch": since.epoch, "offset": all}}).to_string();
    let reader = page.open_beside().await?;
    let mut options = speaking();
    options["positions"] = json!(positions);
    reader.open_socket(options, Some(GOVERNANCE)).await?;
    let last = say(space, "last").await?.offset;
    let log = reader
        .socket_is("it has read the last", |log| log.offsets().contains(&last))
        .await?;
    assert_eq!(log.offsets(), (all + 1..=last).collect::<Vec<u64>>());
    let numbers = log.read.iter().filter_map(|(_, data)| data.as_u64());
    Ok(numbers.collect())
}

/// The answers to the first messages do not arrive.
fn silent() -> FaultProgram {
    let fault = Fault::Socket {
        at: SocketPoint::default(),
        act: SocketAct::LoseAcks(2),
    };
    FaultProgram::new(1).with_rule(Rule::new("silent", fault).on_path("/api/feed"))
}

/// Nobody else comes back at the same time, so it need not wait for long.
fn speaking() -> Value {
    json!({"wire": "tidegate.v1", "settings": {"windowMs": 200}})
}

fn keeping() -> Value {
    json!({"wire": "tidegate.v1", "keep": true})
}

async fn say(space: &SpaceHandle, word: &str) -> Result<Position> {
    let announcement = Announcement::new(GOVERNANCE, json!(word));
    Ok(space.announce(&announcement).await?.position)
}
