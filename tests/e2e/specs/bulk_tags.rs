//! Many assets get a tag while the backend is away.

use anyhow::Result;
use tidegate_contract::{AssetDetail, Preset, paths};

use crate::fixture::demo;
use crate::pages::{Catalogue, Tagging, Tray};

#[tokio::test]
async fn a_tag_goes_on_many_assets_at_once_when_the_backend_is_back() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        let mut ids = catalogue.shown().await?.rows;
        ids.truncate(3);
        stage.stub.preset(Preset::Outage).await?;
        let (tagging, tray) = (Tagging::of(stage), Tray::of(stage));
        tagging.tag(&ids, "zebra").await?;
        tagging.is_unsaved_on(&ids, "zebra").await?;
        tray.has("Tag “zebra” on 3 assets").await?;
        stage.browser.reload().await?;
        tagging.is_unsaved_on(&ids, "zebra").await?;

        stage.stub.preset(Preset::Healthy).await?;
        tray.is_empty().await?;
        tagging.is_unsaved_on(&[], "zebra").await?;
        for id in &ids {
            let asset: AssetDetail = stage.stub.read(&paths::asset(id)).await?;
            assert!(asset.asset.tags.contains(&"zebra".to_owned()), "{id}");
        }
        assert_eq!(stage.stub.effects().await?.total, 1);
        Ok(())
    })
    .await
}
