//! The demo as its README shows it: live, degraded, live again. `cargo xtask screenshots` makes the pictures of it.

use std::time::Duration;

use anyhow::Result;
use tidegate_contract::{Preset, paths};

use crate::fixture::demo;
use crate::pages::{Breaker, Catalogue, List, Panel};

#[tokio::test]
async fn the_panel_breaks_and_mends_the_backend() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        let panel = Panel::of(stage);
        let rows = catalogue.shown().await?.rows;
        catalogue.next_page().await?;
        let list = catalogue.back().await?;
        assert!(list.is_live(), "{list:?}");
        stage.picture("healthy").await?;

        panel.choose(Preset::Outage).await?;
        catalogue.next_page().await?;
        catalogue.back().await?;
        panel.breaker_is(Breaker::Open, paths::ASSETS).await?;
        let list = catalogue
            .eventually("the rows are a kept copy that grows old", |list| {
                list.is_kept_copy() && list.is_older_than(Duration::from_secs(5))
            })
            .await?;
        assert_eq!(list.rows, rows);
        stage.picture("degraded").await?;

        panel.choose(Preset::Healthy).await?;
        catalogue
            .eventually("the rows are live again", List::is_live)
            .await?;
        panel.breaker_is(Breaker::Closed, paths::ASSETS).await?;
        stage.picture("recovered").await?;
        Ok(())
    })
    .await
}
