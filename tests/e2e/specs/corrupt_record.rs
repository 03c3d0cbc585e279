//! What is kept is not what was stored: it is never served, and what is read in its place is kept.

use anyhow::Result;

use crate::fixture::package_page;
use crate::pages::{Mode, PackagePage, asset};

#[tokio::test]
async fn a_body_with_another_bit_is_never_served() -> Result<()> {
    corrupt("spoilBodies").await
}

#[tokio::test]
async fn a_body_that_was_cut_is_never_served() -> Result<()> {
    corrupt("cutBodies").await
}

#[tokio::test]
async fn a_head_that_says_something_else_is_never_served() -> Result<()> {
    corrupt("spoilHeads").await
}

async fn corrupt(how: &str) -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(&asset(1)).await?;
        assert_eq!(page.does::<u32>(how).await?, 1);
        page.backend_goes().await?;
        page.has_no_answer_to(&asset(1)).await?;
        page.hears(Mode::IndexedDb, "corrupt").await?;
        let storage = page.storage().await?;
        assert_eq!((storage.mode, storage.corrupt), (Mode::IndexedDb, 1));
        assert!(page.list().await?.is_empty());
        page.reload().await?;
        page.has_no_answer_to(&asset(1)).await?;

        page.backend_returns().await?;
        page.keep(&asset(1)).await?;
        page.is_kept_over_a_reload(&[asset(1)]).await
    })
    .await
}
