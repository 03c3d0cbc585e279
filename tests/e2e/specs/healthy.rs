//! Nothing goes wrong: the SDK is not noticed.

use anyhow::Result;
use tidegate_contract::{JournalQuery, Pattern, paths};

use crate::fixture::demo;
use crate::pages::Catalogue;

#[tokio::test]
async fn the_rows_are_the_networks_and_the_badge_says_so() -> Result<()> {
    demo(async |stage| {
        let list = Catalogue::open(stage).await?.shown().await?;
        assert!(list.is_live(), "{list:?}");
        assert_eq!(list.rows.len(), 25);

        let calls = JournalQuery {
            path: Some(Pattern::from(paths::ASSETS)),
            settled: true,
            wait_for: 1,
            ..JournalQuery::default()
        };
        let journal = stage.stub.journal(&calls).await?;
        let statuses: Vec<_> = journal.entries.iter().map(|entry| entry.status()).collect();
        assert_eq!(statuses, [Some(200)], "one call, no more: {journal:?}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_row_opens_its_asset() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        let list = catalogue.shown().await?;
        let detail = catalogue.open_asset(&list.rows[3]).await?.shown().await?;
        assert!(detail.is_live(), "{detail:?}");
        Ok(())
    })
    .await
}
