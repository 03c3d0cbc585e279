//! The backend has forgotten what it told: the demo's list is loaded anew, and the page says so.

use anyhow::Result;
use tidegate_contract::{AssetPatch, AuditEntry, Page, paths};

use crate::fixture::{Stage, demo};
use crate::pages::FeedPage;

#[tokio::test]
async fn a_feed_whose_history_is_lost_loads_the_list_anew_and_says_so() -> Result<()> {
    demo(async |stage| {
        change(stage, "ds-00001").await?;
        let page = FeedPage::open(stage).await?;
        // The first list is nothing to be told of.
        let seen = page
            .eventually("the first line", |seen| {
                seen.state == "live" && seen.lines() == [1]
            })
            .await?;
        assert_eq!(seen.outcome, None);

        page.lose_history().await?;
        page.is("reconnecting").await?;
        for id in ["ds-00002", "ds-00003"] {
            change(stage, id).await?;
        }
        let (seen, outcome) = page.came_to("loaded-anew").await?;
        assert!(outcome.text.contains("History was gone"), "{outcome:?}");
        assert_eq!(seen.lines(), in_the_log(stage).await?);
        assert!(seen.rows.iter().all(|row| row.origin == "listed"));

        // And it goes on from there.
        change(stage, "ds-00004").await?;
        let seen = page
            .eventually("what happens next", |seen| seen.rows.len() >= 4)
            .await?;
        assert_eq!(seen.lines(), in_the_log(stage).await?);
        assert!(seen.rows[0].text.contains("ds-00004"), "{seen:?}");
        Ok(())
    })
    .await
}

async fn change(stage: &Stage, id: &str) -> Result<()> {
    let patch = AssetPatch {
        owner: Some("Mei Kim".into()),
        ..AssetPatch::default()
    };
    stage.stub.change_asset(id, &patch).await
}

/// The numbers of all lines, the newest first.
async fn in_the_log(stage: &Stage) -> Result<Vec<u64>> {
    let log: Page<AuditEntry> = stage.stub.read(paths::AUDIT).await?;
    Ok(log.items.iter().rev().map(|entry| entry.seq).collect())
}
