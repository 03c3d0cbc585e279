//! The demo's feed loses its connection while things happen: it comes back, shows each of them once and in order, and says so.

use anyhow::Result;
use serde_json::json;
use tidegate_contract::feed::{Announcement, GOVERNANCE};
use tidegate_contract::{Fault, FaultProgram, Preset, Rule, paths};

use crate::fixture::{Stage, demo};
use crate::pages::{FeedPage, People};

#[tokio::test]
async fn a_feed_that_was_killed_shows_every_event_once_and_says_how_many_it_caught_up() -> Result<()>
{
    demo(async |stage| {
        let page = FeedPage::open(stage).await?;
        page.is("live").await?;
        let first = happen(stage, 3).await?;
        page.eventually("the first three", |seen| {
            seen.offsets() == [first + 2, first + 1, first]
        })
        .await?;

        // It cannot come back before they have happened.
        close_the_feed(stage).await?;
        page.kill().await?;
        let seen = page.is("reconnecting").await?;
        assert!(seen.badge.contains("Reconnecting"), "{seen:?}");
        happen(stage, 4).await?;
        stage.stub.preset(Preset::Healthy).await?;

        let (_, outcome) = page.came_to("caught-up").await?;
        assert_eq!(outcome.messages, 4);
        assert!(
            outcome.text.contains("4 events caught up, none lost"),
            "{outcome:?}"
        );
        happen(stage, 1).await?;
        let all: Vec<u64> = (first..first + 8).rev().collect();
        let seen = page
            .eventually("all of them, and one more", |seen| seen.rows.len() >= 8)
            .await?;
        assert_eq!(seen.offsets(), all, "{seen:?}");
        assert_eq!(seen.caught_up(), 4);
        assert_eq!(seen.duplicates.as_deref(), Some("0"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_feed_that_is_sent_away_comes_back_when_it_was_told_to() -> Result<()> {
    demo(async |stage| {
        let page = FeedPage::open(stage).await?;
        page.is("live").await?;
        happen(stage, 4).await?;
        page.send_away().await?;
        let seen = page
            .eventually("it says when it comes back", |seen| {
                seen.badge.contains("Reconnecting in")
            })
            .await?;
        assert!(seen.badge.contains("when to come back"), "{seen:?}");
        happen(stage, 5).await?;
        let (seen, outcome) = page.came_to("caught-up").await?;
        assert_eq!((outcome.messages, seen.caught_up()), (5, 5));
        stage.picture("activity").await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn after_a_reload_the_feed_goes_on_from_where_it_was() -> Result<()> {
    demo(async |stage| {
        let page = FeedPage::open(stage).await?;
        page.is("live").await?;
        let first = happen(stage, 3).await?;
        page.eventually("the first three", |seen| seen.rows.len() == 3)
            .await?;

        close_the_feed(stage).await?;
        stage.browser.reload().await?;
        let seen = page
            .eventually("they are there at once", |seen| seen.rows.len() == 3)
            .await?;
        assert_ne!(seen.state, "live");
        happen(stage, 2).await?;
        stage.stub.preset(Preset::Healthy).await?;

        let (_, outcome) = page.came_to("caught-up-after-reload").await?;
        assert_eq!(outcome.messages, 2);
        let seen = page
            .eventually("all five", |seen| seen.rows.len() >= 5)
            .await?;
        let all: Vec<u64> = (first..first + 5).rev().collect();
        assert_eq!(seen.offsets(), all);
        assert_eq!(seen.caught_up(), 2);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_feed_is_one_persons_and_nothing_of_it_is_left_for_another() -> Result<()> {
    demo(async |stage| {
        let page = FeedPage::open(stage).await?;
        let people = People::of(stage);
        people.sign_in("Ana").await?;
        page.is("live").await?;
        happen(stage, 2).await?;
        page.eventually("what Ana sees", |seen| seen.rows.len() == 2)
            .await?;

        people.sign_out().await?;
        // Those were announced by hand, and stand in no log: whoever comes begins with that.
        let seen = page.is("live").await?;
        assert!(seen.rows.is_empty(), "{seen:?}");
        let left = people.left_on_the_device().await?;
        assert!(!left.contains("tidegate-demo.feed"), "{left}");
        people.sign_in("Ben").await?;
        let seen = page.is("live").await?;
        assert!(seen.rows.is_empty() && seen.outcome.is_none(), "{seen:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn where_there_is_no_feed_a_sentence_says_so() -> Result<()> {
    demo(async |stage| {
        close_the_feed(stage).await?;
        let page = FeedPage::open(stage).await?;
        let seen = page
            .eventually("it says so", |seen| {
                seen.state == "reconnecting" && seen.badge.contains("may have no feed")
            })
            .await?;
        // The list is there all the same, and empty: nothing was written so far.
        assert_eq!(seen.nothing.as_deref(), Some("Nothing has happened yet."));
        Ok(())
    })
    .await
}

/// So many things happen; the number of the first.
async fn happen(stage: &Stage, count: u64) -> Result<u64> {
    let mut last = 0;
    for n in 1..=count {
        let asset = format!("ds-{n:05}");
        let event = match n % 4 {
            0 => {
                json!({"kind": "policyViolated", "violationId": "vi-1", "policyId": "pol-1", "assetId": asset})
            }
            1 => {
                json!({"kind": "accessRequested", "requestId": "ar-1", "assetId": asset, "by": "bob"})
            }
            2 => {
                json!({"kind": "assetChanged", "assetId": asset, "fields": ["description"], "by": "ann"})
            }
            _ => {
                json!({"kind": "qualityCheckFailed", "assetId": asset, "runId": "qr-1", "check": "validity", "failingRows": 40 * n})
            }
        };
        let announcement = Announcement::new(GOVERNANCE, event);
        let space = stage.stub.client().default_space();
        last = space.announce(&announcement).await?.position.offset;
    }
    Ok(last + 1 - count)
}

/// Nobody new is let in; who is there stays.
async fn close_the_feed(stage: &Stage) -> Result<()> {
    let away = Fault::Status {
        code: 503,
        retry_after: None,
    };
    let program = FaultProgram::new(1).with_rule(Rule::new("away", away).on_path(paths::FEED));
    let space = stage.stub.client().default_space();
    space.put_program(&program).await?;
    Ok(())
}
