//! Each fault of a stream is in a browser what its name says. No SDK is there to soften it.

use anyhow::Result;
use tidegate_contract::feed::{Announcement, FeedAct, FeedOrder, GOVERNANCE, close_code};
use tidegate_contract::{
    EntryKind, Fault, FaultProgram, JournalQuery, Listener, Pattern, Rule, SocketAct, SocketClose,
    SocketPoint, paths,
};
use tidegate_stub_client::SpaceHandle;

use crate::fixture::plain_page;
use crate::pages::{Close, PlainPage};

#[tokio::test]
async fn a_socket_that_vanishes_is_closed_with_1006() -> Result<()> {
    ends_without_a_word(FeedAct::Vanish).await
}

#[tokio::test]
async fn a_socket_that_is_reset_is_closed_with_1006() -> Result<()> {
    ends_without_a_word(FeedAct::Reset).await
}

#[tokio::test]
async fn a_restart_is_told_in_the_close_frame() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        let close = SocketClose::new(close_code::SERVICE_RESTART, "deploy");
        let rule = Rule::new(
            "deploy",
            Fault::Socket {
                at: SocketPoint::Message(1),
                act: SocketAct::Close(close),
            },
        );
        space
            .put_program(&FaultProgram::new(1).with_rule(rule))
            .await?;
        page.listen("ann").await?;
        announce(space, "last words").await?;
        let expected = Close {
            code: close_code::SERVICE_RESTART,
            reason: "deploy".to_owned(),
            was_clean: true,
        };
        assert_eq!(page.closed("ann").await?, expected);
        assert!(page.stream("ann").await?.has_heard("last words"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_refused_upgrade_is_closed_with_1006_before_it_was_open() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        let busy = Fault::Status {
            code: 503,
            retry_after: None,
        };
        let rule = Rule::new("busy", busy).on_path(paths::FEED);
        space
            .put_program(&FaultProgram::new(1).with_rule(rule))
            .await?;
        page.open_socket("ann").await?;
        assert_eq!(page.closed("ann").await?, without_a_word());
        let seen = page.stream("ann").await?;
        assert_eq!((seen.opens, seen.errors), (0, 1));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_stalled_socket_is_open_and_hears_nothing() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        page.listen("ann").await?;
        page.listen("bob").await?;
        order(space, Some("ann"), FeedAct::Stall).await?;
        announce(space, "news").await?;

        page.stream_is("bob", "bob hears the news", |seen| seen.has_heard("news"))
            .await?;
        let ann = page.stream("ann").await?;
        assert!(ann.is_open() && ann.errors == 0, "{ann:?}");
        assert!(!ann.has_heard("news"), "{ann:?}");
        // Nor is it on its way to her.
        let sent = JournalQuery {
            kind: Some(EntryKind::FrameOut),
            ..JournalQuery::default()
        };
        let sent = space.journal(&sent).await?.entries;
        let news = sent.iter().filter(|frame| {
            let text = frame.text.as_deref();
            text.is_some_and(|text| text.contains("news"))
        });
        let heard: Vec<_> = news.map(|frame| &*frame.client).collect();
        assert_eq!(heard, ["bob"]);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_event_stream_comes_back_by_itself_and_misses_nothing() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        space.put_program(&impatient()).await?;
        page.open_events("ann").await?;
        page.stream_is("ann", "it is open", |seen| seen.opens == 1)
            .await?;
        announce(space, "before").await?;
        page.stream_is("ann", "the first event", |seen| seen.messages.len() == 1)
            .await?;

        space
            .put_program(&impatient().with_listener(Listener::Closed))
            .await?;
        let seen = page
            .stream_is("ann", "the cut is seen", |seen| seen.errors > 0)
            .await?;
        assert!(!seen.is_over(), "it means to come back: {seen:?}");
        announce(space, "meanwhile").await?;
        space.put_program(&impatient()).await?;

        let seen = page
            .stream_is("ann", "both events", |seen| seen.messages.len() > 1)
            .await?;
        assert_eq!(seen.messages, [r#""before""#, r#""meanwhile""#]);
        let offsets: Vec<_> = seen
            .ids
            .iter()
            .filter_map(|id| id.rsplit(':').next())
            .collect();
        assert_eq!(offsets, ["1", "2"]);
        assert!(seen.opens == 2 && seen.is_open(), "{seen:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_event_stream_that_is_answered_204_stays_away() -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        space.put_program(&impatient()).await?;
        page.open_events("ann").await?;
        page.stream_is("ann", "it is open", |seen| seen.opens == 1)
            .await?;

        let stop = Fault::Socket {
            at: SocketPoint::default(),
            act: SocketAct::Stop,
        };
        let stop = impatient().with_rule(Rule::new("stop", stop));
        space.put_program(&stop).await?;
        order(space, None, FeedAct::Vanish).await?;

        let stopped = JournalQuery {
            path: Some(Pattern::from(paths::FEED_EVENTS)),
            status: Some(204),
            ..JournalQuery::default()
        };
        space.wait_for(&stopped, 1).await?;
        // The HTML standard has no way back from this state.
        let seen = page
            .stream_is("ann", "it is over", |seen| seen.is_over())
            .await?;
        assert_eq!(seen.opens, 1);
        Ok(())
    })
    .await
}

async fn ends_without_a_word(act: FeedAct) -> Result<()> {
    plain_page(async |stage, space| {
        let page = PlainPage::open(stage, space).await?;
        page.listen("ann").await?;
        order(space, None, act).await?;
        assert_eq!(page.closed("ann").await?, without_a_word());
        Ok(())
    })
    .await
}

/// Event streams come back after 50 ms.
fn impatient() -> FaultProgram {
    let mut program = FaultProgram::new(1);
    program.feed.retry_ms = 50;
    program
}

fn without_a_word() -> Close {
    Close {
        code: 1006,
        reason: String::new(),
        was_clean: false,
    }
}

async fn order(space: &SpaceHandle, client: Option<&str>, act: FeedAct) -> Result<()> {
    let order = FeedOrder {
        client: client.map(str::to_owned),
        stream: None,
        act,
    };
    let reached = space.order(&order).await?;
    assert_eq!(reached.streams, 1);
    Ok(())
}

async fn announce(space: &SpaceHandle, word: &str) -> Result<()> {
    let announcement = Announcement::new(GOVERNANCE, word);
    space.announce(&announcement).await?;
    Ok(())
}
