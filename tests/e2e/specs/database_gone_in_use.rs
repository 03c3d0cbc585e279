//! The database is taken away while it is in use: a closed connection is opened again, and what was deleted is made anew.

use anyhow::Result;

use crate::fixture::{Stage, package_page};
use crate::pages::{Mode, PackagePage, asset};

#[tokio::test]
async fn a_connection_that_the_browser_closes_is_opened_again() -> Result<()> {
    closed_in_use(true).await
}

#[tokio::test]
async fn a_connection_that_is_closed_without_a_word_is_opened_again() -> Result<()> {
    closed_in_use(false).await
}

#[tokio::test]
async fn what_is_read_by_a_user_is_kept_again_after_the_browser_has_cleared_the_database()
-> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.sign_in("ann").await?;
        page.keep(&asset(1)).await?;
        stage.browser.clear_databases().await?;
        page.keep(&asset(2)).await?;
        page.backend_goes().await?;
        page.reload().await?;
        page.sign_in("ann").await?;
        page.has_no_answer_to(&asset(1)).await?;
        page.read_from("cache", &asset(2)).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_database_that_somebody_deletes_is_made_anew() -> Result<()> {
    gone_behind_our_back(async |page, _| page.does("deleteDatabase").await).await
}

#[tokio::test]
async fn a_database_that_the_browser_clears_is_made_anew() -> Result<()> {
    gone_behind_our_back(async |_, stage| stage.browser.clear_databases().await).await
}

async fn gone_behind_our_back(
    delete: impl AsyncFn(&PackagePage<'_>, &Stage) -> Result<()>,
) -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(&asset(1)).await?;
        delete(&page, stage).await?;
        page.backend_goes().await?;
        page.has_no_answer_to(&asset(1)).await?;
        page.hears(Mode::IndexedDb, "vanished").await?;
        page.backend_returns().await?;
        page.keep(&asset(1)).await?;
        assert_eq!(page.storage().await?.mode, Mode::IndexedDb);
        page.is_kept_over_a_reload(&[asset(1)]).await
    })
    .await
}

async fn closed_in_use(with_event: bool) -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(&asset(1)).await?;
        page.closes_connections(with_event).await?;
        page.backend_goes().await?;
        page.read_from("cache", &asset(1)).await?;
        let storage = page.storage_is(Mode::IndexedDb).await?;
        assert_eq!(storage.reopened, 1, "{storage:?}");
        page.hears(Mode::IndexedDb, "reopened").await?;

        page.closes_connections(with_event).await?;
        page.backend_returns().await?;
        page.keep(&asset(2)).await?;
        let storage = page.storage().await?;
        assert_eq!(storage.reopened, 2, "{storage:?}");
        page.is_kept_over_a_reload(&[asset(1), asset(2)]).await
    })
    .await
}
