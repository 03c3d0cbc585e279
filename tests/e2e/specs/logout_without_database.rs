//! Somebody signs out while the browser's database does not do as it should: what it has of them must not be there for the next one, and
//! where it is there all the same, the page is told.

use anyhow::Result;
use tidegate_contract::paths;

use crate::fixture::package_page;
use crate::pages::ann::MARK;
use crate::pages::{Mode, PackagePage, asset};

#[tokio::test]
async fn a_logout_with_a_full_disk_erases() -> Result<()> {
    erased_in_spite_of("full-at-put", false).await
}

#[tokio::test]
async fn a_logout_after_the_connection_was_lost_erases() -> Result<()> {
    erased_in_spite_of("none", true).await
}

#[tokio::test]
async fn a_logout_that_the_disk_does_not_take_erases() -> Result<()> {
    erased_in_spite_of("change-fails", false).await
}

#[tokio::test]
async fn a_logout_while_the_database_is_refused_erases() -> Result<()> {
    erased_in_spite_of("refuses", true).await
}

#[tokio::test]
async fn a_logout_while_the_database_is_refused_erases_what_everybody_has() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.sign_in("bob").await?;
        page.keep(&asset(1)).await?;
        page.sign_in("ann").await?;
        page.keep(&asset(2)).await?;
        page.breaks("refuses").await?;
        page.closes_connections(true).await?;

        page.log_out().await?;

        page.backend_goes().await?;
        page.reload().await?;
        page.sign_in("bob").await?;
        page.has_no_answer_to(&asset(1)).await
    })
    .await
}

#[tokio::test]
async fn a_logout_while_nothing_can_be_deleted_is_rejected() -> Result<()> {
    rejected_and_owed("refuses-all").await
}

#[tokio::test]
async fn a_logout_while_the_database_gives_no_answer_is_rejected() -> Result<()> {
    rejected_and_owed("never-opens").await
}

/// The fault begins before the logout and is over when the page is loaded anew.
async fn erased_in_spite_of(fault: &str, closed: bool) -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.sign_in("ann").await?;
        page.keep(&marked()).await?;
        page.breaks(fault).await?;
        if closed {
            page.closes_connections(true).await?;
        }

        page.log_out().await?;

        page.backend_goes().await?;
        page.sign_in("ann").await?;
        assert_eq!(page.list().await?, [""; 0]);
        page.reload().await?;
        finds_nothing(&page).await
    })
    .await
}

/// The page hears that something is left; it is erased as soon as this page has a database again.
async fn rejected_and_owed(fault: &str) -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.sign_in("ann").await?;
        page.keep(&marked()).await?;
        page.breaks(fault).await?;
        page.closes_connections(true).await?;

        assert_eq!(page.try_to_log_out().await?.error(), Some("not-erased"));

        page.backend_goes().await?;
        page.sign_in("ann").await?;
        page.has_no_answer_to(&marked()).await?;
        page.heals().await?;
        page.skip(60_000).await?;
        page.has_no_answer_to(&marked()).await?;
        page.storage_is(Mode::IndexedDb).await?;
        page.has_no_trace_of(MARK).await?;
        page.reload().await?;
        finds_nothing(&page).await
    })
    .await
}

async fn finds_nothing(page: &PackagePage<'_>) -> Result<()> {
    page.sign_in("ann").await?;
    page.has_no_answer_to(&marked()).await?;
    assert_eq!(page.list().await?, [""; 0]);
    assert_eq!(page.traces(&[MARK]).await?, [""; 0]);
    Ok(())
}

fn marked() -> String {
    format!("{}?for={MARK}", paths::asset("ds-00001"))
}
