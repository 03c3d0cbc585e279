//! The database does not open: what is read is served from memory, and kept over a reload once the database opens after all.

use anyhow::Result;

use crate::fixture::package_page;
use crate::pages::{Mode, PackagePage, asset};

#[tokio::test]
async fn a_database_that_is_refused_is_used_once_it_is_not() -> Result<()> {
    memory_until_it_opens("refuses", "SecurityError").await
}

#[tokio::test]
async fn a_database_that_never_opens_is_used_once_it_does() -> Result<()> {
    memory_until_it_opens("never-opens", "does not answer").await
}

#[tokio::test]
async fn a_database_that_another_version_holds_is_used_once_that_is_gone() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open_unstarted(stage, space, "").await?;
        page.does::<()>("holdOlder").await?;
        page.start().await?;
        page.keep(&asset(1)).await?;
        page.serves_from_memory(&asset(1), "blocked").await?;

        page.does::<()>("letGo").await?;

        page.storage_is(Mode::IndexedDb).await?;
        page.hears_that_all_is_well().await?;
        page.flush().await?;
        page.is_kept_over_a_reload(&[asset(1)]).await
    })
    .await
}

async fn memory_until_it_opens(fault: &str, word: &str) -> Result<()> {
    package_page(async |stage, space| {
        let query = format!("?fault={fault}");
        let page = PackagePage::open_with(stage, space, &query).await?;
        page.keep(&asset(1)).await?;
        page.serves_from_memory(&asset(1), word).await?;

        page.heals().await?;
        page.comes_back_from_memory(&asset(1)).await?;
        page.is_kept_over_a_reload(&[asset(1)]).await
    })
    .await
}
