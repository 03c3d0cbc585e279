//! No WebSocket gets through, as behind some proxies: the package reads event streams, misses nothing, and goes back when it can.

use anyhow::Result;
use serde_json::{Value, json};
use tidegate_contract::feed::{
    Announcement, FeedAct, FeedOrder, GOVERNANCE, HistoryAct, HistoryOrder,
};
use tidegate_contract::{Fault, FaultProgram, Rule, SocketAct, SocketPoint, paths};
use tidegate_stub_client::SpaceHandle;

use crate::fixture::package_page;
use crate::pages::PackagePage;

#[tokio::test]
async fn without_websockets_everything_is_read_once_and_in_order_across_a_cut() -> Result<()> {
    package_page(async |stage, space| {
        // A letter of two bytes is never whole.
        let torn = Fault::Socket {
            at: SocketPoint::default(),
            act: SocketAct::ChunkBytes(1),
        };
        let torn = Rule::new("torn", torn).on_path(paths::FEED_EVENTS);
        space.put_program(&proxied().with_rule(torn)).await?;
        let page = listening(stage, space, 3_600_000).await?;
        let first = say(space, "béfore").await?;
        page.socket_is("it has read the first", |log| log.read.len() == 1)
            .await?;

        let order = FeedOrder {
            client: None,
            stream: None,
            act: FeedAct::Vanish,
        };
        assert_eq!(space.order(&order).await?.streams, 1);
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
        assert_eq!(log.read[0].1, json!("béfore"));
        assert_eq!(log.health().transport, "sse");
        assert_eq!(
            log.health().snapshots,
            1,
            "the one before the first message"
        );
        assert_eq!(log.events, ["open", "open"], "{log:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_the_history_does_not_have_any_more_is_read_anew() -> Result<()> {
    package_page(async |stage, space| {
        space.put_program(&proxied()).await?;
        let page = listening(stage, space, 3_600_000).await?;
        say(space, "before").await?;
        page.socket_is("it has read the first", |log| log.read.len() == 1)
            .await?;

        let busy = Rule::new("busy", refusal(503)).on_path(paths::FEED_EVENTS);
        space.put_program(&proxied().with_rule(busy)).await?;
        let order = FeedOrder {
            client: None,
            stream: None,
            act: FeedAct::Reset,
        };
        space.order(&order).await?;
        page.socket_is("it is away", |log| !log.is_open()).await?;
        say(space, "missed").await?;
        let forget = HistoryOrder {
            channel: GOVERNANCE.to_owned(),
            act: HistoryAct::Keep(0),
        };
        space.history(&forget).await?;
        space.put_program(&proxied()).await?;
        page.socket_is("it has read all anew", |log| log.health().snapshots == 2)
            .await?;
        let after = say(space, "after").await?;

        let log = page
            .socket_is("it goes on", |log| log.read.len() == 2)
            .await?;
        assert_eq!(log.offsets(), [after - 2, after]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn when_websockets_get_through_it_goes_back_without_a_gap_or_a_double() -> Result<()> {
    package_page(async |stage, space| {
        space.put_program(&proxied()).await?;
        let page = listening(stage, space, 200).await?;
        let first = say(space, "on a stream").await?;
        page.socket_is("it has read the first", |log| log.read.len() == 1)
            .await?;
        page.socket_is("it has tried in vain", |log| {
            log.changes.iter().any(|it| it.is_back("connecting"))
        })
        .await?;
        assert!(page.socket_is("open", |_| true).await?.is_open());

        space.put_program(&open()).await?;
        let mut said = 1;
        loop {
            say(space, "on either").await?;
            said += 1;
            let log = page.socket_is("it is there", |_| true).await?;
            if log.changes.iter().any(|it| it.is_back("moved")) {
                break;
            }
        }
        say(space, "on a socket").await?;
        said += 1;

        let log = page
            .socket_is("it has read all", |log| log.read.len() >= said)
            .await?;
        let expected: Vec<u64> = (first..first + said as u64).collect();
        assert_eq!(log.offsets(), expected);
        assert_eq!(log.health().transport, "websocket");
        assert_eq!(log.events, ["open"], "{log:?}");
        let done = page.publish(GOVERNANCE, json!("mine")).await?;
        assert_eq!(done, json!({"state": "acknowledged"}));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn streams_alone_are_over_when_the_server_says_so() -> Result<()> {
    package_page(async |stage, space| {
        let stop = Fault::Socket {
            at: SocketPoint::default(),
            act: SocketAct::Stop,
        };
        space
            .put_program(&open().with_rule(Rule::new("stop", stop)))
            .await?;
        let page = PackagePage::open(stage, space).await?;
        page.begin_streams(json!({"wire": "sse"}), GOVERNANCE)
            .await?;
        let log = page.socket_is("closed", |log| log.is_closed()).await?;
        assert_eq!(log.events, ["error", "close 204"]);
        assert_eq!(space.streams().await?.counts.all.total, 0);
        Ok(())
    })
    .await
}

/// Event streams come back after 50 ms.
fn open() -> FaultProgram {
    let mut program = FaultProgram::new(1);
    program.feed.retry_ms = 50;
    program
}

/// The same where no WebSocket gets through.
fn proxied() -> FaultProgram {
    open().with_rule(Rule::new("proxy", refusal(403)).on_path(paths::FEED))
}

fn refusal(code: u16) -> Fault {
    Fault::Status {
        code,
        retry_after: None,
    }
}

/// A page that listens to event streams, and tries to go back after so long.
async fn listening<'a>(
    stage: &'a crate::fixture::Stage,
    space: &'a SpaceHandle,
    back_ms: u32,
) -> Result<PackagePage<'a>> {
    let page = PackagePage::open(stage, space).await?;
    let settings = json!({"windowMs": 200, "baseMs": 50, "sseBackMs": back_ms});
    let options: Value = json!({
        "wire": "tidegate.v1",
        "fallback": page.events_url(),
        "settings": settings,
    });
    page.open_socket(options, Some(GOVERNANCE)).await?;
    let log = page.socket_is("it has streams", |_| true).await?;
    assert_eq!(log.health().transport, "sse", "{log:?}");
    Ok(page)
}

async fn say(space: &SpaceHandle, word: &str) -> Result<u64> {
    let announcement = Announcement::new(GOVERNANCE, json!(word));
    Ok(space.announce(&announcement).await?.position.offset)
}
