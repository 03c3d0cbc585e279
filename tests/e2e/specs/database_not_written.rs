//! The disk is full or fails: what is there is served, the page says what is wrong, and when it is over answers are kept again.

use anyhow::Result;

use crate::fixture::package_page;
use crate::pages::{Mode, PackagePage, asset};

#[tokio::test]
async fn a_full_disk_that_refuses_records_is_read_and_not_written() -> Result<()> {
    full_disk("full-at-put").await
}

#[tokio::test]
async fn a_full_disk_that_refuses_transactions_is_read_and_not_written() -> Result<()> {
    full_disk("full-at-commit").await
}

#[tokio::test]
async fn a_full_disk_that_says_nothing_is_read_and_not_written() -> Result<()> {
    full_disk("commit-aborts").await
}

#[tokio::test]
async fn one_write_that_fails_is_one_answer_that_is_not_kept() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(&asset(1)).await?;
        page.breaks("put-fails").await?;
        page.read_from("network", &asset(2)).await?;
        page.hears(Mode::IndexedDb, "ConstraintError").await?;
        page.backend_goes().await?;
        page.read_from("cache", &asset(1)).await?;
        page.has_no_answer_to(&asset(2)).await?;

        page.backend_returns().await?;
        page.heals().await?;
        page.keep(&asset(2)).await?;
        page.is_kept_over_a_reload(&[asset(1), asset(2)]).await
    })
    .await
}

#[tokio::test]
async fn a_disk_that_fails_is_replaced_by_memory_until_it_works() -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        page.keep(&asset(1)).await?;
        page.breaks("commit-fails").await?;
        page.keep(&asset(2)).await?;
        page.hears(Mode::Memory, "UnknownError").await?;
        page.backend_goes().await?;
        page.read_from("cache", &asset(2)).await?;

        page.heals().await?;
        page.comes_back_from_memory(&asset(2)).await?;
        page.is_kept_over_a_reload(&[asset(1), asset(2)]).await
    })
    .await
}

/// The quarter that was used least lately has to go for what does not fit all the same; the rest stays.
async fn full_disk(fault: &str) -> Result<()> {
    package_page(async |stage, space| {
        let page = PackagePage::open(stage, space).await?;
        for number in 1..=8 {
            page.keep(&asset(number)).await?;
        }
        page.breaks(fault).await?;
        page.read_from("network", &asset(9)).await?;
        page.hears(Mode::ReadOnly, "full").await?;
        let storage = page.storage().await?;
        assert!(
            storage.mode == Mode::ReadOnly && storage.reason.is_some(),
            "{storage:?}"
        );
        page.backend_goes().await?;
        page.read_from("cache", &asset(8)).await?;
        page.has_no_answer_to(&asset(9)).await?;

        page.backend_returns().await?;
        page.heals().await?;
        page.keep(&asset(9)).await?;
        page.storage_is(Mode::IndexedDb).await?;
        page.hears_that_all_is_well().await?;
        page.is_kept_over_a_reload(&[asset(8), asset(9)]).await
    })
    .await
}
