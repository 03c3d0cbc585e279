//! While the backend is away, a reader sees which assets can be opened.

use anyhow::Result;

use crate::fixture::demo;
use crate::pages::{Catalogue, Tagging};

#[tokio::test]
async fn assets_that_were_opened_are_marked_while_the_backend_is_away() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        let opened = catalogue.shown().await?.rows.swap_remove(2);
        catalogue.open_asset(&opened).await?.shown().await?;
        catalogue.back_from_asset().await?;
        let marks = Tagging::of(stage);
        marks.opens_offline(&[]).await?;

        stage.stub.kill().await?;
        stage.browser.reload().await?;
        marks.opens_offline(&[opened]).await?;

        stage.stub.restart().await?;
        marks.opens_offline(&[]).await?;
        Ok(())
    })
    .await
}
