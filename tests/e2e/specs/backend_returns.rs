//! The backend comes back: nobody has to reload or click.

use anyhow::Result;
use tidegate_contract::paths;

use crate::fixture::demo;
use crate::pages::{Breaker, Catalogue, List, Panel};

#[tokio::test]
async fn a_page_of_kept_rows_is_live_again_without_a_click() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        let rows = catalogue.shown().await?.rows;
        catalogue.next_page().await?;
        stage.stub.kill().await?;
        let list = catalogue.back().await?;
        assert!(list.is_kept_copy(), "{list:?}");

        stage.stub.restart().await?;

        let list = catalogue
            .eventually("the rows are live again", List::is_live)
            .await?;
        assert_eq!(list.rows, rows);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_breaker_that_opened_closes_by_itself() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        catalogue.shown().await?;
        catalogue.next_page().await?;
        stage.stub.kill().await?;
        // Three attempts each; six that failed open a breaker.
        catalogue.back().await?;
        catalogue.next_page().await?;
        catalogue.back().await?;
        let panel = Panel::of(stage);
        panel.breaker_is(Breaker::Open, paths::ASSETS).await?;

        stage.stub.restart().await?;

        panel.breaker_is(Breaker::Closed, paths::ASSETS).await?;
        catalogue
            .eventually("the rows are live again", List::is_live)
            .await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_page_that_was_never_seen_comes_up_by_itself() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        catalogue.shown().await?;
        stage.stub.kill().await?;
        let list = catalogue.next_page().await?;
        assert!(list.no_answer, "{list:?}");

        stage.stub.restart().await?;

        let list = catalogue
            .eventually("the rows are there", List::is_live)
            .await?;
        assert!(!list.no_answer, "{list:?}");
        Ok(())
    })
    .await
}
