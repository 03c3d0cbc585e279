//! The backend wants to know again who it is.

use anyhow::Result;

use crate::fixture::demo;
use crate::pages::{Catalogue, Description, Panel, People, Tray};

#[tokio::test]
async fn what_was_written_waits_until_its_writer_has_signed_in_again() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        let people = People::of(stage);
        people.sign_in("Ana").await?;
        let id = catalogue.shown().await?.rows.swap_remove(0);
        catalogue.open_asset(&id).await?.shown().await?;
        Panel::of(stage).session_expires().await?;
        let (description, tray) = (Description::of(stage), Tray::of(stage));
        description.write("Ana’s.").await?;
        tray.eventually("it waits for her", |tray| {
            tray.entries.iter().any(|entry| entry.state == "parked")
        })
        .await?;

        // It is hers: Ben neither sees nor sends it.
        people.sign_out().await?;
        people.sign_in("Ben").await?;
        tray.is_empty().await?;
        assert_eq!(stage.stub.effects().await?.total, 0);

        people.sign_out().await?;
        people.sign_in("Ana").await?;
        tray.is_empty().await?;
        description.is_saved("Ana’s.").await?;
        assert_eq!(stage.stub.effects().await?.total, 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn the_tray_has_the_button_for_it() -> Result<()> {
    demo(async |stage| {
        let catalogue = Catalogue::open(stage).await?;
        People::of(stage).sign_in("Ana").await?;
        let id = catalogue.shown().await?.rows.swap_remove(0);
        catalogue.open_asset(&id).await?.shown().await?;
        Panel::of(stage).session_expires().await?;
        Description::of(stage).write("Ana’s.").await?;
        let tray = Tray::of(stage);
        tray.eventually("it waits for her", |tray| {
            tray.entries.iter().any(|entry| entry.state == "parked")
        })
        .await?;
        tray.open().await?;
        tray.sign_in_again().await?;
        tray.is_empty().await?;
        Description::of(stage).is_saved("Ana’s.").await?;
        Ok(())
    })
    .await
}
