//! A description is written while the backend is away.

use anyhow::Result;
use tidegate_contract::{AssetDetail, Preset, paths};

use crate::fixture::{Stage, demo};
use crate::pages::{Catalogue, Description, Tray};

/// Opens the first asset of the catalogue: its id and its name.
async fn an_asset(stage: &Stage) -> Result<(String, String)> {
    let catalogue = Catalogue::open(stage).await?;
    let id = catalogue.shown().await?.rows.swap_remove(0);
    catalogue.open_asset(&id).await?.shown().await?;
    let asset: AssetDetail = stage.stub.read(&paths::asset(&id)).await?;
    Ok((id, asset.asset.name))
}

#[tokio::test]
async fn an_edit_survives_a_reload_and_is_applied_once_when_the_backend_is_back() -> Result<()> {
    demo(async |stage| {
        let (id, name) = an_asset(stage).await?;
        let words = format!("Description of {name}");
        stage.stub.preset(Preset::Outage).await?;
        let (description, tray) = (Description::of(stage), Tray::of(stage));
        description.write("Written offline.").await?;
        description.is_unsaved("Written offline.").await?;
        tray.has(&words).await?;

        stage.browser.reload().await?;
        description.is_unsaved("Written offline.").await?;
        tray.has(&words).await?;

        stage.stub.preset(Preset::Healthy).await?;
        let done = tray.is_empty().await?;
        assert_eq!(
            (&*done.past[0].words, &*done.past[0].ending),
            (&*words, "Saved")
        );
        description.is_saved("Written offline.").await?;
        let asset: AssetDetail = stage.stub.read(&paths::asset(&id)).await?;
        assert_eq!(asset.description, "Written offline.");
        let effects = stage.stub.effects().await?;
        assert_eq!(effects.total, 1);
        assert_eq!(effects.keys.len(), 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_edit_is_taken_back_before_it_is_sent() -> Result<()> {
    demo(async |stage| {
        let (id, _) = an_asset(stage).await?;
        stage.stub.preset(Preset::Outage).await?;
        let (description, tray) = (Description::of(stage), Tray::of(stage));
        let before = description.shown().await?.text;
        description.write("A mistake.").await?;
        description.is_unsaved("A mistake.").await?;
        description.undo().await?;
        description.is_saved(&before).await?;

        // The same from the tray, in another page's life.
        description.write("Another mistake.").await?;
        description.is_unsaved("Another mistake.").await?;
        stage.browser.reload().await?;
        description.is_unsaved("Another mistake.").await?;
        tray.open().await?;
        tray.undo().await?;
        let tray = tray.is_empty().await?;
        assert_eq!(tray.past[0].ending, "Taken back");
        description.is_saved(&before).await?;

        stage.stub.preset(Preset::Healthy).await?;
        let asset: AssetDetail = stage.stub.read(&paths::asset(&id)).await?;
        assert_eq!(asset.description, before);
        assert_eq!(stage.stub.effects().await?.total, 0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_later_edit_takes_the_place_of_an_earlier_one() -> Result<()> {
    demo(async |stage| {
        let (id, name) = an_asset(stage).await?;
        stage.stub.preset(Preset::Outage).await?;
        let (description, tray) = (Description::of(stage), Tray::of(stage));
        description.write("First.").await?;
        description.is_unsaved("First.").await?;
        description.write("Second.").await?;
        description.is_unsaved("Second.").await?;

        stage.stub.preset(Preset::Healthy).await?;
        tray.is_empty().await?;
        description.is_saved("Second.").await?;
        let asset: AssetDetail = stage.stub.read(&paths::asset(&id)).await?;
        assert_eq!(asset.description, "Second.", "of {name}");
        Ok(())
    })
    .await
}
