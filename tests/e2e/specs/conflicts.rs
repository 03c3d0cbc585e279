//! Somebody else has changed the same description: nothing is lost, and nobody is overruled unseen.

use anyhow::{Result, ensure};
use tidegate_contract::{AssetDetail, AssetPatch, Preset, paths};

use crate::fixture::{Stage, demo};
use crate::pages::{Catalogue, Description, Panel, Tray};

const MINE: &str = "Mine.";

/// Opens the first asset of the catalogue.
async fn an_asset(stage: &Stage) -> Result<String> {
    let catalogue = Catalogue::open(stage).await?;
    let id = catalogue.shown().await?.rows.swap_remove(0);
    catalogue.open_asset(&id).await?.shown().await?;
    Ok(id)
}

/// The description that the backend has.
async fn saved(stage: &Stage, id: &str) -> Result<String> {
    let asset: AssetDetail = stage.stub.read(&paths::asset(id)).await?;
    Ok(asset.description)
}

/// Saves a text over somebody else's, and goes to the tray, which shows both; the other text.
async fn a_conflict(stage: &Stage, id: &str) -> Result<String> {
    Panel::of(stage).somebody_else_edits().await?;
    let theirs = saved(stage, id).await?;
    Description::of(stage).write(MINE).await?;
    let tray = Tray::of(stage);
    tray.eventually("the change is refused", |tray| {
        tray.entries.iter().any(|entry| entry.is_conflict())
    })
    .await?;
    stage.browser.click("[data-testid=to-tray]").await?;
    let texts = tray.dispute().await?;
    ensure!(texts == (theirs.clone(), MINE.into()), "{texts:?}");
    ensure!(saved(stage, id).await? == theirs, "it went over it");
    Ok(theirs)
}

#[tokio::test]
async fn mine_goes_over_theirs() -> Result<()> {
    demo(async |stage| {
        let id = an_asset(stage).await?;
        a_conflict(stage, &id).await?;
        let tray = Tray::of(stage);
        tray.keep_mine().await?;
        tray.is_empty().await?;
        Description::of(stage).is_saved(MINE).await?;
        assert_eq!(saved(stage, &id).await?, MINE);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn theirs_stays_and_mine_is_given_up() -> Result<()> {
    demo(async |stage| {
        let id = an_asset(stage).await?;
        let theirs = a_conflict(stage, &id).await?;
        let tray = Tray::of(stage);
        tray.keep_theirs().await?;
        tray.is_empty().await?;
        Description::of(stage).is_saved(&theirs).await?;
        assert_eq!(saved(stage, &id).await?, theirs);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn one_text_is_made_of_both() -> Result<()> {
    demo(async |stage| {
        let id = an_asset(stage).await?;
        a_conflict(stage, &id).await?;
        let tray = Tray::of(stage);
        tray.merge("Of both.").await?;
        tray.is_empty().await?;
        Description::of(stage).is_saved("Of both.").await?;
        assert_eq!(saved(stage, &id).await?, "Of both.");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_happened_while_the_backend_was_away_is_found_out_when_it_is_back() -> Result<()> {
    demo(async |stage| {
        let id = an_asset(stage).await?;
        stage.stub.preset(Preset::Outage).await?;
        let (description, tray) = (Description::of(stage), Tray::of(stage));
        description.write(MINE).await?;
        description.is_unsaved(MINE).await?;
        Panel::of(stage).somebody_else_edits().await?;
        description.is_unsaved(MINE).await?;
        Panel::of(stage).choose(Preset::Healthy).await?;
        tray.eventually("the change is refused", |tray| {
            tray.entries.iter().any(|entry| entry.is_conflict())
        })
        .await?;
        tray.open().await?;
        let (theirs, mine) = tray.dispute().await?;
        assert_eq!((&*mine, &*saved(stage, &id).await?), (MINE, &*theirs));
        tray.keep_mine().await?;
        tray.is_empty().await?;
        assert_eq!(saved(stage, &id).await?, MINE);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_change_of_something_else_is_no_conflict() -> Result<()> {
    demo(async |stage| {
        let id = an_asset(stage).await?;
        let patch = AssetPatch {
            owner: Some("Somebody Else".into()),
            ..AssetPatch::default()
        };
        stage.stub.change_asset(&id, &patch).await?;
        Description::of(stage).write(MINE).await?;
        Description::of(stage).is_saved(MINE).await?;
        Tray::of(stage).is_empty().await?;
        let asset: AssetDetail = stage.stub.read(&paths::asset(&id)).await?;
        assert_eq!(
            (&*asset.description, &*asset.asset.owner),
            (MINE, "Somebody Else")
        );
        Ok(())
    })
    .await
}
